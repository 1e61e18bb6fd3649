"""The scorecard of one engagement: what the rules say, what a person set above it, and how it came to be."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import date, datetime

from engagements.models import Engagement
from workbook.models import Override, Reading
from workbook.readiness import Outline
from workbook.scorecard import reading, rules, words
from workbook.scorecard.facts import GREY

#: How many readings the drawing of the trend shows: the newest ones.
TREND = 42


@dataclass(frozen=True)
class Said:
    """A reason in words with the cells it rests on, as [section, row, field, title]."""

    colour: str
    text: str
    places: list[list[str]]


@dataclass(frozen=True)
class Line:
    """One line of the scorecard. ``colour`` is what counts: the person's, else that of the rules."""

    key: str
    worked_out: str
    reasons: list[dict]
    override: Override | None = None

    @property
    def colour(self) -> str:
        """The colour that counts."""
        return self.override.colour if self.override else self.worked_out

    @property
    def label(self) -> str:
        """What the line is about."""
        return str(words.LINES.get(self.key, self.key))

    @property
    def said(self) -> list[Said]:
        """The reasons in the active language, the gravest first."""
        return [
            Said(one["colour"], words.reason(one["key"], one["params"]), one["places"])
            for one in self.reasons
        ]

    def plain(self) -> dict:
        """The line as data that is kept with a freeze."""
        kept = {
            "key": self.key,
            "colour": self.colour,
            "worked_out": self.worked_out,
            "reasons": self.reasons,
        }
        if self.override:
            kept["override"] = {
                "reason": self.override.reason,
                "by": self.override.by_name,
                "at": self.override.at.isoformat(timespec="seconds"),
            }
        return kept


@dataclass(frozen=True)
class Step:
    """A stretch of days with one colour, in the drawing of a line's trend; x and width in percent."""

    colour: str
    since: date
    x: float
    width: float

    @property
    def shape(self) -> str:
        """The status whose colour it has."""
        return words.SHAPES[self.colour]

    @property
    def level(self) -> int:
        """The height of the step: the graver, the higher; 0 for unknown."""
        return {"GREEN": 5, "YELLOW": 11, "RED": 18}.get(self.colour, 2)

    @property
    def top(self) -> int:
        """Where its top lies in the drawing of 20."""
        return 20 - self.level


@dataclass
class Trend:
    """How one line went over the days."""

    steps: list[Step] = default_of(default_factory=list)

    @property
    def last_change(self) -> tuple[Step, Step] | None:
        """The newest step and the one before, if it ever changed."""
        return (self.steps[-2], self.steps[-1]) if len(self.steps) > 1 else None


def lines(engagement: Engagement, outline: Outline, now: datetime) -> list[Line]:
    """The fourteen lines as they stand. Two queries, and those of the names of rows."""
    verdicts = rules.judge(reading.facts_of(engagement, outline, now))
    standing = {one.line: one for one in Override.objects.filter(engagement=engagement, withdrawn_at=None)}
    return [
        Line(key, verdict.colour, [reason.plain() for reason in verdict.reasons], standing.get(key))
        for key, verdict in verdicts.items()
    ]


def counts(board: list[Line]) -> dict[str, int]:
    """How many lines have each colour."""
    found = Counter(line.colour for line in board)
    return {colour: found.get(colour, 0) for colour in words.COLOURS}


def kept_lines(kept: list[dict]) -> list[Line]:
    """Lines as a freeze kept them: the colour that counted stands for both, the override's words beside it."""
    return [
        Line(
            one["key"],
            one["worked_out"],
            one["reasons"],
            Override(
                line=one["key"],
                colour=one["colour"],
                worked_out=one["worked_out"],
                reason=one["override"]["reason"],
                by_name=one["override"]["by"],
                at=datetime.fromisoformat(one["override"]["at"]),
            )
            if "override" in one
            else None,
        )
        for one in kept
    ]


def trends(engagement: Engagement, now_colours: dict[str, str], today: date) -> dict[str, Trend]:
    """The steps of every line over the newest readings and now. One query."""
    readings = list(Reading.objects.filter(engagement=engagement).order_by("-taken_at", "-pk")[:TREND])[::-1]
    points = [(one.day, {key: value["colour"] for key, value in one.colours.items()}) for one in readings]
    points.append((today, now_colours))
    return {key: Trend(_steps(key, points)) for key in now_colours}


def _steps(key: str, points: list[tuple[date, dict]]) -> list[Step]:
    """Days with the same colour melt into one step."""
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 0) + 1
    merged: list[tuple[date, str]] = []
    for day, colours in points:
        colour = colours.get(key, GREY)
        # Two readings of one day: the later one counts.
        if merged and merged[-1][0] == day:
            merged.pop()
        if not merged or merged[-1][1] != colour:
            merged.append((day, colour))
    ends = [day for day, _colour in merged[1:]] + [None]
    steps = []
    for (day, colour), end in zip(merged, ends, strict=True):
        x = (day - first).days / days * 100
        until = 100 if end is None else (end - first).days / days * 100
        steps.append(Step(colour, day, round(x, 2), round(max(until - x, 0.6), 2)))
    return steps
