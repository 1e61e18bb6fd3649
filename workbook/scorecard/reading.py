"""The answers of a workbook as the rules of the scorecard want them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from engagements.models import Engagement
from workbook import bound, types
from workbook.catalogue import FORM, PANEL, Section, Table
from workbook.formulas import quota_gap
from workbook.models import Cell
from workbook.readiness import Outline
from workbook.scorecard import rules
from workbook.scorecard.facts import Answer, Facts
from workbook.types import Setting


def facts_of(engagement: Engagement, outline: Outline, now: datetime) -> Facts:
    """The facts of one engagement. One query, and those of names of rows."""
    wanted = rules.FIELDS | {table.title for section in outline.sections for table in section.tables}
    setting = Setting.of(engagement, outline.sections)
    return assemble(engagement, outline, cells_of([engagement], wanted), now, setting)


def cells_of(engagements: Iterable[Engagement], fields: Iterable[str]) -> dict[int, dict]:
    """Filled cells of these fields by row. One query."""
    cells = Cell.objects.filter(
        row__engagement__in=engagements, row__deleted_at=None, field__in=fields, value__isnull=False
    )
    found: dict[int, dict] = defaultdict(dict)
    for row, field, value in cells.order_by().values_list("row_id", "field", "value"):
        found[row][field] = value
    return found


def assemble(
    engagement: Engagement, outline: Outline, cells: dict, now: datetime, setting: Setting | None = None
) -> Facts:
    """The facts out of what was read. Without a ``setting`` rows have no names."""
    tables: dict[str, tuple[Answer, ...]] = {}
    for section in outline.sections:
        for table in section.tables:
            if table.kind == PANEL or not rules.FIELDS & table.by_key.keys():
                continue
            found = _rows(
                engagement, section, table, outline.rows_of.get((section.key, table.key), []), cells, setting
            )
            tables |= dict.fromkeys(table.by_key, found)
    _compare_tests(tables)
    return Facts(tables, now, engagement.starts_at, engagement.ends_at, rules.thresholds())


def _rows(engagement, section: Section, table: Table, pairs, cells: dict, setting) -> tuple[Answer, ...]:
    """The fixed rows and then the others, as a sheet shows them."""
    made = {key: pk for pk, key in pairs if key}
    places = [(made.get(key), key) for key in table.keys_for(engagement.event_type)]
    places += [(pk, "") for pk, key in pairs if not key]
    return tuple(_answer(engagement, section, table, pk, key, cells, setting) for pk, key in places)


def _answer(engagement, section: Section, table: Table, pk, key: str, cells: dict, setting) -> Answer:
    values = dict(cells.get(pk, {}))
    if table.kind == FORM:
        values |= bound.of_form(engagement, table)
    elif key:
        values |= bound.of_fixed_row(engagement, table.fixed_row(key))
    if "q_gap" in table.by_key:
        values["q_gap"] = quota_gap(values)
    return Answer(section.key, key or str(pk), title_of(table, values, setting), values)


def title_of(table: Table, values: dict, setting: Setting | None) -> str:
    """What a row is called, in the active language; nothing for a row without a name."""
    field = table.by_key.get(table.title)
    return types.show(field, values.get(field.key), setting) if field and setting else ""


def _compare_tests(tables: dict[str, tuple[Answer, ...]]) -> None:
    """The peak of each test against the forecast it names, else the highest. Source: WB14, reached / forecast."""
    peaks = {
        row.row: row.number("tf_event_peak")
        for row in tables.get("tf_event_peak", ())
        if row.get("tf_event_peak")
    }
    highest = max(peaks.values(), default=None)
    for test in tables.get("ts_peak", ()):
        peak = test.number("ts_peak")
        named = str(test.get("ts_traffic") or "").removeprefix("#")
        forecast = peaks.get(named, highest)
        if peak is not None and forecast:
            test.values["ts_ratio"] = str((peak / forecast).quantize(Decimal("0.001")))
