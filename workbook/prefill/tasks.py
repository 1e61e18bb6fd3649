"""What Celery wakes for the workbook's AWS part: readings that somebody asked for, and requests for more."""

from celery import shared_task
from django.utils import timezone

from workbook.prefill import following, running


@shared_task(soft_time_limit=80, time_limit=100)
def read() -> int:
    """Read the parts that are due."""
    return running.read_due(timezone.now())


@shared_task(soft_time_limit=80, time_limit=100)
def follow() -> int:
    """Send and follow requests for quota increases that are due."""
    return following.follow_due(timezone.now())
