"""Whether the war room is open, and which status updates went out."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class WarRoom(models.Model):
    """The opening and closing of the war room of one engagement; while it is open AWS is watched."""

    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="war_room")
    opened_at = models.DateTimeField(_("opened"))
    opened_by_name = models.CharField(max_length=120)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by_name = models.CharField(max_length=120, blank=True)
    # When the tiles that change with the minute (pace, forecast, lanes) were last announced.
    redrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(closed_by_name=""), name="war_room_closed_by_someone"
            )
        ]

    def __str__(self) -> str:
        return f"war room of {self.engagement_id}"

    @property
    def is_open(self) -> bool:
        """Whether the room is open now."""
        return self.closed_at is None


class StatusUpdate(models.Model):
    """One message to the people of the engagement: the state in a word, and what they should know."""

    class State(models.TextChoices):
        """How the event goes."""

        ON_PLAN = "on_plan", _("On plan")
        AT_RISK = "at_risk", _("At risk")
        OFF_PLAN = "off_plan", _("Off plan")

    class Audience(models.TextChoices):
        """Who gets the message."""

        ALL = "all", _("Everyone")
        AWS = "aws", _("AWS only")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="status_updates")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=State)
    text = models.TextField(_("text"))
    # {"en": …, "ko": …} as it was sent in each language; empty where one text went to everybody.
    words = models.JSONField(default=dict, blank=True)
    audience = models.CharField(_("audience"), max_length=3, choices=Audience, default=Audience.ALL)
    recipients_count = models.PositiveIntegerField(default=0)
    by_name = models.CharField(max_length=120)
    sent_at = models.DateTimeField(_("sent"))
    next_due_at = models.DateTimeField(_("next update due"))
    # The sender and the sender's own name for it: sent again after an answer that was lost, it is the same update.
    sent_as = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="status_update_number_once"),
            models.UniqueConstraint(
                fields=["engagement", "sent_as"],
                condition=~Q(sent_as=""),
                name="status_update_once_by_its_name",
            ),
            models.CheckConstraint(
                condition=Q(next_due_at__gt=models.F("sent_at")), name="status_update_next_later"
            ),
        ]

    def __str__(self) -> str:
        return f"update {self.number} of {self.engagement_id}"

    def said(self) -> str:
        """The text in the active language, else the one that everybody got."""
        return self.words.get(get_language() or "en") or self.text
