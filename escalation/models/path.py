"""Where an escalation went, and what was said on the way."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import TimelineEntry
from escalation.models.escalations import Escalation

# A path of its own: team lead, department head, executive.
MANAGEMENT = "management"


class Hop(models.Model):
    """One step of an escalation's path: which level of which lane it entered, and who took it there."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="hops")
    # One of Lane, or MANAGEMENT: the customer's own chain, beside both.
    lane = models.CharField(max_length=20)
    level = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()
    owner_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    # What is said inside AWS (internal ticket, service team) is not for customers.
    is_internal = models.BooleanField(default=False)
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    # Never stored: what the reader may not know was taken out (escalation/inside.py).
    is_veiled = False

    class Meta:
        ordering = ["entered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.lane} {self.level}"


class Communication(models.Model):
    """What was said to whom about an escalation, as somebody logged it."""

    class Channel(models.TextChoices):
        """Where it was said."""

        CASE = "case", _("Case")
        BRIDGE = "bridge", _("Bridge")
        PHONE = "phone", _("Phone")
        CHAT = "chat", _("Chat")
        MAIL = "mail", _("E-mail")

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="communications")
    # What the customer was told with a step of the path, written together with it.
    hop = models.ForeignKey(Hop, models.RESTRICT, null=True, blank=True, related_name="told")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.CASE)
    audience = models.CharField(
        _("who may read it"), max_length=5, choices=TimelineEntry.Audience, default="all"
    )
    # An update that the customer was owed: the update clock starts again with it.
    is_update = models.BooleanField(_("counts as an update to the customer"), default=False)
    # A question to AWS Support: somebody asked for the first answer, or for the next word.
    is_request = models.BooleanField(_("asks AWS for an answer"), default=False)
    text = models.TextField(_("message"))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Reopening(models.Model):
    """An end that was none: what it said, and why it was taken back. Append-only, written when it is reopened."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="reopenings")
    resolved_at = models.DateTimeField()
    restored_at = models.DateTimeField(null=True, blank=True)
    resolution = models.TextField(blank=True)
    # It had been called a duplicate of this one.
    merged_into = models.ForeignKey(Escalation, models.PROTECT, null=True, blank=True, related_name="+")
    # When it broke again, and when somebody wrote that down.
    reopened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    reason = models.TextField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["reopened_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reopened_at__gte=models.F("resolved_at")), name="reopening_after_the_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id} {self.reopened_at:%F %T}"
