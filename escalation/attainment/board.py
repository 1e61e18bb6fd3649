"""What the attainment page and the API show: shares by row, how long everything took, and why promises broke."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from escalation import catalog
from escalation.attainment import choosing, reading, sums
from escalation.attainment.choosing import Choice
from escalation.attainment.reading import Case, Promise
from escalation.attainment.sums import Spread, Tally
from escalation.models import BreachCause, Clock


@dataclass(frozen=True)
class Row:
    """One row of the table."""

    key: str
    label: str
    tally: Tally


@dataclass(frozen=True)
class Board:
    """Everything that was asked for."""

    choice: Choice
    # All that were read, and those whose present severity is the chosen one: what they took is told of these.
    all_cases: list[Case]
    cases: list[Case]
    clocks: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    spans: list[tuple[str, str, Spread]] = field(default_factory=list)
    causes: list[tuple[str, str, int]] = field(default_factory=list)

    @property
    def total(self) -> Tally:
        """The chosen clock over all rows."""
        return next(row.tally for row in self.clocks if row.key == self.choice.clock)


def board(user, choice: Choice, now: datetime) -> Board:
    """The figures of one person and choice; five queries."""
    cases = reading.cases(choosing.escalations(user, choice), now, is_staff=user.is_aws)
    return of_cases(cases, choice)


def of_cases(cases: list[Case], choice: Choice) -> Board:
    """The same for cases that were read already."""
    promises = [(case, one) for case in cases for one in case.promises if _is_wanted(case, one, choice)]
    by_clock = defaultdict(list)
    for _case, one in promises:
        by_clock[one.kind].append(one.outcome)
    clocks = [Row(kind, str(label), sums.tally(by_clock[kind])) for kind, label in Clock.Kind.choices]
    of_clock = [(case, one) for case, one in promises if one.kind == choice.clock]
    shown = [case for case in cases if not choice.severity or case.escalation.severity == choice.severity]
    return Board(choice, cases, shown, clocks, rows(of_clock, choice.by), spans(shown), causes(of_clock))


def severity_of(case: Case, promise: Promise) -> str:
    """Under which severity a promise stood last; the time to restore has the escalation's."""
    return promise.severity or case.escalation.severity


def _is_wanted(case: Case, promise: Promise, choice: Choice) -> bool:
    return not choice.severity or severity_of(case, promise) == choice.severity


def rows(promises: list[tuple[Case, Promise]], by: str) -> list[Row]:
    """One row for each value; a promise of two TAMs counts for both."""
    groups: dict[tuple, list[str]] = defaultdict(list)
    for case, promise in promises:
        for key in _keys(case, promise, by):
            groups[key].append(promise.outcome)
    found = [Row(str(key[1]), str(key[2]), sums.tally(groups[key])) for key in sorted(groups)]
    return [row for row in found if row.tally.all]


def _keys(case: Case, promise: Promise, by: str) -> list[tuple]:
    """(order, key, label) of the rows that this promise belongs to."""
    engagement = case.escalation.engagement
    if by == "severity":
        code = severity_of(case, promise)
        words = catalog.severities().get(code)
        order = list(catalog.severities()).index(code) if words else len(catalog.severities())
        return [(order, code, catalog.in_words(words["label"]) if words else code)]
    if by == "lane":
        lane = case.escalation.lane
        return [(list(catalog.lanes()).index(lane), lane, catalog.in_words(catalog.lanes()[lane]["label"]))]
    if by == "customer":
        return [(engagement.customer.name, str(engagement.customer_id), engagement.customer.name)]
    if by == "tam":
        return [(name, name, name) for name in case.tams] or [("\uffff", "", _("No TAM"))]
    return [(case.month, case.month, case.month)]


def spans(cases: list[Case]) -> list[tuple[str, str, Spread]]:
    """(key, label, spread) of everything that was measured at least once, in the order in which it happens."""
    found = []
    for key, label in labels().items():
        spread = sums.spread(case.spans.get(key) for case in cases)
        if spread:
            found.append((key, label, spread))
    return found


def labels() -> dict[str, str]:
    """What the spans are called, in the order in which they happen."""
    levels = max(len(lane["levels"]) for lane in catalog.lanes().values())
    at_level = {f"level{level}": _("At level %(n)d") % {"n": level + 1} for level in range(levels)}
    return {
        "detect": _("From the first sign to the declaration"),
        "open": _("From the declaration to the case"),
        "answer": _("From the case to AWS's first answer"),
        **at_level,
        "restore": _("From the first sign until the service works again"),
        "restore_net": _("The same, without waiting for the customer"),
        "silence": _("Longest silence towards the customer"),
    }


def causes(promises: list[tuple[Case, Promise]]) -> list[tuple[str, str, int]]:
    """(kind, label, how many) of the breaches, the most frequent first; those without a cause last."""
    counts = Counter(
        cause.kind for case, one in promises if one.is_missed and (cause := case.cause_of(one)) is not None
    )
    words = dict(BreachCause.Kind.choices)
    named = [(kind, str(words.get(kind, kind)), count) for kind, count in counts.most_common()]
    left = sum(one.is_missed for _case, one in promises) - sum(counts.values())
    return [*named, *([("", _("No cause given"), left)] if left else [])]
