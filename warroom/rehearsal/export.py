"""Plan, rehearsal and real run as CSV: one row for each step, keys alike in every language."""

from __future__ import annotations

import csv
import io
from datetime import datetime

from warroom.rehearsal.comparing import Pass
from warroom.rehearsal.reading import Comparison
from workbook.exchange.neutral import neutral, writable

RUN_HEAD = (
    "start_min", "end_min", "length_min", "start_utc", "end_utc", "status", "outcome", "rounds", "who", "deviation",
    "reason", "held_up_by",
)  # fmt: skip
HEAD = (
    "code", "title_en", "title_ko", "stream", "in", "planned_start_min", "planned_min", "planned_min_at_rehearsal",
    "rehearsed_over_plan_min", "real_over_rehearsed_min",
    *(f"rehearsed_{name}" for name in RUN_HEAD), *(f"real_{name}" for name in RUN_HEAD),
)  # fmt: skip


def as_csv(found: Comparison | None) -> bytes:
    """UTF-8 with the mark that spreadsheets look for; ``…_min`` of starts and ends count from the T0 of that run.

    Without a rehearsal it has its head and nothing else.
    """
    lines: list[tuple] = [HEAD]
    for row in found.rows if found else ():
        one, rehearsed = row.shown, row.rehearsed
        lines.append(
            (
                one.code,
                one.title.get("en", ""),
                one.title.get("ko", ""),
                one.stream,
                row.place,
                _from_t0(one, one.planned_start_at),
                row.planned_min,
                rehearsed.planned_min if rehearsed else None,
                row.over_plan_min,
                row.slower_min,
                *_run(row.rehearsed),
                *_run(row.real),
            )
        )
    stream = io.StringIO(newline="")
    safe = (
        ["" if value is None else neutral(writable(str(value)), keeps_numbers=True) for value in line]
        for line in lines
    )
    csv.writer(stream, lineterminator="\r\n").writerows(safe)
    return ("\ufeff" + stream.getvalue()).encode("utf-8")


def _run(one: Pass | None) -> tuple:
    if one is None:
        return ("",) * len(RUN_HEAD)
    return (
        _from_t0(one, one.start_at),
        _from_t0(one, one.end_at),
        one.length_min,
        _utc(one.start_at),
        _utc(one.end_at),
        one.status,
        one.outcome,
        one.rounds or None,
        ", ".join(one.who),
        one.deviation,
        one.reason,
        " ".join(one.troubles),
    )


def _from_t0(one: Pass, at: datetime | None) -> int | None:
    return None if at is None else round((at - one.t0).total_seconds() / 60)


def _utc(at: datetime | None) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}" if at else ""
