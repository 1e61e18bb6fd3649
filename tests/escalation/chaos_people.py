"""People who answer, acknowledge and wait at the worst moments; each may be killed in the middle of a press.

A press that was killed is pressed again, as a person does who saw no answer. What came of each is noted in a file.
"""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, connections
from django.utils import timezone

from escalation import actions
from escalation.models import Escalation
from tests.escalation.chaos_clock import FastClock
from tests.escalation.chaos_world import FIRST_RESPONSE, MIN, UPDATE, World, dates

ANSWER, ACKNOWLEDGE, WAIT, GO_ON = "answer", "acknowledge", "wait", "go-on"
# How near to the deadline an answer comes, in seconds of the world.
NEAR_S = 0.015
PEOPLE = 3
# Of the escalations that people touch, one in so many is acknowledged, and most others are answered.
ACKNOWLEDGED_IN = 5
TRY_AGAIN_S = 0.1


@dataclass(frozen=True)
class Press:
    """One button that somebody presses, in seconds of the world after the start."""

    at_s: float
    act: str
    escalation_id: int

    @property
    def name(self) -> str:
        """Which press of all."""
        return f"{self.act}:{self.escalation_id}"


def presses(world: World, clock: FastClock, luck: random.Random, *, one_in: int) -> list[Press]:
    """Who presses what: on one escalation in so many; mostly an answer within 15 ms of the breach."""
    found: list[Press] = []
    for place, escalation in enumerate(world.opened[::one_in]):
        breach_s = {kind: clock.real_s(at) for kind, stage, at in dates(escalation) if stage == "breach"}
        begun_s = clock.real_s(escalation.declared_at)
        due_s = breach_s[FIRST_RESPONSE]
        if UPDATE in breach_s:
            at_s = luck.uniform(begun_s, due_s)
            found.append(Press(at_s, WAIT, escalation.pk))
            found.append(Press(at_s + luck.uniform(0.1, 1.5), GO_ON, escalation.pk))
        elif place % ACKNOWLEDGED_IN == 0:
            found.append(Press(luck.uniform(begun_s, due_s + 2), ACKNOWLEDGE, escalation.pk))
        else:
            found.append(Press(due_s + luck.uniform(-NEAR_S, NEAR_S), ANSWER, escalation.pk))
    return sorted(found, key=lambda press: press.at_s)


def person(mine: list[Press], world: World, clock: FastClock, notes: Path) -> Callable[[], None]:
    """One of them: presses in turn, goes on where the one before was killed, and ends."""

    def run() -> None:
        known = noted(notes)
        for press in mine:
            if press.name not in known:
                clock.wait_until(press.at_s)
                _press(press, world, notes)
        connections.close_all()

    return run


def noted(notes: Path) -> dict[str, dict]:
    """What came of each press; one that was noted twice was pressed twice, and its first answer counts."""
    found: dict[str, dict] = {}
    for line in notes.read_text().splitlines() if notes.exists() else ():
        try:
            note = json.loads(line)
        except ValueError:  # killed in the middle of the line
            continue
        found.setdefault(note["name"], note)
    return found


def in_words(notes: dict[str, dict]) -> Counter[str]:
    """How often each act came to which end: "answer done", "wait refused"."""
    return Counter(f"{name.partition(':')[0]} {note['end']}" for name, note in notes.items())


def _press(press: Press, world: World, notes: Path) -> None:
    tries = 0
    while True:
        tries += 1
        try:
            said = _act(press, world)
            end = {"end": "done", "said": said}
            break
        except ValidationError as error:
            # The press before it may have been taken although its answer never came.
            end = {"end": "refused", "said": str(error.messages)}
            break
        except (OperationalError, InterfaceError) as error:
            connections.close_all()
            if "deadlock" in str(error):
                _note(
                    notes,
                    {"name": f"deadlock:{press.name}:{tries}", "end": "tried again", "said": str(error)},
                )
            time.sleep(TRY_AGAIN_S)
    _note(notes, {"name": press.name, "tries": tries} | end)


def _note(notes: Path, note: dict) -> None:
    with notes.open("a") as file:
        file.write("\n" + json.dumps(note))


def _act(press: Press, world: World) -> bool | None:
    words = {"escalation": Escalation(pk=press.escalation_id), "by": world.tam, "now": timezone.now()}
    if press.act == ANSWER:
        return actions.answered(how="call", **words).is_late
    if press.act == ACKNOWLEDGE:
        words["escalation"] = Escalation.objects.select_related("engagement").get(pk=press.escalation_id)
        actions.acknowledge(**words)
    elif press.act == WAIT:
        # By itself it ends long after: whoever is killed before "go on" leaves that to the engine.
        actions.waiting(code="test", reason="A test is awaited", until=words["now"] + 2 * MIN, **words)
    else:
        actions.waiting_over(**words)
    return None
