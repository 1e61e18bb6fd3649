"""Which corner of AWS is asked next, when, and how the last attempt went."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class PollTarget(models.Model):
    """One source read in one account and Region for one engagement.

    Targets are derived from the watches, accounts and Regions on every round; a row only keeps
    the schedule, the cursor and the outcome. `is_active` falls when nothing asks for it any more.
    """

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="poll_targets")
    source = models.CharField(_("source"), max_length=30)
    account_id = models.CharField(_("account ID"), max_length=12)
    region = models.CharField(_("Region"), max_length=30)
    is_active = models.BooleanField(default=True)
    next_poll_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    # Everything up to here was read completely; the next read begins a little before it.
    cursor_at = models.DateTimeField(null=True, blank=True)
    data_until = models.DateTimeField(null=True, blank=True)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    last_ok_at = models.DateTimeField(null=True, blank=True)
    failing_since_at = models.DateTimeField(null=True, blank=True)
    failures_in_a_row = models.PositiveIntegerField(default=0)
    last_error_kind = models.CharField(max_length=20, blank=True)
    last_error_code = models.CharField(max_length=80, blank=True)
    last_error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["source", "account_id", "region"]
        indexes = [
            models.Index(fields=["next_poll_at"], condition=Q(is_active=True), name="poll_target_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "source", "account_id", "region"], name="poll_target_once"
            ),
            models.CheckConstraint(
                condition=Q(failing_since_at__isnull=True) | ~Q(last_error_kind=""),
                name="poll_target_failing_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.account_id} {self.region}"


class PollPulse(models.Model):
    """When somebody last went round for this engagement: a board without a pulse does not say what is so now."""

    engagement = models.OneToOneField(Engagement, models.CASCADE, related_name="poll_pulse")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.at:%F %T}"
