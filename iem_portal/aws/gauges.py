"""How much do we ask of AWS, how often does it fail, and what does it cost? Figures for /metrics."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Sum

from iem_portal.aws.models import AwsCall
from iem_portal.aws.spending import spent
from iem_portal.registry import gauges

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@gauges.register
class RequestsLastHour:
    """Grows when a target retries without end."""

    key = "aws_requests_last_hour"
    help = "Requests sent to AWS in the last hour, retries included"

    def read(self, now: datetime) -> int:
        """Summed from the ledger."""
        rows = AwsCall.objects.filter(at__gte=now - HOUR)
        return rows.aggregate(total=Sum("attempts"))["total"] or 0


@gauges.register
class FailuresLastHour:
    """More than a few want a look at the sources on the board."""

    key = "aws_failures_last_hour"
    help = "Calls to AWS that ended in an error in the last hour"

    def read(self, now: datetime) -> int:
        """Summed from the ledger."""
        rows = AwsCall.objects.filter(at__gte=now - HOUR).exclude(outcome="ok")
        return rows.aggregate(total=Sum("calls"))["total"] or 0


@gauges.register
class UsdLastDay:
    """What polling costs."""

    key = "aws_usd_last_day"
    help = "Estimated price in USD of the calls to AWS in the last 24 hours"

    def read(self, now: datetime) -> float:
        """Summed from the ledger."""
        return float(spent(since=now - DAY, until=now + HOUR))
