"""How ready the event was judged to be when it was let go: for the report, once it is over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, FilteredRelation, Q, QuerySet

from engagements.models import Engagement, Phase
from workbook.models import Freeze, Signature
from workbook.scorecard.results import RESULTS, SIDES
from workbook.scorecard.words import COLOURS, LINES


@dataclass(frozen=True)
class Signed:
    """One side's signature, as it holds."""

    side: str
    result: str
    by_name: str
    at: datetime

    @property
    def side_label(self) -> str:
        """The side in the reader's words."""
        return str(SIDES[self.side])


@dataclass(frozen=True)
class Outcome:
    """The last word on readiness: progress and scorecard as kept at go/no-go, and who signed."""

    as_of: datetime
    percent: int
    scorecard: list[dict]
    signatures: tuple[Signed, ...]

    @property
    def colours(self) -> list[tuple[str, int]]:
        """Each colour in the reader's words with its lines, those that occur."""
        found = Counter(line["colour"] for line in self.scorecard)
        return [(str(words), found[colour]) for colour, words in COLOURS.items() if found[colour]]

    @property
    def overrides(self) -> list[tuple[str, str]]:
        """What each overridden line is called, and who set its colour."""
        return [
            (str(LINES.get(line["key"], line["key"])), line["override"]["by"])
            for line in self.scorecard
            if line.get("override")
        ]

    @property
    def result(self) -> str:
        """What both sides say, the more careful word of the two; empty before both signed."""
        if len(self.signatures) < len(SIDES):
            return ""
        worst = max((one.result for one in self.signatures), key=Signature.Result.values.index)
        return str(RESULTS[worst][1])


def joined(engagements: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """The same engagements, one for every signature on what is kept of the decision; :func:`of` reads them.

    A join and no query of its own, because reports count theirs.
    """
    kinds = Q(workbook_freezes__kind=Freeze.Kind.GATE, workbook_freezes__from_phase=Phase.PLAN) | Q(
        workbook_freezes__kind=Freeze.Kind.SIGNING
    )
    return engagements.annotate(
        evidence=FilteredRelation("workbook_freezes", condition=kinds),
        kept_kind=F("evidence__kind"),
        kept_at=F("evidence__made_at"),
        kept_progress=F("evidence__progress"),
        kept_scorecard=F("evidence__scorecard"),
        signed_side=F("evidence__signatures__side"),
        signed_result=F("evidence__signatures__result"),
        signed_name=F("evidence__signatures__by_name"),
        signed_at=F("evidence__signatures__at"),
        unsigned_at=F("evidence__signatures__withdrawn_at"),
    ).order_by("evidence__number", "evidence__signatures__at")


def of(lines: list[Engagement]) -> Outcome | None:
    """The outcome as it stood when the Plan phase was left, else at the signatures; None before either.

    ``lines`` are those of :func:`joined` for one engagement. Signatures that were taken back do not count, and
    neither does what was kept for them.
    """
    signed = [line for line in lines if line.signed_side and line.unsigned_at is None]
    gates = [line for line in lines if line.kept_kind == Freeze.Kind.GATE]
    if not gates and not signed:
        return None
    last = (gates or signed)[-1]
    return Outcome(
        as_of=last.kept_at,
        percent=last.kept_progress["percent"],
        scorecard=last.kept_scorecard,
        signatures=tuple(
            Signed(line.signed_side, line.signed_result, line.signed_name, line.signed_at) for line in signed
        ),
    )
