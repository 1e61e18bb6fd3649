""" "Does not apply to us", with a reason: it counts as answered once AWS's side has accepted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.errors import Conflict, InvalidValue
from engagements.models import Engagement
from iem_portal.live import announce
from iem_portal.texts import can_be_kept
from workbook import editions, rows
from workbook.announcing import TILE
from workbook.catalogue import Field, Section
from workbook.models import Cell, NotApplicable
from workbook.rows import RowMissing
from workbook.scorecard.overriding import MAX_REASON, MIN_REASON


def ask(
    *, engagement: Engagement, section: Section, row: str, field: str, reason: str, by, now: datetime
) -> NotApplicable:
    """Say that an empty cell does not apply.

    Raises RowMissing for a row or field that is not there, InvalidValue on "reason" and for a filled
    cell, and Conflict when it was said already.
    """
    table = section.table_of.get(field)
    spec = section.field(field)
    if table is None or spec.bound or spec.is_formula:
        raise RowMissing(field)
    _check(reason)
    try:
        with transaction.atomic():
            found = rows.resolve(engagement=engagement, section=section, table=table, row=row, by=by, now=now)
            if Cell.objects.filter(row=found, field=field, value__isnull=False).exists():
                raise InvalidValue({"reason": _("This cell is filled; empty it first.")})
            made = NotApplicable.objects.create(
                engagement=engagement, section=section.key, row=found, field=field, reason=reason.strip(),
                asked_by_id=by.pk, asked_by_name=by.name, asked_at=now,
            )  # fmt: skip
            announce(engagement.topic, TILE)
    except IntegrityError:
        raise Conflict(field) from None
    return made


def _check(reason: str) -> None:
    if len(reason.strip()) < MIN_REASON:
        raise InvalidValue({"reason": _("Say why, in at least %(n)d characters.") % {"n": MIN_REASON}})
    if len(reason) > MAX_REASON or not can_be_kept(reason):
        raise InvalidValue({"reason": _("Use at most %(n)d characters.") % {"n": MAX_REASON}})


def accept(*, mark: NotApplicable, by, now: datetime) -> None:
    """Let it count as answered, for AWS's side. Accepting twice, or what was taken back, changes nothing."""
    with transaction.atomic():
        standing = NotApplicable.objects.filter(pk=mark.pk, accepted_at=None, ended_at=None)
        if standing.update(accepted_at=now, accepted_by_name=by.name):
            _told(mark, "workbook.exempted", by, now)


def end(*, mark: NotApplicable, by, now: datetime) -> None:
    """Refuse it, or take it back: the cell is asked again."""
    with transaction.atomic():
        standing = NotApplicable.objects.filter(pk=mark.pk, ended_at=None)
        if standing.update(ended_at=now, ended_by_name=by.name) and mark.accepted_at:
            _told(mark, "workbook.exemption_ended", by, now)


def _told(mark: NotApplicable, phrase: str, by, now: datetime) -> None:
    section = editions.section(mark.engagement, mark.section)
    field = section.field(mark.field) if section else None
    timeline.record(
        mark.engagement, phrase, by=by, now=now, text=mark.reason,
        params={
            "section": section.label if section else mark.section,
            "field": field.label if field else mark.field,
        },
    )  # fmt: skip
    announce(mark.engagement.topic, TILE)


@dataclass(frozen=True)
class Described:
    """A standing mark with what it is about."""

    mark: NotApplicable
    section: Section
    field: Field


def described(marks: list[NotApplicable], sections: dict[str, Section]) -> list[Described]:
    """The marks of sections that are still asked."""
    return [
        Described(mark, sections[mark.section], sections[mark.section].field(mark.field))
        for mark in marks
        if mark.section in sections and sections[mark.section].field(mark.field)
    ]


def open_marks(engagement: Engagement) -> list[NotApplicable]:
    """The marks that stand, waiting ones first. One query."""
    marks = NotApplicable.objects.filter(engagement=engagement, ended_at=None, row__deleted_at=None)
    return sorted(marks.select_related("row"), key=lambda mark: (mark.accepted_at is not None, mark.pk))
