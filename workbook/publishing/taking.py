"""Takes the newer version of a section into an engagement: answers are kept, unfit ones move to the history."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from engagements import timeline
from engagements.access import Permission, check
from engagements.models import Engagement
from workbook import announcing, editions, rows
from workbook.models import Cell, CellChange, SectionStart
from workbook.publishing.offers import Answer, Offer, answers, offer_of


class Gone(LookupError):
    """The version that was offered is no longer the newest, or somebody took it first."""


def take(
    *, engagement: Engagement, section: str, from_version: int, to_version: int, by, now: datetime
) -> Offer:
    """Work with the newer version of a section from now on.

    ``from_version`` is what the person saw as the present one (0 for a section that is new), ``to_version``
    what was offered. Raises Gone when either has changed since, PermissionDenied without the right to review.
    """
    check(by, engagement, Permission.REVIEW_WORKBOOK)
    with transaction.atomic():
        offer = offer_of(engagement, section)
        if offer is None or (offer.has_version, offer.new.version) != (from_version, to_version):
            raise Gone(section)
        editions.freeze(engagement)
        _keep(engagement, offer, now)
        found = answers(engagement, offer)
        _fit(engagement, [*found.unfit, *found.other_shape], by, now)
        timeline.record(
            engagement,
            "workbook.section_taken",
            by=by,
            now=now,
            params={"section": offer.new.label, "version": offer.new.version},
        )
        announcing.changed(engagement, offer.new.key, now=now)
    return offer


def _keep(engagement: Engagement, offer: Offer, now: datetime) -> None:
    """Write the version down, only over the one that was seen. Raises Gone."""
    starts = SectionStart.objects.filter(engagement=engagement, section=offer.new.key)
    words = {"template": offer.reference.template, "version": offer.new.version, "started_at": now}
    if starts.filter(version=offer.has_version).update(**words):
        return
    try:
        with transaction.atomic():
            SectionStart.objects.create(engagement=engagement, section=offer.new.key, **words)
    except IntegrityError as error:
        raise Gone(offer.new.key) from error


def _fit(engagement: Engagement, changed: list[Answer], by, now: datetime) -> None:
    """Empty what does not fit and reshape what does, each with its line of history. Raises Gone on a race."""
    lines = []
    for answer in changed:
        cell, version = answer.cell, answer.cell.version + 1
        written = Cell.objects.filter(pk=cell.pk, version=cell.version).update(
            value=answer.becomes,
            version=version,
            updated_at=now,
            updated_by_id=by.pk,
            updated_by_name=by.name,
        )
        if not written:
            raise Gone(cell.field)
        line = rows.change(
            cell.row,
            by,
            now,
            how=CellChange.How.NEW_VERSION,
            field=cell.field,
            version=version,
            value_from=cell.value,
            value_to=answer.becomes,
        )
        lines.append(line)
    CellChange.objects.bulk_create(lines)
