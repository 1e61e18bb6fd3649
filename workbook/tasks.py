"""What Celery wakes in the workbook: reminders of missing answers, and the daily reading of the scorecard."""

from celery import shared_task
from django.utils import timezone

from workbook.scorecard import freezing, reminding


@shared_task
def remind() -> int:
    """Send the reminders that are due."""
    return reminding.send_due(timezone.now())


@shared_task
def read_scorecards() -> int:
    """Take the day's reading of every open engagement that has none."""
    return freezing.take_readings(timezone.now())
