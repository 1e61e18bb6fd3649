"""Whatever is handed over, moved, merged and reopened in whatever order: the path stays a path and keeps its words."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escalation import actions, catalog, engine, faces, lanes
from escalation.models import MANAGEMENT, Communication, Deadline, Escalation, EscalationLink, Hop
from escalation.models.path import Reopening
from iem_portal.accounts.actors import Actor

pytestmark = pytest.mark.once
MIN = timedelta(minutes=1)
BY = Actor("Somebody")
ACTS = ["case", "answer", "level", "lane", "rise", "back", "merge", "resolve", "reopen", "split", "engine"]
# What is done, to which of the escalations, how many minutes later, and a choice.
steps = st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 40), st.integers(0, 4))


def act(escalation, name, choice, other, now, word):
    """One act of people, with a word of its own; what the rules refuse leaves everything as it was."""
    back, lane = now - choice * MIN, ("technical", "customer-service")[choice % 2]
    verb, fields = {
        "case": (actions.case_opened, {"case_id": word, "at": back}),
        "answer": (actions.answered, {"how": "call", "at": back, "reason": "by phone"}),
        "level": (actions.hand_over, {"level": choice, "owner_name": "", "note": word, "told": word}),
        "lane": (actions.change_lane, {"lane": lane, "reason": word}),
        "rise": (actions.raise_management, {"level": choice, "owner_name": "Han Areum", "note": word}),
        "back": (actions.step_back_management, {"level": choice, "reason": word}),
        "merge": (actions.merge, {"into": other, "reason": word}),
        "resolve": (actions.resolved, {"resolution": word}),
        "reopen": (actions.reopen, {"reason": word}),
        "split": (actions.split, {"title": "A part", "reason": word}),
    }[name]
    verb(escalation=escalation, by=BY, now=now, **fields)
    return "" if name in ("case", "answer") else word


def check(escalation, now):
    """What must hold of every escalation at every moment."""
    escalation = faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get()
    material = lanes.read(escalation, audience="staff", now=now)
    picture = lanes.picture(escalation, material, now=now)
    entered = [hop.entered_at for hop in escalation.hops.exclude(lane=MANAGEMENT).order_by("pk")]
    assert entered == sorted(entered)
    for hop in material.hops:
        assert 0 <= hop.level <= catalog.highest_level(hop.lane)
    last = material.hops[-1]
    assert (last.lane, last.level) == (escalation.lane, escalation.level)
    assert 0 <= escalation.management_level <= 3
    assert all(step.spent_s >= 0 for step in picture.steps)
    lasted = ((escalation.resolved_at or now) - material.hops[0].entered_at).total_seconds()
    rested = sum((one.reopened_at - one.resolved_at).total_seconds() for one in material.rests)
    assert sum(step.spent_s for step in picture.steps) == max(round(lasted - rested), 0)
    drawn = [level.state for lane in picture.lanes for level in lane.levels]
    assert drawn.count("now") == escalation.is_open
    links = EscalationLink.objects.filter(escalation=escalation, kind="duplicate", ended_at=None)
    assert [link.other_id for link in links] == [pk for pk in [escalation.merged_into_id] if pk]
    if not escalation.is_open:
        assert not Deadline.objects.waiting().filter(clock__escalation=escalation).exists()


def written() -> set[str]:
    """Every word that anybody wrote, wherever it is kept."""
    kept = set(Hop.objects.values_list("note", flat=True)) | set(
        Communication.objects.values_list("text", flat=True)
    )
    for model, names in ((EscalationLink, ("reason", "end_reason")), (Reopening, ("reason", "resolution"))):
        for name in names:
            kept |= set(model.objects.values_list(name, flat=True))
    return kept | set(Escalation.objects.values_list("resolution", flat=True))


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(script=st.lists(steps, min_size=4, max_size=10))
def test_the_path_stays_in_order_and_in_range_and_no_word_is_lost(open_it, now, script):
    all_of_them, words = [open_it(), open_it(severity="high")], set()
    for index, (name, which, later, choice) in enumerate(script):
        now += later * MIN
        one = all_of_them[which % len(all_of_them)]
        other = all_of_them[choice % len(all_of_them)].number
        if name == "engine":
            engine.run_due(now)
        else:
            with suppress(ValidationError):
                words.add(act(one, name, choice, other, now, f"word {index}"))
        for escalation in all_of_them:
            check(escalation, now)
    assert words - {""} <= written()
