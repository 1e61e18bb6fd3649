"""Reads a file that the portal did not write: tables and fields are guessed by headings and confirmed by a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from openpyxl.utils import get_column_letter

from engagements.models import Engagement
from workbook.catalogue import FORM, PANEL, Field, Section, Table
from workbook.exchange import mapping
from workbook.exchange.book import fields_of
from workbook.exchange.grids import Grid
from workbook.exchange.parsed import Parsed, Part, Wish, numbered
from workbook.exchange.safezip import Unreadable
from workbook.exchange.values import is_kept_elsewhere, text_of
from workbook.models import Cell, Row
from workbook.titles import folded
from workbook.types import Setting, show

#: How much of a foreign file is kept until it is mapped.
MAX_ROWS, MAX_COLUMNS, MAX_TEXTS = 2_000, 60, 60_000
#: Sheets with fewer fitting headings are left out unless a person says otherwise.
ENOUGH_HEADINGS = 2
#: Tables and rows of headings that are looked at closely.
_CLOSELY = 5


def kept(grids: list[Grid]) -> dict:
    """The texts of a file by sheet, row and column (from 0), as JSON. Raises Unreadable when there are too many."""
    sheets, count = [], 0
    for grid in grids:
        rows = []
        for number in range(1, min(max(grid.cells, default=0), MAX_ROWS) + 1):
            cells = grid.cells.get(number, {})
            width = min(max(cells, default=0), MAX_COLUMNS)
            texts = [_text(cells.get(column)) for column in range(1, width + 1)]
            count += sum(bool(text) for text in texts)
            rows.append(texts)
        if any(any(row) for row in rows):
            sheets.append({"name": grid.name, "rows": rows})
    if count > MAX_TEXTS:
        raise Unreadable("too_many")
    return {"sheets": sheets}


def _text(cell) -> str:
    return text_of(None, cell.value, cell.format) if cell and not cell.problem else ""


@dataclass(frozen=True)
class Candidate:
    """A table that a sheet may belong to."""

    section: Section
    table: Table
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        """Section and table in one word."""
        return f"{self.section.key}/{self.table.key}"

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Everything each field is called, normalised."""
        return {field.key: frozenset(_names(field)) - {""} for field in self.fields}

    @cached_property
    def all_names(self) -> frozenset[str]:
        """Everything any of its fields is called."""
        return frozenset().union(*self.names.values())

    def likeness(self, sheet: str) -> float:
        """How much a sheet's name is like the table's or the section's."""
        words = [self.section.code, *self.table.label.values(), *self.section.label.values()]
        return max(mapping.likeness(mapping.normal(sheet), mapping.normal(word)) for word in words)


def _names(field: Field) -> list[str]:
    words = [field.key, *field.label.values(), *(field.short or {}).values()]
    return [mapping.normal(word) for word in words]


def candidates(sections: list[Section], event_type: str) -> list[Candidate]:
    """Every table that can take answers, with its open fields."""
    found = []
    for section in sections:
        for table in section.tables:
            fields = tuple(field for field in fields_of(table, event_type) if not is_kept_elsewhere(field))
            if table.kind != PANEL and fields:
                found.append(Candidate(section, table, fields))
    return found


def guess(content: dict, sections: list[Section], event_type: str) -> list[dict]:
    """For each sheet the likeliest table, the row of its headings, and the field of each column (or row of a form)."""
    known = candidates(sections, event_type)
    return [_guess(sheet, known) for sheet in content["sheets"]]


def _guess(sheet: dict, known: list[Candidate]) -> dict:
    likely = sorted(known, key=lambda each: (_exact(sheet, each), each.likeness(sheet["name"])), reverse=True)
    best: dict[str, Any] = {"table": "", "head": 0, "fields": {}, "score": 0.0}
    for each in likely[:_CLOSELY]:
        found = fitted(sheet, each)
        if found["score"] > best["score"]:
            best = found
    if len(best["fields"]) < ENOUGH_HEADINGS:
        return {"table": "", "head": 0, "fields": {}}
    return {name: best[name] for name in ("table", "head", "fields")}


