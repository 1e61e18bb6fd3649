"""The ledger of AWS calls: one row for each kind of call in a poll."""

from django.db import models
from django.db.models import F, Q


class AwsCall(models.Model):
    """Calls of one operation to one account and Region that ended the same way, made together at `at`."""

    at = models.DateTimeField()
    # For whom it was asked, where that is one engagement; a number, because this layer knows no engagements.
    engagement_id = models.BigIntegerField(null=True, blank=True)
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    service = models.CharField(max_length=30)
    operation = models.CharField(max_length=60)
    outcome = models.CharField(max_length=20, default="ok", help_text="ok, or the kind of the error")
    calls = models.PositiveIntegerField()
    attempts = models.PositiveIntegerField(help_text="requests on the wire, retries included")
    metrics = models.PositiveIntegerField(default=0, help_text="distinct metrics asked for")
    statistics = models.PositiveIntegerField(default=0, help_text="metric and statistic pairs asked for")
    bytes_sent = models.PositiveBigIntegerField(default=0)
    usd = models.DecimalField(max_digits=12, decimal_places=6, default=0, help_text="estimated price")

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "at"], name="aws_call_by_account"),
            models.Index(fields=["engagement_id", "at"], name="aws_call_by_engagement"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(usd__gte=0), name="aws_call_usd_not_negative"),
            models.CheckConstraint(
                condition=Q(statistics__gte=F("metrics")), name="aws_call_statistics_cover_metrics"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.operation} × {self.calls}"
