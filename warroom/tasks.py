"""What Celery wakes in the war room: reading AWS, and forgetting what AWS itself forgets."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from iem_portal.aws import spending
from warroom import poller
from warroom.people import ruling
from warroom.setup import running
from warroom.sources import metrics

LEDGER_KEPT = timedelta(days=366)


@shared_task(soft_time_limit=40, time_limit=60)
def poll() -> int:
    """Read every source that is due."""
    return poller.poll_due(timezone.now())


@shared_task(soft_time_limit=100, time_limit=120)
def probe() -> int:
    """Try the permissions of the accounts for which somebody asked."""
    return running.run_due(timezone.now)


@shared_task
def open_rolls() -> int:
    """Open the roll calls that are due by rule."""
    return ruling.open_due(timezone.now())


@shared_task
def prune() -> int:
    """Delete metric points older than CloudWatch keeps them, and the ledger of calls older than a year."""
    now = timezone.now()
    return metrics.prune(now) + spending.prune(before=now - LEDGER_KEPT)
