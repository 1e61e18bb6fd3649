"""Where sections stand: their state, who has them in hand until when, and whether they changed since they were seen."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import datetime

from django.db.models import Exists, FilteredRelation, OuterRef, Q

from engagements.models import Engagement
from workbook.models import CellChange, SectionState
from workbook.talk.steps import DRAFT, RETURNED, SEEN_BY_REVIEWER

#: The shape of each state; the word always stands beside it.
SHAPES = {"draft": "todo", "submitted": "run", "reviewed": "info", "accepted": "ok", "returned": "watch"}


@dataclass(frozen=True)
class Hand:
    """Somebody who has a section in hand."""

    pk: int
    user_id: int
    name: str
    due_at: datetime


@dataclass
class Head:
    """The standing of one section."""

    state: str = DRAFT
    version: int = 0
    moved_at: datetime | None = None
    moved_by_name: str = ""
    words: str = ""
    is_changed: bool = False
    hands: list[Hand] = default_of(default_factory=list)

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(SectionState.State(self.state).label)

    @property
    def shape(self) -> str:
        """The state's shape."""
        return SHAPES[self.state]

    @property
    def is_in_work(self) -> bool:
        """Whether its people still have to do something, so that a day that passed means late."""
        return self.state in (DRAFT, RETURNED)

    def is_in_hands_of(self, user) -> bool:
        """Whether this person has the section in hand."""
        return any(hand.user_id == user.pk for hand in self.hands)


_COLUMNS = (
    "section",
    "state",
    "version",
    "moved_at",
    "moved_by_name",
    "words",
    "is_changed",
    "live__pk",
    "live__user_id",
    "live__user__name",
    "live__due_at",
)


def of(engagement: Engagement, section: str = "") -> dict[str, Head]:
    """The heads by section key, of one section or all that were ever touched. One query."""
    later = CellChange.objects.filter(
        engagement_id=engagement.pk, section=OuterRef("section"), pk__gt=OuterRef("seen_change")
    )
    states = SectionState.objects.filter(engagement=engagement).annotate(
        is_changed=Exists(later),
        live=FilteredRelation("assignments", condition=Q(assignments__removed_at=None)),
    )
    if section:
        states = states.filter(section=section)
    heads: dict[str, Head] = {}
    for key, state, version, at, by, words, is_changed, pk, user, name, due_at in states.order_by(
        "section", "live__at", "live__pk"
    ).values_list(*_COLUMNS):
        is_seen = state in SEEN_BY_REVIEWER
        head = heads.setdefault(key, Head(state, version, at, by, words, is_changed and is_seen))
        if pk:
            head.hands.append(Hand(pk, user, name, due_at))
    return heads
