"""How much have we asked of AWS, and what did it cost? Stores and sums the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum

from .ledger import Recording
from .models import AwsCall


def save(recording: Recording, *, now: datetime, engagement_id: int | None = None) -> int:
    """Write a recording with one INSERT; the number of rows. Call it outside any wait for the network."""
    rows = [
        AwsCall(
            at=now,
            engagement_id=engagement_id,
            account_id=one.account_id,
            region=one.region,
            service=one.service,
            operation=one.operation,
            outcome=one.outcome,
            calls=one.calls,
            attempts=one.attempts,
            metrics=one.metrics,
            statistics=one.statistics,
            bytes_sent=one.bytes_sent,
            usd=one.usd,
        )
        for one in recording.merged()
    ]
    AwsCall.objects.bulk_create(rows)
    return len(rows)


def spent(
    *,
    since: datetime,
    until: datetime,
    account_ids: Iterable[str] | None = None,
    engagement_id: int | None = None,
) -> Decimal:
    """Estimated USD of the calls in [since, until), of these accounts, for this engagement, or of all."""
    rows = AwsCall.objects.filter(at__gte=since, at__lt=until)
    if engagement_id is not None:
        rows = rows.filter(engagement_id=engagement_id)
    if account_ids is not None:
        rows = rows.filter(account_id__in=list(account_ids))
    return rows.aggregate(total=Sum("usd"))["total"] or Decimal(0)


def prune(*, before: datetime) -> int:
    """Delete rows older than `before`; how many."""
    return AwsCall.objects.filter(at__lt=before).delete()[0]
