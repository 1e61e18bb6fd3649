"""The facts behind the figures as CSV: one line for each promise, or one for each escalation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime

from escalation.attainment import board as boards
from escalation.attainment.board import Board
from escalation.attainment.reading import Case

# What a spreadsheet may take for the beginning of a formula, plain or full-width. Source: OWASP, CSV injection.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
PROMISES, CASES = "promises", "escalations"
KINDS = (PROMISES, CASES)
_HEAD = ("engagement", "customer", "escalation", "title", "tam", "month", "lane")


def content(board: Board, what: str) -> str:
    """The file, UTF-8 with the mark that spreadsheets look for. Heads are codes, instants UTC, spans seconds."""
    out = io.StringIO(newline="")
    out.write("\ufeff")
    writer = csv.writer(out)
    for line in _promises(board) if what == PROMISES else _cases(board):
        writer.writerow([_neutral(_text(cell)) for cell in line])
    return out.getvalue()


def _promises(board: Board) -> Iterator[tuple]:
    yield (
        *_HEAD, "clock", "cycle", "level", "severity", "outcome", "started_at", "due_at", "stopped_at",
        "breached_at", "target_s", "used_s", "net_s", "late_s", "cause", "cause_text",
    )  # fmt: skip
    wanted = board.choice.severity
    for case in board.all_cases:
        for one in case.promises:
            severity = boards.severity_of(case, one)
            if wanted and severity != wanted:
                continue
            cause = case.cause_of(one)
            yield (
                *_head(case), one.kind, one.cycle, None if one.level is None else one.level + 1, severity,
                one.outcome, one.started_at, one.due_at, one.stopped_at, one.breached_at, one.target_s,
                one.used_s, one.net_s, one.late_s, cause and cause.kind, cause and cause.text,
            )  # fmt: skip


def _cases(board: Board) -> Iterator[tuple]:
    spans = list(boards.labels())
    yield (
        *_HEAD, "severity", "declared_at", "resolved_at", "updates_in_time", "updates_judged",
        *(f"{key}_s" for key in spans),
    )  # fmt: skip
    for case in board.cases:
        one = case.escalation
        yield (
            *_head(case), one.severity, one.declared_at, one.resolved_at, *case.updates,
            *(case.spans.get(key) for key in spans),
        )  # fmt: skip


def _head(case: Case) -> tuple:
    one = case.escalation
    engagement = one.engagement
    return (
        engagement.reference, engagement.customer.name, one.reference, one.title, "; ".join(case.tams),
        case.month, one.lane,
    )  # fmt: skip


def _text(cell) -> str:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, datetime) else str(cell)


def _neutral(text: str) -> str:
    return f"'{text}" if _FORMULA.match(text) else text
