"""What people say: kept drafts, marks on the timeline, links for stakeholders, and what was announced inside AWS."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, TimelineEntry


class UpdateDraft(models.Model):
    """The status update that one person is writing; it survives reloads, refusals and another browser."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # {"en": …, "ko": …}: one text for each language.
    words = models.JSONField(default=dict)
    # What the facts wrote by themselves: as long as it is unchanged, newer facts may replace it.
    drafted = models.JSONField(default=dict)
    state = models.CharField(max_length=8, blank=True)
    audience = models.CharField(max_length=3, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "user"], name="one_update_draft_a_person"),
        ]

    def __str__(self) -> str:
        return f"draft of {self.user_id}"


class EntryMark(models.Model):
    """What somebody did to an entry of the timeline: a star, its end, or a correction. Append-only."""

    class Kind(models.TextChoices):
        """What the mark is."""

        STAR = "star", _("Starred for the report")
        UNSTAR = "unstar", _("Star taken away")
        TEXT = "text", _("Corrected")

    entry = models.ForeignKey(TimelineEntry, models.PROTECT, related_name="marks")
    # 1, 2, 3 … within the entry: of two people who mark at once one has to look again.
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=Kind)
    text = models.TextField(blank=True)
    reason = models.CharField(max_length=300, blank=True)
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["entry", "number"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="entry_mark_number_once"),
            models.CheckConstraint(
                condition=~Q(kind="text") | (~Q(text="") & ~Q(reason="")),
                name="correction_has_text_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}"


class StakeholderLink(models.Model):
    """A read-only page for somebody without an account; of the secret only a digest is kept."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    language = models.CharField(max_length=5)
    token_digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    created_by_name = models.CharField(max_length=120)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by_name = models.CharField(max_length=120, blank=True)
    opened_count = models.PositiveIntegerField(default=0)
    last_opened_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_by_name=""),
                name="stakeholder_link_revoked_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"stakeholder {self.name}"


class Announcement(models.Model):
    """That and where the event was announced inside AWS; customers never see it. Append-only."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="+")
    place = models.CharField(_("where"), max_length=120)
    text = models.TextField(_("text"))
    announced_at = models.DateTimeField(_("announced"))
    recorded_at = models.DateTimeField()
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-announced_at", "-pk"]

    def __str__(self) -> str:
        return f"announced in {self.place}"
