"""What a run of chaos came to: how soon the board warned, how soon it was current, and each entry counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Max

from engagements.models import Engagement, TimelineEntry
from tests.warroom.chaos_people import Working, Writing
from tests.warroom.chaos_watch import Look

STALE_WITHIN_S, CURRENT_WITHIN_S = 15.0, 10.0
#: A note is counted by its words, a step by its code; everything else by all that it says.
BEGUN, ENDED = ("step.started", "step.started_late"), ("step.done", "step.done_late", "step.deviated")


@dataclass
class Outage:
    """One death; monotonic seconds. `is_long`: it lasted until the board had to warn."""

    name: str
    is_long: bool
    died_at: float
    freed_at: float = 0.0
    returned_at: float = 0.0
    stale_s: dict[str, float | None] = field(default_factory=dict)
    current_s: dict[str, float | None] = field(default_factory=dict)

    def note(self, who: str, looks: list[Look], current_at: float | None) -> None:
        """What this pair of eyes saw: the first warning after the death; and when it was current, None for never."""
        warned = [look.at for look in looks if look.at >= self.died_at and look.is_warning]
        self.stale_s[who] = warned[0] - self.died_at if warned else None
        self.current_s[who] = None if current_at is None else max(0.0, current_at - self.returned_at)

    def wrongs(self) -> list[str]:
        """Which of the two promises was broken, in words."""
        found = []
        for who, seconds in self.stale_s.items():
            if self.is_long and (seconds is None or seconds > STALE_WITHIN_S):
                found.append(f"{self.name}: {who} did not warn within {STALE_WITHIN_S:.0f} s")
        for who, seconds in self.current_s.items():
            if seconds is None or seconds > CURRENT_WITHIN_S:
                found.append(f"{self.name}: {who} was not current within {CURRENT_WITHIN_S:.0f} s")
        return found


@dataclass(frozen=True)
class Line:
    """One row of the second table."""

    name: str
    wanted: int
    found: int
    lost: int = 0
    double: int = 0

    @property
    def is_good(self) -> bool:
        """Whether nothing is missing and nothing is there twice."""
        return not (self.lost or self.double)


@dataclass
class Verdict:
    """Everything a run says."""

    outages: list[Outage]
    mistakes: list[str]
    lines: list[Line] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)

    @property
    def wrongs(self) -> list[str]:
        """Everything that must not be."""
        return [wrong for outage in self.outages for wrong in outage.wrongs()] + self.mistakes

    @property
    def is_good(self) -> bool:
        """Whether all goals are met."""
        return not self.wrongs and all(line.is_good for line in self.lines)

    def as_table(self) -> str:
        """For a terminal."""
        eyes = list(dict.fromkeys(who for outage in self.outages for who in outage.current_s))
        head = [
            "kill -9 of",
            "away s",
            *(f"{who}: warned s" for who in eyes),
            *(f"{who}: current s" for who in eyes),
        ]
        rows = [head] + [
            [
                outage.name,
                _number(outage.returned_at - outage.died_at),
                *(_number(outage.stale_s.get(who)) for who in eyes),
                *(_number(outage.current_s.get(who), "never") for who in eyes),
            ]
            for outage in self.outages
        ]  # fmt: skip
        entries = [["entries of the timeline", "sent", "on record", "lost", "doubled"]]
        entries += [
            [line.name, *map(str, (line.wanted, line.found, line.lost, line.double))] for line in self.lines
        ]
        said = [f"{name}: {value}" for name, value in self.notes.items()] + [
            f"WRONG: {one}" for one in self.wrongs
        ]
        return "\n".join([*_aligned(rows), "", *_aligned(entries), "", *said])


def newest_entry(engagement: Engagement) -> int:
    """The last entry before the story."""
    return TimelineEntry.objects.filter(engagement=engagement).aggregate(last=Max("pk"))["last"] or 0


def entries(
    engagement: Engagement, before: int, writers: Iterable[Writing], worker: Working
) -> Iterable[Line]:
    """Each note and each act on a step is on record once; nothing that the portal said by itself is there twice."""
    rows = list(TimelineEntry.objects.filter(engagement=engagement, pk__gt=before))
    notes = Counter(row.text for row in rows if row.phrase == "note.posted")
    yield _compared("notes", Counter(note for one in writers for note in one.answered), notes)
    wanted = Counter(worker.done)
    acts = dict.fromkeys(BEGUN, "start") | dict.fromkeys(ENDED, "finish")
    found = Counter((row.params["code"], acts[row.phrase]) for row in rows if row.phrase in acts)
    gates = {code: act for code, act in worker.done if act not in ("start", "finish")}
    decided = [
        row.params.get("code") for row in rows if row.phrase.startswith("gate.") and row.kind == "decision"
    ]
    found += Counter((code, gates[code]) for code in decided if code in gates)
    yield _compared("acts on steps", wanted, found)
    others = Counter(
        (row.phrase, json.dumps(row.params, sort_keys=True), row.text, row.at)
        for row in rows
        if row.phrase != "note.posted" and row.phrase not in acts
    )
    yield Line(
        "what the portal says by itself", len(others), others.total(), double=others.total() - len(others)
    )


def _compared(name: str, wanted: Counter, found: Counter) -> Line:
    lost = (wanted - found).total()
    double = sum(count - 1 for count in found.values() if count > 1)
    return Line(name, wanted.total(), found.total(), lost=lost, double=double)


def _number(seconds: float | None, none: str = "–") -> str:
    return none if seconds is None else f"{seconds:.1f}"


def _aligned(rows: list[list[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
