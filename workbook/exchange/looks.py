"""How the cells of the Excel file look, and the lists and hints that hang on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import RowDimension

from workbook.exchange import layout
from workbook.exchange.values import GENERAL, as_written

_INK, _DIM, _LINE, _HEAD, _LOCKED, _WANTED = "1B2733", "5B6770", "C9D1D6", "E4EBEF", "F1F3F4", "FFF6DD"
_SIDE = Side(style="thin", color=_LINE)
_BOX = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_TOP = Alignment(vertical="top", wrap_text=True)


def _font(size: int = 11, **words) -> Font:
    """A font by name: programs draw one without a name in different ways."""
    return Font(name="Calibri", size=size, **words)


class _Fitted(RowDimension):
    """A height that a spreadsheet may work out anew when longer words are typed."""

    #: openpyxl takes any height for one that a person chose.
    customHeight = False


class Looks:
    """The styles of one workbook, each made once; a cell takes a finished style, which is much quicker."""

    _KINDS = {
        "title": {"font": _font(bold=True, size=16, color=_INK)},
        "lead": {"font": _font(color=_DIM), "alignment": _TOP},
        "lead1": {"font": _font(color=_DIM)},
        "key": {"font": _font(color=_DIM, size=8)},
        "head": {
            "font": _font(bold=True, color=_INK),
            "fill": PatternFill("solid", _HEAD),
            "alignment": _TOP,
            "border": _BOX,
        },
        "head_wanted": {
            "font": _font(bold=True, color=_INK),
            "fill": PatternFill("solid", _WANTED),
            "alignment": _TOP,
            "border": _BOX,
        },
        "other": {
            "font": _font(italic=True, color=_DIM, size=9),
            "fill": PatternFill("solid", _HEAD),
            "alignment": _TOP,
            "border": _BOX,
        },
        "label": {"font": _font(color=_INK), "alignment": _TOP, "border": _BOX},
        "bold": {"font": _font(bold=True, color=_INK), "alignment": _TOP},
        "link": {"font": _font(color="0B57A4", underline="single")},
        "open": {"font": _font(), "alignment": _TOP, "border": _BOX, "protection": Protection(locked=False)},
        "locked": {"font": _font(), "fill": PatternFill("solid", _LOCKED), "alignment": _TOP, "border": _BOX},
        "hidden": {"protection": Protection(locked=False), "font": _font(color=_DIM, size=8)},
    }

    def __init__(self, book: Workbook):
        self._book = book
        self._styles: dict = {}
        self._sheet, self._count = None, 0

    def on(self, sheet) -> Looks:
        """The same looks, for cells of this sheet."""
        self._sheet, self._count = sheet, 0
        return self

    def style(self, kind: str, number_format: str = GENERAL):
        """The style of a kind of cell."""
        key = kind, number_format
        if key not in self._styles:
            cell = WriteOnlyCell(self._sheet)
            for name, part in self._KINDS[kind].items():
                setattr(cell, name, part)
            cell.number_format = number_format
            # Excel's own sign that a text is meant as text, whatever it begins with.
            cell.quotePrefix = kind == "open" and number_format == "@"
            self._styles[key] = cell._style
        return self._styles[key]

    def append(self, cells: Iterable, widths: Sequence[int] = ()) -> None:
        """Add a row that is as high as its longest text needs; ``widths`` are those of its columns, none: one line.

        Every row of a sheet has to come this way, for openpyxl does not say how many it has written.
        """
        self._count += 1
        cells = list(cells)
        texts = (
            (cell.value, width)
            for cell, width in zip(cells, widths, strict=False)
            if cell is not None and isinstance(cell.value, str)
        )
        if points := layout.height(texts):
            fitted = _Fitted(self._sheet, index=self._count, ht=points)
            self._sheet.row_dimensions[self._count] = fitted
        self._sheet.append(cells)

    def text(self, words, kind: str = "label") -> WriteOnlyCell:
        """A cell with words of ours; never a formula or an error, whatever they are."""
        return self.value(as_written(str(words)), kind)

    def value(self, value: str | float | date | datetime, kind: str, number_format: str = GENERAL):
        """A cell with a value that is ready to be written."""
        cell = WriteOnlyCell(self._sheet, value)
        if isinstance(value, str):
            cell.data_type = "s"
        cell._style = self.style(kind, number_format)
        return cell

    def blank(self, kind: str, number_format: str = GENERAL) -> WriteOnlyCell:
        """An empty cell."""
        cell = WriteOnlyCell(self._sheet)
        cell._style = self.style(kind, number_format)
        return cell


class Lists:
    """The lists of answers, each kept once as a column of the hidden sheet, so that no text in them needs an escape."""

    #: A list that long is no help any more.
    LONGEST = 500

    def __init__(self):
        self._columns: dict[tuple[str, ...], int] = {}

    def reference(self, words: list[str]) -> str:
        """Where a list stands, as a validation names it; nothing for an empty or endless list."""
        items = tuple(dict.fromkeys(as_written(word) for word in words if word))
        if not items or len(items) > self.LONGEST:
            return ""
        column = get_column_letter(self._columns.setdefault(items, len(self._columns) + 1))
        return f"{quote_sheetname(layout.LISTS_SHEET)}!${column}$1:${column}${len(items)}"

    def rows(self) -> list[list[str]]:
        """The lists as rows of the hidden sheet."""
        columns = list(self._columns)
        longest = max((len(items) for items in columns), default=0)
        return [
            [items[number] if number < len(items) else "" for items in columns] for number in range(longest)
        ]


def hint(title: str, words: str, reference: str, *, is_strict: bool, error: str) -> DataValidation | None:
    """The list and the message of a cell; None when there is neither. Longer texts than Excel takes are cut."""
    if not reference and not words:
        return None
    return DataValidation(
        type="list" if reference else None,
        formula1=reference or None,
        allow_blank=True,
        showInputMessage=bool(words),
        promptTitle=_cut(title, layout.MAX_PROMPT_TITLE) if words else None,
        prompt=_cut(words, layout.MAX_PROMPT) if words else None,
        showErrorMessage=bool(reference) and is_strict,
        errorStyle="stop",
        error=_cut(error, layout.MAX_PROMPT) if reference and is_strict else None,
    )


def _cut(text: str, length: int) -> str:
    tidy = as_written(" ".join(text.split()))
    while len(tidy.encode("utf-16-le")) > length * 2:
        tidy = tidy[:-2] + "…"
    return tidy
