"""One table as CSV: out with the row's number first and its versions last, and back in by the keys in the heading."""

from __future__ import annotations

import csv
import io
import json
import re

from django.utils import translation

from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from workbook.catalogue import Section
from workbook.exchange import book as books
from workbook.exchange import layout
from workbook.exchange.grids import MAX_ROWS, At, Grid
from workbook.exchange.keyed import Base, KeyedReader
from workbook.exchange.neutral import neutral, restored
from workbook.exchange.parsed import Parsed
from workbook.exchange.safezip import Unreadable
from workbook.exchange.values import as_line, digest, text_of

_KEYED = re.compile(r"\[([a-z0-9_]{1,40})\]\s*$")
_ROW, _BASE = "row", "iem"


def export(engagement: Engagement, section: Section, table: str, language: str) -> bytes:
    """The rows of one table in one language, UTF-8 with the mark that spreadsheets look for."""
    with translation.override(language):
        book = books.read(engagement, only=(section.key, table))
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\r\n")
        for block in book.blocks:
            heads = [f"{pick(field.heading)} [{field.key}]" for field in block.fields]
            writer.writerow(["[row]", *(neutral(head) for head in heads), "[iem]"])
            writer.writerows(_line(book, block, line) for line in block.lines)
        return ("\ufeff" + stream.getvalue()).encode("utf-8")


def _line(book: books.Book, block: books.Block, line: books.Line) -> list[str]:
    texts, known = [], {}
    for field in block.fields:
        value = line.values.get(field.key)
        text = "" if value is None else as_line(field, value, book.setting)
        texts.append(text)
        if field.key in line.versions and not line.is_locked(field):
            known[field.key] = [line.versions[field.key], digest(text_of(field, text))]
    about = {"e": book.engagement.reference, "s": block.section.key, "n": block.section.version}
    about |= {"t": block.table.key, "z": book.engagement.time_zone, "c": known}
    return [line.row, *texts, json.dumps(about, separators=(",", ":"))]


def _keys(grid: Grid) -> dict[int, str]:
    """The keys of the first line by column."""
    found = {column: _KEYED.search(str(cell.value)) for column, cell in grid.cells.get(1, {}).items()}
    return {column: match[1] for column, match in found.items() if match}


def is_ours(grids: list[Grid]) -> bool:
    """Whether this is one CSV file whose headings carry our keys."""
    return len(grids) == 1 and _ROW in _keys(grids[0]).values()


def parse(grid: Grid, engagement: Engagement, sections: list[Section]) -> Parsed:
    """What the lines want changed. Raises Unreadable for another engagement's or no known table."""
    keys = _keys(grid)
    owner = next((s for s in sections if any(s.field(key) for key in keys.values())), None)
    if owner is None:
        raise Unreadable("no_cells")
    table = next(owner.table_of[key] for key in keys.values() if owner.field(key))
    reader = KeyedReader(engagement, sections, _base(grid, keys, engagement, owner.key, table.key))
    reader.sheet(_as_sheet(grid, keys, owner.key, table.key), 1)
    return reader.finish()


def _base(grid: Grid, keys: dict[int, str], engagement: Engagement, section: str, table: str) -> Base:
    """Versions and digests out of the last column."""
    places = {key: column for column, key in keys.items()}
    base = Base()
    for row in grid.cells:
        try:
            about = json.loads(restored(grid.words(row, places.get(_BASE, 0))))
            name = restored(grid.words(row, places[_ROW]))
            reference, known = about["e"], dict(about["c"])
        except (ValueError, TypeError, KeyError):
            continue
        if reference != engagement.reference:
            raise Unreadable("elsewhere", reference=str(reference)[:40])
        base.about = {
            "reference": reference,
            "time_zone": about.get("z", ""),
            "sections": {section: about.get("n")},
        }
        base.rows[section, table, name] = known
    return base


def _as_sheet(grid: Grid, keys: dict[int, str], section: str, table: str) -> Grid:
    """The same cells laid out like a sheet of the Excel file: mark and keys, two lines of headings, rows."""
    kind = layout.ROWS
    place = next(column for column, key in keys.items() if key == _ROW)
    columns = [(column, key) for column, key in keys.items() if key not in (_ROW, _BASE)]
    sheet = Grid(grid.name, is_cut=grid.is_cut)
    sheet.cells[1] = {1: At(layout.mark(kind, section, table))}
    sheet.cells[1] |= {number: At(key) for number, (_column, key) in enumerate(columns, start=2)}
    for row, cells in grid.cells.items():
        if row == 1 or row > MAX_ROWS:
            continue
        found = {
            number: cells[column] for number, (column, _key) in enumerate(columns, start=2) if column in cells
        }
        if place in cells:
            found[1] = cells[place]
        if found:
            sheet.cells[row + 2] = found
    return sheet
