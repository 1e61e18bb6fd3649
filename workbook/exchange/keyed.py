"""Reads a file that the portal wrote: by its hidden keys, against what it looked like when it left."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from openpyxl.utils import get_column_letter

from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import types
from workbook.catalogue import FORM, PANEL, Field, Section, Table
from workbook.exchange import layout
from workbook.exchange.grids import MAX_ROWS, At, Grid
from workbook.exchange.parsed import Parsed, Part, Wish, numbered
from workbook.exchange.safezip import Unreadable
from workbook.exchange.values import digest, is_kept_elsewhere, is_secret, text_of
from workbook.fieldtypes.time import Instant

#: How far down the hidden keys are looked for.
_DEPTH = 12
_ANSWER = "answer"


@dataclass
class Base:
    """The hidden sheet: whose file it is, and version and digest of every cell by section, table and row."""

    about: dict = field(default_factory=dict)
    rows: dict[tuple[str, str, str], dict[str, list]] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """The engagement that the file was exported from; nothing when it does not say."""
        return str(self.about.get("reference", ""))

    @property
    def zone(self) -> ZoneInfo | None:
        """The zone of the file's times."""
        try:
            return ZoneInfo(str(self.about.get("time_zone", "")))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None


def base_of(grids: list[Grid]) -> Base:
    """What the hidden sheet says; an empty base when it is gone or was meddled with."""
    base = Base()
    sheet = next((grid for grid in grids if grid.name == layout.BASE_SHEET), None)
    for row in sheet.cells if sheet else ():
        kind = sheet.words(row, 1)
        if kind == "about":
            base.about = _json(sheet.words(row, 2))
        elif kind == "row":
            key = (sheet.words(row, 2), sheet.words(row, 3), sheet.words(row, 4))
            base.rows[key] = _json(sheet.words(row, 5))
    return base


def _json(text: str) -> dict:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def is_ours(grids: list[Grid]) -> bool:
    """Whether any sheet carries our hidden keys."""
    return any(_key_row(grid) for grid in grids)


def _key_row(grid: Grid) -> int:
    """The row of the hidden keys, or 0."""
    return next((row for row in range(1, _DEPTH) if layout.marked(grid.words(row, 1))), 0)


def parse(grids: list[Grid], engagement: Engagement, sections: list[Section]) -> Parsed:
    """What a file of ours wants changed. Raises Unreadable for a file of a newer portal, or too many changes."""
    base = base_of(grids)
    if (whole(base.about.get("format", layout.FORMAT)) or layout.FORMAT) > layout.FORMAT:
        raise Unreadable("newer")
    reader = KeyedReader(engagement, sections, base)
    for grid in grids:
        if row := _key_row(grid):
            reader.sheet(grid, row)
    return reader.finish()


@dataclass(frozen=True)
class Place:
    """The row that a line of the file speaks of: its name or, for a new one, what it is told apart by."""

    row: str | None
    new: str
    known: dict[str, list]


