"""Every request to AWS for a higher quota: written down before it is sent, and followed to its end."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement
from workbook.models.cells import Row


class WriteConsent(models.Model):
    """That the customer agrees to requests being made in its accounts; the newest line of an engagement counts."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="write_consents")
    is_given = models.BooleanField()
    words = models.TextField(blank=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{'given' if self.is_given else 'withdrawn'} by {self.by_name}"


class QuotaIncrease(models.Model):
    """One request for more of one quota in one account and Region.

    ``recorded``: written down, nothing sent. ``sent``: the one call is being made. ``unknown``: sent, but no
    answer came; AWS's history of requests is asked before anything else. Then AWS's own states. ``failed``:
    AWS did not take it. CASE_CLOSED says only that the linked case was closed: the value read again says what
    was granted. Source: Service Quotas API, RequestedServiceQuotaChange.Status.
    """

    class State(models.TextChoices):
        """Ours in small letters, AWS's in capitals."""

        RECORDED = "recorded"
        SENT = "sent"
        UNKNOWN = "unknown"
        FAILED = "failed"
        PENDING = "PENDING"
        CASE_OPENED = "CASE_OPENED"
        APPROVED = "APPROVED"
        DENIED = "DENIED"
        NOT_APPROVED = "NOT_APPROVED"
        CASE_CLOSED = "CASE_CLOSED"
        INVALID_REQUEST = "INVALID_REQUEST"

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="quota_increases")
    row = models.ForeignKey(Row, models.PROTECT, related_name="quota_increases")
    section = models.CharField(max_length=20)
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    service = models.CharField(max_length=63)
    code = models.CharField(max_length=128)
    name = models.CharField(max_length=255)
    applied = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    desired = models.DecimalField(max_digits=24, decimal_places=4)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=120)
    recorded_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=15, choices=State, default=State.RECORDED)
    request_id = models.CharField(max_length=80, blank=True)
    case_id = models.CharField(max_length=80, blank=True)
    granted = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    error_kind = models.CharField(max_length=20, blank=True)
    error_code = models.CharField(max_length=80, blank=True)
    error_message = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # Two clicks by two people send once.
            models.UniqueConstraint(
                fields=["account_id", "region", "service", "code"],
                condition=Q(ended_at__isnull=True),
                name="quota_increase_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "failed"]) | Q(sent_at__isnull=False),
                name="quota_increase_sent_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["recorded", "sent", "unknown", "failed"]) | ~Q(request_id=""),
                name="quota_increase_known_has_id",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at"], condition=Q(ended_at__isnull=True), name="quota_increases_to_follow"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} to {self.desired:f}: {self.state}"
