"""Twenty writers, a bad network, random order: is every accepted word kept, and none overwritten unseen?"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iem_portal.accounts.actors import Actor
from workbook.cells import Conflict, Merged, save_cell
from workbook.models import Cell, CellChange

WRITERS = 20
FIELDS = ("ev_purpose", "ev_impact", "ev_audience")
pytestmark = pytest.mark.django_db


@dataclass
class Edit:
    """What somebody typed, and the version that they saw."""

    field: str
    text: str
    base: int


@dataclass
class Writer:
    """One browser: what it saw of each cell, what waits to be sent, and whether the network is there."""

    by: Actor
    seen: dict[str, tuple[int, str]] = field(default_factory=dict)
    waiting: list[Edit] = field(default_factory=list)
    is_online: bool = True


class Hall:
    """Everybody's browsers and the portal; acts as static/js/workbook/queue.js does."""

    def __init__(self, engagement, now):
        self.engagement, self.now = engagement, now
        self.writers = [Writer(Actor(f"Writer {number}")) for number in range(WRITERS)]
        self.accepted: list = []
        self.typed = 0

    def look(self, writer: Writer) -> None:
        """The page is brought up to date; a cell with text of its own keeps the version it was typed on."""
        for cell in Cell.objects.filter(row__engagement=self.engagement):
            if writer.is_online and not any(edit.field == cell.field for edit in writer.waiting):
                writer.seen[cell.field] = (cell.version, cell.value or "")

    def type(self, writer: Writer, name: str, *, is_appended: bool) -> None:
        """A sentence of its own, behind what stands there or in its place; newer text replaces what still waits."""
        self.typed += 1
        version, text = writer.seen.get(name, (0, ""))
        sentence = f"Sentence {self.typed} of {writer.by.name}. "
        waiting = next((edit for edit in writer.waiting if edit.field == name), None)
        if waiting:
            waiting.text = f"{waiting.text}{sentence}" if is_appended else sentence
        else:
            writer.waiting.append(Edit(name, f"{text} {sentence}" if is_appended else sentence, version))

    def send(self, writer: Writer, *, is_answer_lost: bool = False, keeps_mine: bool = True) -> None:
        """The oldest waiting edit goes out; when its answer is lost it stays, and is sent again."""
        if not (writer.is_online and writer.waiting):
            return
        edit = writer.waiting[0]
        outcome = save_cell(
            engagement=self.engagement, section="wb01", row="form", field=edit.field, value=edit.text,
            base_version=edit.base, by=writer.by, now=self.now,
        )  # fmt: skip
        if not isinstance(outcome, Conflict):
            self.accepted.append((edit.base, edit.text.strip(), outcome))
        if is_answer_lost:
            return
        if not isinstance(outcome, Conflict):
            writer.waiting.pop(0)
            writer.seen[edit.field] = (outcome.version, outcome.value)
        elif keeps_mine:
            edit.base = outcome.version
        else:
            writer.waiting.pop(0)
            writer.seen[edit.field] = (outcome.version, outcome.theirs)

    def drain(self) -> None:
        """The network is back for all, and every conflict is answered with one's own text."""
        for writer in self.writers:
            writer.is_online = True
            while writer.waiting:
                self.send(writer)


def history(field_key: str) -> list[CellChange]:
    return list(CellChange.objects.filter(field=field_key).order_by("version"))


def check(hall: Hall) -> None:
    """The three promises, cell by cell."""
    for name in FIELDS:
        lines = history(name)
        # One unbroken chain: each change begins with what the one before left.
        assert [line.version for line in lines] == list(range(1, len(lines) + 1))
        assert all(later.value_from == earlier.value_to for earlier, later in pairwise(lines))
        cell = Cell.objects.filter(field=name).first()
        assert (cell.value if cell else None) == (lines[-1].value_to if lines else None)
    kept = {(line.field, line.version): line for line in CellChange.objects.all()}
    for base, text, outcome in hall.accepted:
        line = kept[outcome.field, outcome.version]
        assert line.value_to == outcome.value
        if not outcome.is_changed:
            continue
        if isinstance(outcome, Merged):
            new = [piece for piece in text.split(". ") if piece and piece not in str(line.value_from)]
            assert all(piece.rstrip(".") in line.value_to for piece in new)
        else:
            # What was replaced is what the writer had seen.
            seen = kept[outcome.field, base].value_to if base else None
            assert (line.value_to, line.value_from) == (text, seen)


writer = st.integers(0, WRITERS - 1)
ACTS = st.one_of(
    st.tuples(st.just("type"), writer, st.sampled_from(FIELDS), st.booleans()),
    st.tuples(st.just("send"), writer, st.booleans(), st.booleans()),
    st.tuples(st.just("cut"), writer),
    st.tuples(st.just("back"), writer),
    st.tuples(st.just("look"), writer),
)


def play(hall: Hall, act: tuple) -> None:
    kind, who, *rest = act
    one = hall.writers[who]
    if kind == "type":
        hall.type(one, rest[0], is_appended=rest[1])
    elif kind == "send":
        hall.send(one, is_answer_lost=rest[0], keeps_mine=rest[1])
    elif kind == "look":
        hall.look(one)
    else:
        one.is_online = kind == "back"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(ACTS, min_size=20, max_size=80))
def test_every_accepted_word_is_in_the_history_and_none_is_overwritten_unseen(engagement, now, acts):
    Cell.objects.all().delete()
    CellChange.objects.all().delete()
    hall = Hall(engagement, now)
    for act in acts:
        play(hall, act)
    hall.drain()
    check(hall)
