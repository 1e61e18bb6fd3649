"""What stands in the cells of an uploaded file: sheets as grids of found values, whatever wrote the file."""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any, BinaryIO

import openpyxl

from iem_portal.texts import can_be_kept
from workbook.exchange.safezip import MAX_UPLOAD, Unreadable, check, looks_packed, size_of

#: How much of a file is read; more is no planning workbook.
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_TEXT = 120, 5_000, 200, 250_000, 32_767

#: A text without a single line of two cells is no table.
_TABLE = 1
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True)
class At:
    """One cell that holds something: its value, how it is formatted, and the code of what is wrong with it."""

    value: Any
    format: str = "General"
    problem: str = ""


@dataclass
class Grid:
    """One sheet: cells by row and column, both from 1."""

    name: str
    cells: dict[int, dict[int, At]] = field(default_factory=dict)
    is_cut: bool = False

    def at(self, row: int, column: int) -> At | None:
        """The cell, or None where nothing stands."""
        return self.cells.get(row, {}).get(column)

    def words(self, row: int, column: int) -> str:
        """The text of a cell; nothing for anything else."""
        found = self.at(row, column)
        return found.value if found and isinstance(found.value, str) else ""


def read(file: BinaryIO) -> list[Grid]:
    """The sheets of an .xlsx or CSV file. Raises Unreadable with the code of why not."""
    if size_of(file) > MAX_UPLOAD:
        raise Unreadable("too_big")
    if looks_packed(file):
        return _of_excel(file)
    return [_of_csv(file.read())]


def _of_excel(file: BinaryIO) -> list[Grid]:
    check(file)
    try:
        grids = _loaded(file, is_values=True)
        if _has_formulas(file):
            _mark_formulas(grids, _loaded(file, is_values=False))
    except Unreadable:
        raise
    except (MemoryError, RecursionError):
        raise Unreadable("bomb") from None
    except Exception:  # a hostile or broken file makes the library fail in many ways, and all mean the same
        raise Unreadable("damaged") from None
    return grids


def _loaded(file: BinaryIO, *, is_values: bool) -> list[Grid]:
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(file, read_only=True, data_only=is_values, keep_links=False)
        try:
            if len(book.worksheets) > MAX_SHEETS:
                raise Unreadable("bomb")
            budget = _Budget()
            return [_grid(sheet, budget) for sheet in book.worksheets]
        finally:
            book.close()


class _Budget:
    """How many cells may still be read."""

    def __init__(self):
        self.left = MAX_CELLS

    def take(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise Unreadable("bomb")


def _grid(sheet, budget: _Budget) -> Grid:
    grid = Grid(sheet.title)
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS):
        found = {cell.column: _at(cell) for cell in row if cell.value is not None}
        for _cell in found:
            budget.take()
        if not found:
            continue
        number = next(cell.row for cell in row if cell.value is not None)
        if number > MAX_ROWS:
            grid.is_cut = True
            break
        grid.cells[number] = found
    return grid


def _at(cell) -> At:
    value = cell.value
    if cell.data_type == "e":
        return At(str(value), problem="error")
    if isinstance(value, str):
        return At(value[:MAX_TEXT]) if can_be_kept(value) else At("", problem="error")
    if isinstance(value, bool | int | float | date | time | timedelta):
        return At(value, cell.number_format or "General")
    return At(str(value)[:MAX_TEXT])


def _has_formulas(file: BinaryIO) -> bool:
    """Whether any sheet holds a formula; only then the file is worth reading twice."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        sheets = [name for name in archive.namelist() if name.lower().startswith("xl/worksheets/")]
        return any(_FORMULA.search(archive.read(name)) for name in sheets)


def _mark_formulas(grids: list[Grid], formulas: list[Grid]) -> None:
    """A formula whose result was never worked out is no empty cell."""
    for grid, other in zip(grids, formulas, strict=True):
        for row, cells in other.cells.items():
            for column, cell in cells.items():
                is_formula = (
                    not isinstance(cell.value, bool | int | float | date) and str(cell.value)[:1] == "="
                )
                if is_formula and grid.at(row, column) is None:
                    grid.cells.setdefault(row, {})[column] = At("", problem="formula")


def _of_csv(content: bytes) -> Grid:
    text = _decoded(content)
    if "\x00" in text:
        raise Unreadable("not_excel")
    grid = Grid("CSV")
    try:
        for number, row in enumerate(_lines(text), start=1):
            if number > MAX_ROWS:
                grid.is_cut = True
                break
            found = {place: At(cell) for place, cell in enumerate(row[:MAX_COLUMNS], start=1) if cell}
            if found:
                grid.cells[number] = found
    except csv.Error:
        raise Unreadable("damaged") from None
    if not grid.cells:
        raise Unreadable("empty")
    if sum(len(cells) > 1 for cells in grid.cells.values()) < _TABLE:
        raise Unreadable("not_excel")
    return grid


def _decoded(content: bytes) -> str:
    """UTF-8, or what Korean Windows writes."""
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("not_excel")


def _lines(text: str) -> Iterator[list[str]]:
    head = text[: text.find("\n") + 1 or None]
    delimiter = max(",;\t", key=head.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
