"""A runbook as .xlsx or CSV, and back in as a reviewed difference. Rows are known by their codes."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from engagements import access
from warroom.models import Runbook, Step
from warroom.runbook._base import StepConflict, StepError, atomic, tell
from warroom.runbook.cells import BY_KEY, COLUMNS, Column, parsed, shown
from warroom.runbook.editing import MOST_STEPS, add_step, delete_step, set_cell, setting_of
from workbook.exchange.grids import Grid, read
from workbook.exchange.neutral import neutral, restored, unescaped, writable
from workbook.exchange.safezip import Unreadable

_KEYED = re.compile(r"\[([a-z0-9_]{1,40})\]\s*$")
HEAD_ROWS = 5


def _table(runbook: Runbook) -> list[list[str]]:
    """Headings and rows as text, formulas made harmless. One query."""
    zone = ZoneInfo(runbook.engagement.time_zone)
    rows = [[f"{column.label} [{column.key}]" for column in COLUMNS]]
    steps = Step.objects.filter(runbook=runbook).order_by("position")
    rows += [
        [neutral(writable(_word(step, column, zone)), keeps_numbers=True) for column in COLUMNS]
        for step in steps
    ]
    return rows


def _word(step: Step, column: Column, zone: ZoneInfo) -> str:
    """A choice by its value, which is the same in every language; yes and no as words."""
    text = shown(step, column, zone)
    if column.kind == "yes":
        return "yes" if text else "no"
    return text.replace("T", " ") if column.kind == "instant" else text


def as_csv(runbook: Runbook) -> bytes:
    """UTF-8 with the mark that spreadsheets look for."""
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(_table(runbook))
    return ("\ufeff" + stream.getvalue()).encode("utf-8")


def as_xlsx(runbook: Runbook) -> bytes:
    """One sheet; every cell is text, so that nothing in it is worked out."""
    file = Workbook(write_only=True)
    sheet = file.create_sheet("Runbook")
    sheet.freeze_panes = "C2"
    for number, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = column.width + 4
    for place, row in enumerate(_table(runbook)):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, text)
            cell.data_type, cell.number_format = "s", "@"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=place == 0)
            cells.append(cell)
        sheet.append(cells)
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


def compare(runbook: Runbook, file: BinaryIO) -> dict:
    """What a file would change: {changes, added, missing, problems}, plain data. Raises Unreadable."""
    grid, columns, first = _found(read(file))
    setting = setting_of(runbook)
    steps = {step.code: step for step in Step.objects.filter(runbook=runbook).order_by("position")}
    found: dict = {"changes": [], "added": [], "missing": [], "problems": []}
    seen: set[str] = set()
    for row in sorted(number for number in grid.cells if number >= first):
        cells = {column.key: _typed(grid, row, place) for place, column in columns.items()}
        code = cells.get("code", "").upper()
        if not code:
            found["problems"].append({"row": row, "code": "", "text": _("This row has no code.")})
            continue
        if code in seen:
            words = _("The code %(code)s is used twice.") % {"code": code}
            found["problems"].append({"row": row, "code": code, "text": words})
            continue
        seen.add(code)
        _compare_row(found, row, code, cells, steps.get(code), setting)
    if len(seen) > MOST_STEPS:
        raise Unreadable("too_many")
    found["missing"] = [
        {"code": step.code, "version": step.version} for step in steps.values() if step.code not in seen
    ]
    return found


def _found(grids: list[Grid]) -> tuple[Grid, dict[int, Column], int]:
    """The sheet with our headings, its columns by place, and the first row of data."""
    for grid in grids:
        for row in sorted(grid.cells)[:HEAD_ROWS]:
            columns = {}
            for place in grid.cells[row]:
                key = _KEYED.search(grid.words(row, place))
                if key and key[1] in BY_KEY:
                    columns[place] = BY_KEY[key[1]]
            if "code" in {column.key for column in columns.values()}:
                return grid, columns, row + 1
    raise Unreadable("no_cells")


def _typed(grid: Grid, row: int, place: int) -> str:
    """What stands in a cell, as it is typed into the sheet."""
    at = grid.at(row, place)
    if at is None:
        return ""
    if isinstance(at.value, bool):
        return "1" if at.value else ""
    if isinstance(at.value, datetime):
        return f"{at.value:%Y-%m-%dT%H:%M}"
    if isinstance(at.value, date):
        return f"{at.value:%Y-%m-%dT00:00}"
    if isinstance(at.value, float) and at.value.is_integer():
        return str(int(at.value))
    return restored(unescaped(str(at.value))).strip()


def _compare_row(found: dict, row: int, code: str, cells: dict, step: Step | None, setting) -> None:
    cells = {key: text for key, text in cells.items() if key != "code"}
    differing, bad = {}, []
    for key, text in cells.items():
        column = BY_KEY[key]
        try:
            means = parsed(column, text, setting)
        except StepError as error:
            if step is not None or text:
                bad.append({"row": row, "code": code, "column": str(column.label), "text": str(error)})
            continue
        if step is None and text:
            differing[key] = {"old": "", "new": text}
        if step is not None and _differs(step, key, means, setting):
            differing[key] = {"old": shown(step, column, setting.zone), "new": text}
    found["problems"] += bad
    if step is None:
        found["added"].append({"code": code, "cells": differing})
    elif differing:
        found["changes"].append({"code": code, "version": step.version, "cells": differing})


def _differs(step: Step, key: str, means: dict, setting) -> bool:
    """Whether the cell means something else; words are compared in the reader's language."""
    value = means[key]
    if isinstance(value, dict):
        return value.get("en", "") != shown(step, BY_KEY[key], setting.zone)
    if isinstance(value, datetime):
        now = getattr(step, key)
        return now is None or now.replace(second=0, microsecond=0) != value
    return getattr(step, key) != value


def apply(*, runbook: Runbook, wanted: dict, removes: bool, by, now: datetime) -> dict:
    """Take the reviewed difference in: all of it or, when somebody changed a row meanwhile, nothing.

    Rows that the file does not have are removed only when that is asked for. Gives how many of what.
    """
    access.check(by, runbook.engagement, access.Permission.RUN_STEPS)
    count = {"cells": 0, "added": 0, "removed": 0}
    with atomic():
        for change in wanted["changes"]:
            step, version = _again(runbook, change["code"]), change["version"]
            for key, cell in change["cells"].items():
                step = set_cell(step=step, version=version, by=by, now=now, field=key, text=cell["new"])
                version, count["cells"] = step.version, count["cells"] + 1
        for row in wanted["added"]:
            step = add_step(runbook=runbook, by=by, now=now)
            texts = {"code": row["code"], "predecessors": ""} | {
                k: one["new"] for k, one in row["cells"].items()
            }
            for key, text in texts.items():
                step = set_cell(step=step, version=step.version, by=by, now=now, field=key, text=text)
            count["added"] += 1
        for gone in wanted["missing"] if removes else ():
            step = _again(runbook, gone["code"])
            delete_step(step=step, version=step.version, by=by, now=now)
            count["removed"] += 1
        tell(runbook, "runbook.imported", by=by, now=now, count=sum(count.values()))
    return count


def _again(runbook: Runbook, code: str) -> Step:
    found = Step.objects.filter(runbook=runbook, code=code).select_related("runbook__engagement").first()
    if found is None:
        raise StepError(_("There is no step %(code)s.") % {"code": code})
    return found


__all__ = ["StepConflict", "apply", "as_csv", "as_xlsx", "compare"]
