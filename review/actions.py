"""Changes the words of a report without losing anybody's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from engagements import timeline
from engagements.errors import Conflict
from engagements.models import Engagement
from review.models import Report

WORDS = ("verdict", "summary", "went_well", "to_improve")


def save_words(engagement: Engagement, words: dict, *, base_version: int, by, now: datetime) -> Report:
    """Save verdict and texts over the version the writer saw (0: none yet).

    Raises engagements.errors.Conflict when another version has been saved since; nothing is overwritten then.
    """
    values = {name: words[name] for name in WORDS}
    with transaction.atomic():
        Report.objects.get_or_create(engagement=engagement)
        changed = Report.objects.filter(engagement=engagement, version=base_version).update(
            **values, edited_by_name=by.name, edited_at=now, version=base_version + 1
        )
        report = Report.objects.get(engagement=engagement)
        if not changed:
            raise Conflict(report)
        timeline.record(engagement, "report.edited", by=by, now=now)
    return report
