"""Proposes a value for a cell, or a whole new row, without writing it; and takes a proposal back."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.texts import can_be_kept
from workbook import rows, types
from workbook.catalogue import SHEET, Field, Section, Table
from workbook.cells import UnknownField
from workbook.models import Row, Suggestion
from workbook.types import InvalidValue

MAX_WORDS = 1000
State, Source = Suggestion.State, Suggestion.Source


class NothingNew(InvalidValue):
    """The cell holds this value already, or a row was proposed without any value."""


def suggest(
    *,
    engagement: Engagement,
    section: Section,
    row: int | str,
    field: str,
    value,
    words: str = "",
    by,
    now: datetime,
) -> Suggestion:
    """Propose a value (as typed, or plain JSON; nothing proposes to empty the cell) for one cell.

    An earlier proposal of the same person for the cell gives way to it. ``row`` is a number or the key of a
    fixed row. Raises UnknownField, rows.RowMissing, InvalidValue or NothingNew, in the writer's words.
    """
    table, spec = _field(section, field)
    meant = types.clean(spec, value, types.Setting.of(engagement))
    with transaction.atomic():
        target = rows.resolve(engagement=engagement, section=section, table=table, row=row, by=by, now=now)
        fixed = table.fixed_row(target.key) if target.key else None
        if fixed and (field in fixed.bound or field in fixed.values):
            raise UnknownField(field)
        # Held until the end: two proposals of one person at the same instant come one after the other.
        Row.objects.select_for_update(no_key=True).get(pk=target.pk)
        held, version = target.cells.filter(field=field).values_list("value", "version").first() or (None, 0)
        if held == meant:
            raise NothingNew(_("The cell holds this value already."))
        mine = Suggestion.objects.filter(row=target, field=field, state=State.OPEN, source=Source.PERSON)
        mine.filter(by_id=by.pk).update(state=State.SUPERSEDED, decided_at=now, decided_by_name=by.name)
        return Suggestion.objects.create(
            **_about(engagement, section, table, by, now, words),
            row=target,
            field=field,
            value=meant,
            base_version=version,
        )


def suggest_row(
    *,
    engagement: Engagement,
    section: Section,
    table: Table,
    values: dict,
    words: str = "",
    by,
    now: datetime,
) -> list[Suggestion]:
    """Propose a new row of a sheet with these values (as typed, by field key); empty ones are left out.

    Raises UnknownField, InvalidValue (with ``.field``) or NothingNew when no value is left.
    """
    if table.kind != SHEET:
        raise UnknownField(table.key)
    setting = types.Setting.of(engagement)
    meant = {key: _cleaned(section, key, raw, setting) for key, raw in values.items()}
    meant = {key: value for key, value in meant.items() if value is not None}
    if not meant:
        raise NothingNew(_("Give the new row at least one value."))
    group = f"person-{uuid.uuid4().hex[:24]}"
    about = _about(engagement, section, table, by, now, words)
    return Suggestion.objects.bulk_create(
        Suggestion(**about, new_row=group, field=key, value=value) for key, value in meant.items()
    )


def _cleaned(section: Section, key: str, raw, setting: types.Setting):
    _table, spec = _field(section, key)
    try:
        return types.clean(spec, raw, setting)
    except InvalidValue as error:
        error.field = key
        raise


def _field(section: Section, key: str) -> tuple[Table, Field]:
    spec = section.field(key)
    if spec is None or spec.bound or spec.is_formula:
        raise UnknownField(key)
    return section.table_of[key], spec


def _about(engagement, section: Section, table: Table, by, now: datetime, words: str) -> dict:
    """What all proposals of one person at one moment have in common. Raises InvalidValue for odd words."""
    words = words.strip()
    if not can_be_kept(words):
        raise InvalidValue(_("This text contains a character that cannot be kept."))
    if len(words) > MAX_WORDS:
        raise InvalidValue(_("At most %(limit)s characters.") % {"limit": MAX_WORDS})
    return {
        "engagement": engagement,
        "section": section.key,
        "table": table.key,
        "words": words,
        "source": Source.PERSON,
        "by_id": by.pk,
        "by_name": by.name,
        "made_at": now,
    }


def withdraw(*, engagement: Engagement, pk: int, by, now: datetime) -> int:
    """Take back one's own open proposal, or one's whole new row; how many values that were."""
    mine = Suggestion.objects.filter(
        engagement=engagement, state=State.OPEN, source=Source.PERSON, by_id=by.pk
    )
    found = mine.filter(pk=pk).first()
    if found is None:
        return 0
    group = mine.filter(new_row=found.new_row) if found.new_row else mine.filter(pk=pk)
    return group.update(state=State.WITHDRAWN, decided_at=now, decided_by_name=by.name)
