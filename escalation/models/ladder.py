"""Who is told when, who was paged, and who said that they have it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from escalation.models.escalations import Escalation


class LadderPolicy(models.Model):
    """One version of the rules of telling, of the portal or of one engagement; the newest is in force.

    Never changed and never deleted: an escalation keeps the number of the version it was opened under.
    """

    engagement = models.ForeignKey(
        Engagement, models.PROTECT, null=True, blank=True, related_name="ladder_policies"
    )
    version = models.PositiveIntegerField()
    # {"rules": […], "terms": […]}; empty: this engagement follows the portal again.
    body = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["engagement", "-version"]
        verbose_name_plural = "ladder policies"
        constraints = [
            models.UniqueConstraint(fields=["engagement", "version"], name="ladder_version_once"),
            models.UniqueConstraint(
                fields=["version"], condition=Q(engagement__isnull=True), name="ladder_portal_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id or 'portal'} v{self.version}"


class Page(models.Model):
    """One receiver told of one stage: recorded once, dated at the deadline it speaks of."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="pages")
    # What happened, such as clock:12:c0:breach, and who was told: user:4 or hook:2.
    fact = models.CharField(max_length=60)
    receiver = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, blank=True)
    stage = models.CharField(max_length=10)
    user_id = models.BigIntegerField(null=True, blank=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, blank=True)
    # Why they: the word of the rule, such as role:tam or duty.
    rule = models.CharField(max_length=40)
    channels = models.CharField(max_length=60, blank=True)
    paged_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    # Kept back by quiet hours or a mute until then, and told with others when it was over.
    held_until = models.DateTimeField(null=True, blank=True)
    bundled_at = models.DateTimeField(null=True, blank=True)
    satisfied_at = models.DateTimeField(null=True, blank=True)
    satisfied_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["paged_at", "pk"]
        indexes = [
            models.Index(
                fields=["held_until"],
                condition=Q(held_until__isnull=False, bundled_at__isnull=True),
                name="page_held",
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["fact", "receiver"], name="page_once")]

    def __str__(self) -> str:
        return f"{self.fact} {self.receiver}"


class Acknowledgement(models.Model):
    """Somebody has it, until an instant: a page after that is due again. Never deleted, only ended."""

    class Kind(models.TextChoices):
        """How it was said."""

        ACKNOWLEDGE = "acknowledge", _("Acknowledged")
        SNOOZE = "snooze", _("Snoozed")
        TAKE = "take", _("Taken over")

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="acknowledgements")
    kind = models.CharField(max_length=12, choices=Kind)
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, blank=True)
    note = models.TextField(blank=True)
    at = models.DateTimeField()
    until = models.DateTimeField()
    # Until when nobody is paged, once enough have acknowledged; empty before.
    holds_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["escalation", "-holds_until"], name="acknowledgement_holds")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="snooze") | ~Q(note=""), name="acknowledgement_snooze_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("at")), name="acknowledgement_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F %T}"


class Mute(models.Model):
    """An agreed quiet of an engagement: what would be told waits for its end; the 15-minute class does not."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="mutes")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    reason = models.TextField(_("reason"))
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="mute_ends_after_start"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="mute_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%F %T} – {self.ends_at:%F %T}"


class Drill(models.Model):
    """Everybody on the path paged as a test, before it counts."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="drills")
    number = models.PositiveIntegerField()
    note = models.TextField(blank=True)
    started_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["engagement", "number"], name="drill_number_once")]

    def __str__(self) -> str:
        return f"{self.engagement_id}: {self.number}"


class DrillPage(models.Model):
    """One person paged in a drill, by which channels, and when they answered."""

    drill = models.ForeignKey(Drill, models.CASCADE, related_name="pages")
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=30, blank=True)
    rule = models.CharField(max_length=40)
    channels = models.CharField(max_length=60)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["drill", "user_id"], name="drill_person_once")]

    def __str__(self) -> str:
        return f"{self.drill_id} {self.name}"
