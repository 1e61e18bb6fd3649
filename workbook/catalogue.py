"""What the workbook asks: sections, tables and fields, read from the data files in ``sections/``.

A section is one file; a newer version of it is another file beside the old one
(``wb08.json``, ``wb08.v2.json``), so an engagement can keep the version it started with.
Standard library only.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from dataclasses import field as default_of
from functools import cache, cached_property
from pathlib import Path

from workbook import rules

FOLDER = Path(__file__).parent / "sections"
#: Rows and presets that sections share; not sections themselves.
DATA = FOLDER / "data"
FORM, SHEET, PANEL = "form", "sheet", "panel"
#: Who fills a field. Source: conventions of the IEM planning workbook.
WHO = ("CL", "CB", "CE", "CD", "CS", "TAM", "SA", "SYS")

#: What a ref can name: the rows of the table that says so in its ``names``.
REFERABLE = frozenset(
    {
        "account",
        "audience",
        "bottleneck",
        "contact",
        "module",
        "resource",
        "risk",
        "scenario",
        "step",
        "test",
        "traffic",
    }
)

Words = dict  # {"en": …, "ko": …}; a plain string is a name that is not translated


@dataclass(frozen=True)
class Choice:
    """One allowed answer, with the status shape it is drawn with, if any."""

    value: str
    label: Words
    status: str = ""


#: The answers of every field of type "rag". Source: planning workbook, scorecard wording.
RAG = (
    Choice("GREEN", {"en": "Green", "ko": "초록"}, "ok"),
    Choice("YELLOW", {"en": "Yellow", "ko": "노랑"}, "watch"),
    Choice("RED", {"en": "Red", "ko": "빨강"}, "bad"),
)


@dataclass(frozen=True)
class Field:
    """One question or column; ``options`` are the settings of its type (max, min, formula, to …)."""

    key: str
    type: str
    label: Words
    due: int
    who: tuple[str, ...]
    required: bool = False
    required_if: dict | None = None
    short: Words | None = None
    help: Words | None = None
    choices: tuple[Choice, ...] = ()
    default: str = ""
    bound: str = ""
    home: str = ""
    part_of: str = ""
    events: tuple[str, ...] = ()
    options: dict = default_of(default_factory=dict)

    @property
    def heading(self) -> Words:
        """The words for the head of a narrow column."""
        return self.short or self.label

    @property
    def is_formula(self) -> bool:
        """Whether the value is worked out, never typed."""
        return self.type == "formula"

    def is_asked_of(self, event_type: str) -> bool:
        """Whether the field matters for this type of event."""
        return not self.events or event_type in self.events

    def is_required(self, values: dict) -> bool:
        """Whether the field must be filled, given the other values of its row."""
        return self.required or bool(self.required_if and rules.holds(self.required_if, values))

    @cached_property
    def depends_on(self) -> frozenset[str]:
        """The fields of its row that decide whether it must be filled."""
        return rules.fields(self.required_if) if self.required_if else frozenset()

    def choice(self, value: str) -> Choice | None:
        """The choice of this value, or None for a value of an older version."""
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True)
class Starter:
    """A row that people often need, with the values it starts with."""

    label: Words | str
    values: dict
    note: Words | None = None


@dataclass(frozen=True)
class FixedRow:
    """A row that every engagement has; ``bound`` maps fields to what the engagement itself knows.

    ``values`` are given answers, in both languages where they are words; ``events`` empty means all.
    ``code`` is the row's name in the planning workbook's list of fields, ``due`` days from T0 when it
    differs from the field's.
    """

    key: str
    home: str = ""
    note: Words | None = None
    help: Words | None = None
    code: str = ""
    due: int | None = None
    events: tuple[str, ...] = ()
    values: dict = default_of(default_factory=dict)
    bound: dict = default_of(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """A form (one implicit row), a sheet (many rows), or a panel kept elsewhere."""

    key: str
    kind: str
    label: Words
    fields: tuple[Field, ...]
    help: Words | None = None
    title: str = ""
    subtitle: str = ""
    columns: tuple[str, ...] = ()
    min_rows: int = 0
    starters: tuple[Starter, ...] = ()
    fixed_rows: tuple[FixedRow, ...] = ()
    attention: dict | None = None
    home: str = ""
    #: The words of the way to a panel's home, when that is not shown inside the section; ``shows`` is, beside it.
    opens: Words | None = None
    shows: str = ""
    #: What other sections call these rows ("module", "contact" …), and the fields that name one; else the title.
    names: str = ""
    named_by: tuple[str, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Field]:
        """The fields by key."""
        return {field.key: field for field in self.fields}

    @property
    def naming(self) -> tuple[str, ...]:
        """The fields whose values together are the name of a row."""
        return self.named_by or (self.title,)

    @cached_property
    def main_fields(self) -> tuple[Field, ...]:
        """The columns shown before somebody asks for all of them."""
        return tuple(self.by_key[key] for key in self.columns) or self.fields

    def fixed_row(self, key: str) -> FixedRow | None:
        """The fixed row of this key; a form has exactly one, "form"."""
        if self.kind == FORM and key == FORM:
            return FixedRow(FORM)
        return next((row for row in self.fixed_rows if row.key == key), None)

    @property
    def fixed_keys(self) -> tuple[str, ...]:
        """The keys of the rows that exist without being added."""
        return (FORM,) if self.kind == FORM else tuple(row.key for row in self.fixed_rows)

    def keys_for(self, event_type: str) -> tuple[str, ...]:
        """The keys of the rows that exist without being added for this type of event."""
        asked = {row.key for row in self.fixed_rows if not row.events or event_type in row.events}
        return tuple(key for key in self.fixed_keys if self.kind == FORM or key in asked)


@dataclass(frozen=True)
class Section:
    """One chapter of the workbook in one version."""

    key: str
    code: str
    version: int
    number: int
    label: Words
    lead: Words
    owner: str
    events: tuple[str, ...]
    due: int
    tables: tuple[Table, ...]
    #: The version of the whole template that this version of the section came with.
    release: int = 1

    @cached_property
    def table_of(self) -> dict[str, Table]:
        """The table of every field, by field key."""
        return {field.key: table for table in self.tables for field in table.fields}

    def table(self, key: str) -> Table | None:
        """The table of this key."""
        return next((table for table in self.tables if table.key == key), None)

    def field(self, key: str) -> Field | None:
        """The field of this key."""
        table = self.table_of.get(key)
        return table.by_key[key] if table else None

    @property
    def has_sheets(self) -> bool:
        """Whether the section has a table of rows."""
        return any(table.kind == SHEET for table in self.tables)

    @property
    def has_panels(self) -> bool:
        """Whether the section shows a table that is kept elsewhere."""
        return any(table.kind == PANEL for table in self.tables)

    def is_for(self, event_type: str) -> bool:
        """Whether the section belongs to the workbook of this type of event."""
        return "ALL" in self.events or event_type in self.events


def parse(data: dict) -> Section:
    """A section from the content of its file. Raises KeyError or TypeError for what is missing or unknown."""
    plain = {key: value for key, value in data.items() if key not in {"tables", "events"}}
    tables = tuple(_table(table) for table in data["tables"])
    return Section(**plain, events=tuple(data["events"]), tables=tables)


def with_fixed_rows(data: dict) -> dict:
    """A section's data with the fixed rows that a table takes from a file of ``data/`` in their place.

    Done before anything is frozen, so that a kept version never changes with the file.
    """
    return data | {"tables": [_with_rows_of_file(table) for table in data["tables"]]}


def _with_rows_of_file(table: dict) -> dict:
    if "fixed_rows_from" not in table:
        return table
    path = DATA / f"{table['fixed_rows_from']}.json"
    rows = json.loads(path.read_text(encoding="utf-8"))["rows"]
    return {key: value for key, value in table.items() if key != "fixed_rows_from"} | {"fixed_rows": rows}


def _table(data: dict) -> Table:
    plain = {
        key: value
        for key, value in data.items()
        if key not in {"fields", "columns", "named_by", "starters", "fixed_rows"}
    }
    return Table(
        **plain,
        fields=tuple(parse_field(field) for field in data["fields"]),
        columns=tuple(data.get("columns", ())),
        named_by=tuple(data.get("named_by", ())),
        starters=tuple(Starter(**starter) for starter in data.get("starters", ())),
        fixed_rows=tuple(
            FixedRow(**row | {"events": tuple(row.get("events", ()))}) for row in data.get("fixed_rows", ())
        ),
    )


_FIELD_WORDS = frozenset(Field.__dataclass_fields__) - {"choices", "options", "who", "events"}


def parse_field(data: dict) -> Field:
    """A field from its part of a section's data. Raises KeyError or TypeError like :func:`parse`."""
    plain = {key: value for key, value in data.items() if key in _FIELD_WORDS}
    rest = {key: value for key, value in data.items() if key not in Field.__dataclass_fields__}
    return Field(
        **plain,
        who=tuple(data["who"]),
        events=tuple(data.get("events", ())),
        choices=RAG
        if data["type"] == "rag"
        else tuple(
            Choice(item["value"], {"en": item["en"], "ko": item["ko"]}, item.get("status", ""))
            for item in data.get("choices", ())
        ),
        options=rest,
    )


@cache
def editions() -> dict[tuple[str, int], Section]:
    """Every version of every section, by key and version."""
    found = [
        parse(with_fixed_rows(json.loads(path.read_text(encoding="utf-8"))))
        for path in sorted(FOLDER.glob("*.json"))
    ]
    return {(section.key, section.version): section for section in found}


def newest() -> dict[str, Section]:
    """The newest version of every section, in the order of their numbers."""
    return release(newest_release())


def newest_release() -> int:
    """The number of the template's newest version."""
    return max((section.release for section in editions().values()), default=1)


def release(number: int) -> dict[str, Section]:
    """Every section as it stands in this version of the template, in the order of their numbers."""
    latest: dict[str, Section] = {}
    for (key, version), section in editions().items():
        if section.release <= number and (key not in latest or version > latest[key].version):
            latest[key] = section
    return in_order(latest)


def in_order(found: dict[str, Section]) -> dict[str, Section]:
    """The sections in the order of their numbers."""
    return dict(sorted(found.items(), key=lambda item: (item[1].number, item[0])))
