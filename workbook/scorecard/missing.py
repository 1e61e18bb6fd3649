"""Which required answers are missing, cell by cell, grouped by who fills them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from workbook import bound
from workbook.catalogue import FORM, PANEL, Field, Section, Table
from workbook.due import Calendar
from workbook.models import Cell
from workbook.readiness import Outline, due_days, exemptions
from workbook.scorecard.reading import title_of
from workbook.types import Setting
from workbook.words import WHO


@dataclass(frozen=True)
class Missing:
    """One cell that should be filled; ``row`` is empty for the first row of an empty table."""

    section: Section
    table: Table
    row: str
    title: str
    field: Field
    due_at: datetime
    is_late: bool

    @property
    def who(self) -> str:
        """The role that fills it, the first named one."""
        return self.field.who[0]

    @property
    def anchor(self) -> str:
        """The cell's place on the page of its section."""
        return f"c-{self.row}-{self.field.key}" if self.row else f"h-{self.table.key}"

    @property
    def shows_all(self) -> bool:
        """Whether the sheet shows the column only when all are asked for."""
        return self.table.kind != FORM and self.field not in self.table.main_fields


@dataclass(frozen=True)
class Group:
    """What one role has to fill; late ones first."""

    who: str
    cells: list[Missing]

    @property
    def label(self) -> str:
        """The role in words."""
        return str(WHO[self.who])

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(cell.is_late for cell in self.cells)

    @property
    def sections(self) -> list[tuple[Section, list[Missing]]]:
        """The same by section, in the order of the workbook."""
        found: dict[str, list[Missing]] = defaultdict(list)
        for cell in self.cells:
            found[cell.section.key].append(cell)
        ordered = sorted(found.values(), key=lambda cells: cells[0].section.number)
        return [(cells[0].section, cells) for cells in ordered]


def cells(
    engagement: Engagement, outline: Outline, now: datetime, exempt: set | None = None
) -> list[Missing]:
    """Every missing required answer, in the order of the workbook. Two queries, and those of names of rows.

    Success criteria and signatures are missing at their own home and are not listed here. ``exempt`` saves
    a query where the accepted exemptions are known, as (row, field).
    """
    if exempt is None:
        exempt = set(exemptions([engagement]).values_list("row_id", "field"))
    finder = _Finder(engagement, outline, now, exempt)
    return [
        missing
        for section in outline.sections
        for table in section.tables
        if table.kind != PANEL
        for missing in finder.of_table(section, table)
    ]


def groups(found: list[Missing]) -> list[Group]:
    """The missing answers by who fills them, the customer's side first."""
    by_who: dict[str, list[Missing]] = defaultdict(list)
    for cell in found:
        by_who[cell.who].append(cell)
    return [
        Group(who, sorted(by_who[who], key=lambda cell: (not cell.is_late, cell.due_at)))
        for who in WHO
        if who in by_who
    ]


class _Finder:
    """Looks at every row."""

    def __init__(self, engagement: Engagement, outline: Outline, now: datetime, exempt: set):
        self.engagement = engagement
        self.outline = outline
        self.exempt = exempt
        self.now = now
        self.calendar = Calendar.of(engagement)
        self.setting = Setting.of(engagement, outline.sections)
        self.values = self._values()

    def _values(self) -> dict[int, dict]:
        """Filled required cells, conditions and titles by row."""
        wanted = set()
        for section in self.outline.sections:
            for table in section.tables:
                wanted.add(table.title)
                for field in table.fields:
                    if field.required or field.required_if:
                        wanted |= {field.key, *field.depends_on}
        found: dict[int, dict] = defaultdict(dict)
        filled = Cell.objects.filter(
            row__engagement=self.engagement, row__deleted_at=None, field__in=wanted, value__isnull=False
        )
        for row, field, value in filled.order_by().values_list("row_id", "field", "value"):
            found[row][field] = value
        return found

    def of_table(self, section: Section, table: Table) -> list[Missing]:
        pairs = self.outline.rows_of.get((section.key, table.key), [])
        made = {key: pk for pk, key in pairs if key}
        places = [(made.get(key), key) for key in table.keys_for(self.engagement.event_type)]
        places += [(pk, "") for pk, key in pairs if not key]
        # A table that wants more rows than it has misses whole rows.
        places += [(None, "")] * max(0, table.min_rows - len(places))
        return [missing for pk, key in places for missing in self._of_row(section, table, pk, key)]

    def _of_row(self, section: Section, table: Table, pk: int | None, key: str) -> list[Missing]:
        values = self.values.get(pk, {}) | self._known(table, key)
        name = key or (str(pk) if pk else "")
        title = title_of(table, values, self.setting) if table.kind != FORM else ""
        fixed = table.fixed_row(key) if key else None
        return [
            self._missing(section, table, name, title, field, due_days(field, fixed))
            for field in table.fields
            # Of a row that is not there yet only what is always asked is missing.
            if (name or field.required) and self._is_missing(field, values, pk)
        ]

    def _known(self, table: Table, key: str) -> dict:
        if table.kind == FORM:
            return bound.of_form(self.engagement, table)
        return bound.of_fixed_row(self.engagement, table.fixed_row(key)) if key else {}

    def _is_missing(self, field: Field, values: dict, pk: int | None) -> bool:
        is_asked = field.is_asked_of(self.engagement.event_type) and not field.is_formula
        return (
            is_asked
            and values.get(field.key) is None
            and field.is_required(values)
            and (pk, field.key) not in self.exempt
        )

    def _missing(self, section, table: Table, row: str, title: str, field: Field, days: int) -> Missing:
        due_at = self.calendar.due_at(days)
        return Missing(section, table, row, title, field, due_at, due_at < self.now)
