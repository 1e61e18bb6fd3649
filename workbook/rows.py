"""Adds, copies, moves, deletes and brings back rows; every change is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max

from engagements import timeline
from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import announcing, authors, editions, types
from workbook.attachments import copying
from workbook.catalogue import SHEET, Field, Section, Table
from workbook.models import Cell, CellChange, Row

#: Room between two rows, so that a move renumbers one row and not the table.
STEP = 1024
How = CellChange.How


class RowMissing(LookupError):
    """There is no such row in this section of this engagement, or it was deleted."""


def add(*, engagement: Engagement, section: Section, table: Table, by, now: datetime, values=None) -> Row:
    """A new row at the end, with its defaults and the given values (as typed, by field key).

    Raises types.InvalidValue when a value does not fit.
    """
    if table.kind != SHEET:
        raise RowMissing(table.key)
    cleaned = _cleaned(engagement, table, values or {})
    with transaction.atomic():
        [row] = add_many(
            engagement=engagement, section=section, table=table, values=[cleaned], by=by, now=now
        )
        announcing.changed(engagement, section.key, now=now)
    return row


def add_many(
    *, engagement: Engagement, section: Section, table: Table, values: list[dict], by, now: datetime
) -> list[Row]:
    """New rows at the end, each with its values as stored (by field key), in six queries; announces nothing.

    Call it inside a transaction.
    """
    if not values:
        return []
    by = authors.of(section.key, by)
    editions.start(engagement, section, now)
    last = _last_position(engagement, section, table)
    made = Row.objects.bulk_create(
        Row(
            engagement=engagement,
            section=section.key,
            table=table.key,
            position=last + STEP * number,
            created_at=now,
            created_by_name=by.name,
        )
        for number in range(1, len(values) + 1)
    )
    CellChange.objects.bulk_create(
        change(row, by, now, how=How.ROW_ADDED, version=row.version) for row in made
    )
    _fill(list(zip(made, values, strict=True)), by, now, How.WITH_ROW)
    return made


def _cleaned(engagement: Engagement, table: Table, values: dict) -> dict:
    """Defaults and values, read like typed text. Bound and worked-out fields are left alone."""
    setting = types.Setting.bare(engagement)
    return defaults(engagement, table, setting) | {
        key: types.clean(table.by_key[key], text, setting)
        for key, text in values.items()
        if _is_asked(engagement, table.by_key[key])
    }


def defaults(engagement: Engagement, table: Table, setting: types.Setting) -> dict:
    """What the fields of a new row hold before anybody types, as stored, by field key."""
    return {
        field.key: types.clean(field, field.default, setting)
        for field in table.fields
        if field.default and _is_asked(engagement, field)
    }


def _is_asked(engagement: Engagement, field: Field) -> bool:
    return not field.bound and not field.is_formula and field.is_asked_of(engagement.event_type)


def _last_position(engagement: Engagement, section: Section, table: Table) -> int:
    rows = Row.objects.filter(engagement=engagement, section=section.key, table=table.key)
    return rows.aggregate(last=Max("position"))["last"] or 0


def _fill(rows: list[tuple[Row, dict]], by, now: datetime, how: str) -> None:
    """First values of new rows, with their history, in two statements."""
    filled = [(row, key, value) for row, values in rows for key, value in values.items() if value is not None]
    words = {"updated_at": now, "updated_by_id": by.pk, "updated_by_name": by.name}
    Cell.objects.bulk_create(Cell(row=row, field=key, value=value, **words) for row, key, value in filled)
    CellChange.objects.bulk_create(
        change(row, by, now, how=how, field=key, version=1, value_to=value) for row, key, value in filled
    )


def change(
    row: Row,
    by,
    now: datetime,
    *,
    how: str,
    field: str = "",
    version: int,
    value_from=None,
    value_to=None,
    **more,
):
    """An unsaved line of history; ``more`` are other columns of it."""
    return CellChange(
        engagement_id=row.engagement_id,
        section=row.section,
        table=row.table,
        row_id=row.pk,
        field=field,
        version=version,
        value_from=value_from,
        value_to=value_to,
        how=how,
        by_id=by.pk,
        by_name=by.name,
        at=now,
        **more,
    )


def _keep(row: Row, how: str, by, now: datetime) -> None:
    change(row, by, now, how=how, version=row.version).save(force_insert=True)


def resolve(
    *, engagement: Engagement, section: Section, table: Table, row: int | str, by, now: datetime
) -> Row:
    """The live row behind a number or the key of a fixed row, which is made when it is first needed.

    Raises RowMissing for a row of another engagement, section or table, and for a deleted one.
    """
    if (number := whole(row)) is not None:
        found = next(iter(Row.objects.filter(pk=number, deleted_at=None).order_by()), None)
        place = (engagement.pk, section.key, table.key)
        if found is None or (found.engagement_id, found.section, found.table) != place:
            raise RowMissing(row)
        return found
    if table.fixed_row(str(row)) is None:
        raise RowMissing(row)
    editions.start(engagement, section, now)
    fixed, _made = Row.objects.get_or_create(
        engagement=engagement,
        section=section.key,
        table=table.key,
        key=str(row),
        defaults={"created_at": now, "created_by_name": by.name, "position": 0},
    )
    return fixed


def _one(engagement: Engagement, pk: int, *, is_deleted: bool = False) -> Row:
    found = Row.objects.filter(
        pk=pk, engagement=engagement, key="", deleted_at__isnull=not is_deleted
    ).first()
    if found is None:
        raise RowMissing(pk)
    return found


def delete(*, engagement: Engagement, row: int, by, now: datetime) -> Row:
    """Put a row aside; nothing of it is lost, and :func:`restore` brings it back. Raises RowMissing."""
    with transaction.atomic():
        found = _one(engagement, row)
        changed = Row.objects.filter(pk=found.pk, deleted_at=None).update(
            deleted_at=now, deleted_by_name=by.name, version=F("version") + 1
        )
        return _after(engagement, found, changed, How.ROW_DELETED, by, now)


def restore(*, engagement: Engagement, row: int, by, now: datetime) -> Row:
    """Bring a deleted row back to its place. Raises RowMissing when it is not deleted."""
    with transaction.atomic():
        found = _one(engagement, row, is_deleted=True)
        changed = Row.objects.filter(pk=found.pk, deleted_at__isnull=False).update(
            deleted_at=None, deleted_by_name="", version=F("version") + 1
        )
        return _after(engagement, found, changed, How.ROW_RESTORED, by, now)


def _after(engagement: Engagement, row: Row, changed: int, how: str, by, now: datetime) -> Row:
    """History, timeline and announcement of a change to the row itself; somebody quicker means RowMissing."""
    if not changed:
        raise RowMissing(row.pk)
    row.refresh_from_db()
    _keep(row, how, by, now)
    if how in {How.ROW_DELETED, How.ROW_RESTORED}:
        section = editions.section(engagement, row.section)
        params = {"section": section.label if section else row.section}
        timeline.record(engagement, f"workbook.{how}", by=by, now=now, params=params)
    announcing.changed(engagement, row.section, now=now)
    return row


def duplicate(*, engagement: Engagement, row: int, by, now: datetime) -> Row:
    """A copy of a row right below it, with its values and files of its own. Raises RowMissing."""
    with transaction.atomic():
        source = _one(engagement, row)
        by = authors.of(source.section, by)
        copy = Row.objects.create(
            engagement=engagement,
            section=source.section,
            table=source.table,
            position=_place_after(source),
            created_at=now,
            created_by_name=by.name,
        )
        _keep(copy, How.ROW_ADDED, by, now)
        values = copying.to_row(
            source, copy, dict(source.cells.values_list("field", "value")), by=by, now=now
        )
        _fill([(copy, values)], by, now, How.DUPLICATED)
        announcing.changed(engagement, source.section, now=now)
    return copy


def move(*, engagement: Engagement, row: int, after: int | None, by, now: datetime) -> Row:
    """Put a row below another one of its table, or at the top for None. Raises RowMissing."""
    with transaction.atomic():
        found = _one(engagement, row)
        neighbour = _one(engagement, after) if after else None
        if neighbour and (neighbour.section, neighbour.table) != (found.section, found.table):
            raise RowMissing(after)
        place = _place_after(neighbour) if neighbour else _place_at_top(found)
        changed = Row.objects.filter(pk=found.pk, deleted_at=None).update(
            position=place, version=F("version") + 1
        )
        return _after(engagement, found, changed, How.ROW_MOVED, by, now)


def _table_of(row: Row):
    return Row.objects.filter(engagement=row.engagement_id, section=row.section, table=row.table, key="")


def _place_at_top(row: Row) -> int:
    first = _table_of(row).values_list("position", flat=True).first()
    return (first if first is not None else STEP) - STEP


def _place_after(row: Row) -> int:
    """A position between this row and the next; the table is renumbered when there is no room left."""
    following = _table_of(row).filter(position__gt=row.position).values_list("position", flat=True).first()
    if following is None:
        return row.position + STEP
    if following - row.position > 1:
        return (row.position + following) // 2
    rows = list(_table_of(row))
    for number, each in enumerate(rows, start=1):
        each.position = number * STEP
        if each.pk == row.pk:
            row.position = each.position
    Row.objects.bulk_update(rows, ["position"])
    return row.position + STEP // 2
