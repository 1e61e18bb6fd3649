"""Who is here and who takes over: roll calls with their answers, and hand-over notes."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class RollCall(models.Model):
    """A question to everybody on duty: are you here?"""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="roll_calls")
    number = models.PositiveSmallIntegerField()
    occasion = models.CharField(_("for"), max_length=80, blank=True)
    # Of one that opened by rule: what it is for in every language, and the name that lets it open once.
    words = models.JSONField(null=True, blank=True)
    key = models.CharField(max_length=80, blank=True, default="")
    # Who was on duty when it was opened: [{"name", "role", "org", "user_id"}]; the roster may change afterwards.
    expected = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    opened_by_name = models.CharField(max_length=120)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="roll_call_number_once"),
            models.UniqueConstraint(
                fields=["engagement"], condition=Q(closed_at__isnull=True), name="one_open_roll_call"
            ),
            models.UniqueConstraint(
                fields=["engagement", "key"], condition=~Q(key=""), name="roll_call_by_rule_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_by_name=""),
                name="roll_call_closed_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"roll call {self.number}"

    @property
    def purpose(self) -> dict | str:
        """What it is for: what somebody typed, or words by language."""
        return self.words or self.occasion


class RollRule(models.Model):
    """How many minutes before a shift and a gate a roll call opens by itself; empty: it does not."""

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="roll_rule")
    before_shift_min = models.PositiveSmallIntegerField(null=True, blank=True)
    before_gate_min = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"roll calls of {self.engagement_id} by rule"


class RollAnswer(models.Model):
    """One person's "here"."""

    call = models.ForeignKey(RollCall, models.PROTECT, related_name="answers")
    # No foreign key: history outlives the account.
    user_id = models.BigIntegerField()
    name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["call", "user_id"], name="here_once_a_roll_call")]

    def __str__(self) -> str:
        return f"{self.name} is here"


class Handover(models.Model):
    """What one shift tells the next; it counts as taken over when the person named says so."""

    class Audience(models.TextChoices):
        """Who may read it."""

        ALL = "all", _("Everyone")
        AWS = "aws", _("AWS only")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="handovers")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(_("note"))
    audience = models.CharField(max_length=3, choices=Audience, default=Audience.ALL)
    from_id = models.BigIntegerField(null=True, blank=True)
    from_name = models.CharField(max_length=120)
    to_id = models.BigIntegerField()
    to_name = models.CharField(max_length=120)
    written_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="handover_number_once"),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(taken_at__gte=F("written_at")),
                name="handover_taken_after_writing",
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.number}"
