"""What Celery wakes in the war room: reading AWS, and forgetting what AWS itself forgets."""

from celery import shared_task
from django.utils import timezone

from warroom import poller
from warroom.sources import metrics


@shared_task(soft_time_limit=40, time_limit=60)
def poll() -> int:
    """Read every source that is due."""
    return poller.poll_due(timezone.now())


@shared_task
def prune() -> int:
    """Delete metric points older than CloudWatch keeps them."""
    return metrics.prune(timezone.now())
