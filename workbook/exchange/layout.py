"""Where everything stands in the Excel file: names of sheets, hidden keys, widths. Both writer and reader know it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from unicodedata import east_asian_width

from workbook import types
from workbook.catalogue import Field
from workbook.fieldtypes.choice import OneOf, YesNo
from workbook.fieldtypes.number import DecimalNumber
from workbook.fieldtypes.time import Date, Instant

#: Goes up when a file of an older portal could not be read the same way any more.
FORMAT = 1
#: The sheet with what the file was like when it left; the sheet with the lists of answers.
BASE_SHEET, LISTS_SHEET = "_iem", "_lists"
#: Begins the hidden cell A3 of every sheet of ours: iem:<kind>:<section>:<table>.
MARK = "iem"
FORM, ROWS, PANEL = "form", "rows", "panel"
TITLE_ROW, LEAD_ROW, KEY_ROW, HEAD_ROW, OTHER_ROW, FIRST_ROW = range(1, 7)
#: Columns of a form: hidden key, question, answer, the question in the other language, who, until when.
QUESTION, ANSWER, OTHER, WHO, DUE = 2, 3, 4, 5, 6
#: Empty rows below the last one that offer the same lists.
SPARE = 30
MAX_NAME, MAX_PROMPT_TITLE, MAX_PROMPT = 31, 32, 255
#: Points of one line of text, and of the highest row that Excel takes.
LINE_HEIGHT, MAX_HEIGHT = 15, 405
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def mark(kind: str, section: str, table: str) -> str:
    """What stands in the hidden cell of a sheet."""
    return ":".join((MARK, kind, section, table))


def marked(text: str) -> tuple[str, str, str] | None:
    """Kind, section and table of a hidden cell, or None for any other text."""
    parts = text.split(":")
    if len(parts) != 4 or parts[0] != MARK or parts[1] not in {FORM, ROWS, PANEL}:
        return None
    return parts[1], parts[2], parts[3]


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = (BASE_SHEET, LISTS_SHEET)) -> list[str]:
    """A legal name for each wanted one: 31 characters, none of ``[]:*?/\\``, no apostrophe at an end, each once."""
    used = {name.casefold() for name in taken} | {"history"}
    names = []
    for text in wanted:
        name = _cut(_FORBIDDEN.sub(" ", text))
        number = 2
        while name.casefold() in used:
            name = f"{_cut(_FORBIDDEN.sub(' ', text), MAX_NAME - 4)} ({number})"
            number += 1
        used.add(name.casefold())
        names.append(name)
    return names


def _cut(text: str, length: int = MAX_NAME) -> str:
    tidy = " ".join(text.split()).strip("'") or "Sheet"
    whole = tidy
    # Spreadsheets count UTF-16 units.
    while len(tidy.encode("utf-16-le")) > length * 2:
        tidy = tidy[:-1]
    if tidy != whole and " " in tidy[length // 2 :]:
        tidy = tidy[: tidy.rindex(" ")]
    return tidy.strip("' ,·") or "Sheet"


def width(field: Field) -> int:
    """The width of a column in characters."""
    kind = types.type_of(field)
    if kind.input == "area":
        return 60
    if isinstance(kind, Date | DecimalNumber):
        return 14
    if isinstance(kind, Instant):
        return 18
    if isinstance(kind, YesNo):
        return 12
    if isinstance(kind, OneOf):
        return 22
    return {"url": 42, "link": 42, "arn": 42, "dimensions": 42, "aws_account": 17}.get(field.type, 28)


def height(cells: Iterable[tuple[str, int]]) -> int:
    """The height in points of a row of wrapped texts in columns of these widths; 0 when all fit in one line.

    Excel works it out when it opens a file, LibreOffice does not, and long answers would lie over each other.
    """
    lines = max((_lines(text, width) for text, width in cells), default=1)
    return min(lines * LINE_HEIGHT, MAX_HEIGHT) if lines > 1 else 0


def _lines(text: str, width: int) -> int:
    if len(text) * 2 < width and "\n" not in text:
        return 1
    # Lines break between words, so the last tenth of a line is often empty; Hangul is two letters wide.
    room = max(1, width * 9 // 10)
    return sum(1 + max(0, _letters(part) - 1) // room for part in text.split("\n"))


def _letters(text: str) -> int:
    return len(text) + sum(east_asian_width(letter) in "WF" for letter in text)