class KeyedReader:
    """Collects the wishes of one file, table by table."""

    def __init__(self, engagement: Engagement, sections: list[Section], base: Base):
        self.engagement = engagement
        self.sections = {section.key: section for section in sections}
        self.base = base
        self.parsed = Parsed()
        self.zone = ZoneInfo(engagement.time_zone)
        self.file_zone = base.zone or self.zone
        if not base.rows:
            self.say("base_missing")
        if self.file_zone.key != self.zone.key:
            self.say("time_zone", was=self.file_zone.key, now=self.zone.key)
        self._versions()

    def say(self, code: str, **values) -> None:
        """Tell the reader about the file, once."""
        if (code, values) not in self.parsed.notices:
            self.parsed.notices.append((code, values))

    def _versions(self) -> None:
        known = self.base.about.get("sections")
        for key, was in known.items() if isinstance(known, dict) else ():
            section = self.sections.get(key)
            if section and whole(was) is not None and section.version != was:
                self.say("section_version", section=section.code, was=was, now=section.version)

    def sheet(self, grid: Grid, key_row: int) -> None:
        """One sheet of the file."""
        kind, section_key, table_key = layout.marked(grid.words(key_row, 1))
        section = self.sections.get(section_key)
        table = section.table(table_key) if section else None
        if table is None:
            self.say("section_gone", section=section_key.upper())
            return
        if table.kind == PANEL or kind == layout.PANEL:
            return
        if grid.is_cut:
            self.say("too_long", sheet=grid.name, rows=MAX_ROWS)
        keys = {column: cell.value for column, cell in grid.cells[key_row].items() if column > 1}
        part = Part(section.key, table.key, grid.name)
        if kind == layout.FORM:
            self._form(part, table, grid, key_row, keys)
        else:
            self._rows(part, table, grid, key_row, {column: str(key) for column, key in keys.items()})
        self.parsed.parts.append(part)

    def _form(self, part: Part, table: Table, grid: Grid, key_row: int, keys: dict) -> None:
        answer = next((column for column, key in keys.items() if key == _ANSWER), layout.ANSWER)
        place = Place(FORM, "", self._known(part, FORM))
        for row in sorted(grid.cells):
            key = grid.words(row, 1)
            if row > key_row + 2 and key:
                self._cell(part, table, place, key, grid.at(row, answer), _address(row, answer))

    def _rows(self, part: Part, table: Table, grid: Grid, key_row: int, keys: dict[int, str]) -> None:
        seen: set[str] = set()
        for row in sorted(grid.cells):
            if row <= key_row + 2:
                continue
            name = text_of(None, getattr(grid.at(row, 1), "value", None))[:40]
            is_first = name and name not in seen
            seen.add(name)
            self._row(part, table, name if is_first else None, grid, row, keys)
        gone = {
            row for section, key, row in self.base.rows if (section, key) == (part.section, part.table)
        } - seen
        part.missing += sorted(number for row in gone if (number := whole(row)) is not None)

    def _row(
        self, part: Part, table: Table, name: str | None, grid: Grid, row: int, keys: dict[int, str]
    ) -> None:
        known = self._known(part, name) if name else {}
        before = len(part.wishes)
        place = Place(name, "" if name else f"{grid.name}!{row}", known)
        for column, key in keys.items():
            self._cell(part, table, place, key, grid.at(row, column), _address(row, column))
        number = whole(name or "")
        was_filled = any(was != _NOTHING for _version, was in known.values())
        is_emptied = not any(grid.at(row, column) for column, key in keys.items() if _is_open(table, key))
        if number is not None and was_filled and is_emptied:
            # A row whose cells were all cleared was meant to go.
            del part.wishes[before:]
            part.missing.append(number)

    def _known(self, part: Part, row: str) -> dict[str, list]:
        found = self.base.rows.get((part.section, part.table, row), {})
        return {key: each for key, each in found.items() if isinstance(each, list) and len(each) == 2}

    def _cell(self, part: Part, table: Table, place: Place, key: str, cell: At | None, at: str) -> None:
        """One cell: passed over when it stands as it was exported, else a wish."""
        spec = table.by_key.get(key)
        if spec and not _is_asked(table, spec, place.row):
            return
        text = text_of(spec, cell.value, cell.format) if cell else ""
        version, was = place.known.get(key, (0, _NOTHING))
        if not (cell and cell.problem) and digest(text) == was:
            self.parsed.untouched += bool(text)
            return
        if spec is None and not text:
            return
        problem = cell.problem if cell else ""
        part.wishes.append(
            Wish(
                number=0,
                field=key[:40],
                text=self._moved(spec, text),
                row=place.row,
                new_row=place.new,
                base=whole(version) if self.base.rows else None,
                at=at,
                problem=problem or ("" if spec else "no_field"),
            )
        )

    def _moved(self, spec: Field | None, text: str) -> str:
        """A local time of the file's zone as the same instant in the engagement's."""
        if (
            spec is None
            or self.file_zone.key == self.zone.key
            or not isinstance(types.type_of(spec), Instant)
        ):
            return text
        if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", text):
            return text
        try:
            local = datetime.fromisoformat(text).replace(tzinfo=self.file_zone)
            return f"{local.astimezone(self.zone):%Y-%m-%d %H:%M}"
        except (ValueError, OverflowError):
            return text

    def finish(self) -> Parsed:
        """Everything that was found, each wish with its number."""
        numbered(self.parsed.parts)
        self.parsed.check_size()
        return self.parsed


_NOTHING = digest("")


def _address(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def _is_open(table: Table, key: str) -> bool:
    spec = table.by_key.get(key)
    return spec is not None and not is_kept_elsewhere(spec) and not is_secret(spec)


def _is_asked(table: Table, spec: Field, name: str | None) -> bool:
    """Whether this cell can be filled at all; what is kept elsewhere is passed over in silence."""
    fixed = table.fixed_row(name) if name else None
    is_given = bool(fixed) and (spec.key in fixed.bound or spec.key in fixed.values)
    return not is_given and not is_kept_elsewhere(spec) and not is_secret(spec)
