"""Plan, rehearsal and real run of the same steps: what took longer, and what was only in one of them.

Pure: standard library only, no clock. Instants are aware UTC, lengths are minutes. A rehearsal has its own T0, so
that its times are compared as distances from T0 and never as times of the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

#: A rehearsed length beyond the plan is worth mending from this many minutes, and from this part of the plan, on.
TIGHT_MIN, TIGHT_SHARE = 2, 0.1


@dataclass(frozen=True)
class Pass:
    """How one step went in one run; `troubles` are the acts that held it up, in order."""

    code: str
    title: dict
    stream: str
    is_gate: bool
    planned_min: int
    planned_start_at: datetime
    t0: datetime
    status: str
    start_at: datetime | None = None
    end_at: datetime | None = None
    who: tuple[str, ...] = ()
    deviation: str = ""
    reason: str = ""
    outcome: str = ""
    rounds: int = 0
    noes: int = 0
    troubles: tuple[str, ...] = ()

    @property
    def length_min(self) -> int | None:
        """From its start to its end; None while it has no end, and for a step that was left out."""
        if self.start_at is None or self.end_at is None or self.status in ("skipped", "cancelled"):
            return None
        return round((self.end_at - self.start_at).total_seconds() / 60)

    @property
    def is_begun(self) -> bool:
        """Whether anything happened to it in this run."""
        return self.status != "planned" or self.start_at is not None


@dataclass(frozen=True)
class Row:
    """One step as it was rehearsed, and as it is planned for the real run and went there; one of the two may lack."""

    rehearsed: Pass | None
    real: Pass | None

    @property
    def shown(self) -> Pass:
        """Whose words are shown: the plan of the real run, else the rehearsal's."""
        return self.real or self.rehearsed

    @property
    def planned_min(self) -> int | None:
        """The planned length now; None for a step that the plan no longer has."""
        return self.real.planned_min if self.real else None

    @property
    def replanned_from(self) -> int | None:
        """The planned length at the rehearsal, when the plan was changed since; else None."""
        if self.real is None or self.rehearsed is None or self.rehearsed.planned_min == self.real.planned_min:
            return None
        return self.rehearsed.planned_min

    @property
    def slower_min(self) -> int | None:
        """How many minutes longer the real run took than the rehearsal, negative: less; None unless both ended."""
        if self.real is None or self.rehearsed is None:
            return None
        real, rehearsed = self.real.length_min, self.rehearsed.length_min
        return None if real is None or rehearsed is None else real - rehearsed

    @property
    def over_plan_min(self) -> int | None:
        """How many minutes longer the rehearsal took than is planned now; None without both."""
        length = self.rehearsed.length_min if self.rehearsed else None
        return None if length is None or self.planned_min is None else length - self.planned_min

    @property
    def is_tight(self) -> bool:
        """Whether the plan should be mended: it gives clearly less time than was needed, and can still change."""
        over = self.over_plan_min
        if over is None or self.shown.is_gate or self.real.is_begun:
            return False
        return over >= max(TIGHT_MIN, TIGHT_SHARE * self.planned_min)

    @property
    def place(self) -> str:
        """In which of them the step is: both, rehearsal or real."""
        return "both" if self.real and self.rehearsed else "real" if self.real else "rehearsal"


def rows(
    rehearsed: Iterable[Pass], real: Iterable[Pass], new_codes: Mapping[str, str] | None = None
) -> list[Row]:
    """Each step once, in the order of the real plan, those of the rehearsal alone at the end.

    Steps are the same when their codes are; `new_codes` names the codes that were changed after the rehearsal began.
    """
    renamed = new_codes or {}
    found = {renamed.get(one.code, one.code): one for one in rehearsed}
    together = [Row(found.pop(one.code, None), one) for one in real]
    return together + [Row(one, None) for one in found.values()]


def renames(changes: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Old code → present code, from the changes of codes in the order they were made (A → B, B → C: A → C)."""
    now: dict[str, str] = {}
    for old, new in changes:
        first = next((began for began, code in now.items() if code == old), old)
        now[first] = new
    return now


def slowest(found: Iterable[Row]) -> list[Row]:
    """The steps that took longer than rehearsed, the largest difference first."""
    slower = [row for row in found if (row.slower_min or 0) > 0]
    return sorted(slower, key=lambda row: (-row.slower_min, row.shown.code))


def tight(found: Iterable[Row]) -> list[Row]:
    """The steps whose plan should be mended, the largest difference first."""
    return sorted(
        (row for row in found if row.is_tight), key=lambda row: (-row.over_plan_min, row.shown.code)
    )