def _exact(sheet: dict, each: Candidate) -> int:
    """How many fields are called exactly so somewhere at the top, or down the first columns of a form."""
    if each.table.kind == FORM:
        texts = {mapping.normal(text) for row in sheet["rows"] for text in row[:3] if text}
        return len(texts & each.all_names)
    tops = ({mapping.normal(text) for text in row if text} for row in sheet["rows"][: mapping.HEADING_DEPTH])
    return max((len(texts & each.all_names) for texts in tops), default=0)


def fitted(sheet: dict, each: Candidate) -> dict:
    """The best fit of one table: for rows by column, for a form by row; with its score."""
    rows = sheet["rows"]
    if each.table.kind == FORM:
        match = mapping.questions(rows[:200], each.names)
    else:
        tops = range(min(len(rows), mapping.HEADING_DEPTH))
        hits = {n: sum(mapping.normal(text) in each.all_names for text in rows[n] if text) for n in tops}
        width = {n: sum(bool(text) for text in rows[n]) for n in tops}
        likely = sorted(tops, key=lambda n: (-hits[n], -width[n], n))[:_CLOSELY]
        match = mapping.best([rows[n] if n in likely else [] for n in tops], each.names)
    fields = {str(place): key for place, key in match.fields.items()}
    return {"table": each.key, "head": match.heading_row, "fields": fields, "score": match.score}


def parse(content: dict, chosen: list[dict], engagement: Engagement, sections: list[Section]) -> Parsed:
    """The wishes of a mapped file. Existing rows are found by their title; empty cells want nothing."""
    known = {each.key: each for each in candidates(sections, engagement.event_type)}
    parsed = Parsed()
    for sheet, choice in zip(content["sheets"], chosen, strict=False):
        each = known.get(choice.get("table", ""))
        fields = {int(place): key for place, key in choice.get("fields", {}).items()}
        if each is None or not fields:
            continue
        part = Part(each.section.key, each.table.key, sheet["name"])
        if each.table.kind == FORM:
            _form(part, sheet, fields)
        else:
            _rows(part, each, sheet, choice["head"], fields, _titles(engagement, each, sections))
        parsed.parts.append(part)
    numbered(parsed.parts)
    parsed.check_size()
    return parsed


def _form(part: Part, sheet: dict, fields: dict[int, str]) -> None:
    """The answer of a question is the next text on its row."""
    for place, key in fields.items():
        row = sheet["rows"][place] if place < len(sheet["rows"]) else []
        filled = [(column, text) for column, text in enumerate(row) if text]
        if len(filled) > 1:
            column, text = filled[1]
            at = f"{get_column_letter(column + 1)}{place + 1}"
            part.wishes.append(Wish(0, key, text, FORM, at=at))


def _rows(part: Part, each: Candidate, sheet: dict, head: int, fields: dict[int, str], titles: dict) -> None:
    title_at = next((column for column, key in fields.items() if key == each.table.title), None)
    for number, row in enumerate(sheet["rows"][head + 1 :], start=head + 2):
        texts = {column: row[column] for column in fields if column < len(row) and row[column]}
        if not texts:
            continue
        found = titles.get(folded(texts[title_at])) if title_at in texts else None
        new = "" if found else f"{sheet['name']}!{number}"
        for column, text in texts.items():
            at = f"{get_column_letter(column + 1)}{number}"
            part.wishes.append(Wish(0, fields[column], text, found, new, at=at))
        if found:
            # A second line of the same title is another row.
            titles.pop(folded(texts[title_at]))


def _titles(engagement: Engagement, each: Candidate, sections: list[Section]) -> dict[str, str]:
    """The rows of a table by their titles, where a title belongs to one row only. One query."""
    spec = each.table.by_key.get(each.table.title)
    if spec is None:
        return {}
    setting = Setting.of(engagement, sections)
    rows = Row.objects.filter(
        engagement=engagement, section=each.section.key, table=each.table.key, deleted_at=None
    )
    cells = (
        Cell.objects.filter(row__in=rows, field=spec.key).exclude(value=None).values_list("row_id", "value")
    )
    named = [(folded(show(spec, value, setting)), str(row)) for row, value in cells]
    often = Counter(name for name, _row in named)
    return {name: row for name, row in named if often[name] == 1}
