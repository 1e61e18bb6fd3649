"""Roll calls that open by rule: once for each shift and gate, only while the war room is open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from engagements.models import TimelineEntry
from warroom import runbook as acts
from warroom.models import RollCall, RollRule, WarRoom
from warroom.outlook import outlook
from warroom.people import rolls, ruling
from workbook.models import Cell, Row

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def rule(engagement, tam, now):
    """Ten minutes before a shift, fifteen before a gate, in an open war room."""
    WarRoom.objects.create(engagement=engagement, opened_at=now - 60 * MINUTE, opened_by_name=tam.name)
    words = {"before_shift_min": 10, "before_gate_min": 15, "version": 0, "by": tam, "now": now}
    ruling.set_rule(engagement=engagement, **words)
    return RollRule.objects.get()


@pytest.fixture
def shift(engagement, now):
    """`shift("Kim", at)`: somebody whose shift begins then."""

    def make(name, at):
        row = Row.objects.create(
            engagement=engagement, section="wb03", table="people", position=Row.objects.count(),
            created_at=now, created_by_name="x",
        )  # fmt: skip
        for field, value in {"ct_name": name, "ct_role": "dba", "ct_shift_start": at.isoformat()}.items():
            Cell.objects.create(row=row, field=field, value=value, updated_at=now)

    return make


def close(by, now):
    rolls.close_roll(call=RollCall.objects.get(closed_at=None), by=by, now=now)


def test_it_opens_once_so_many_minutes_before_a_shift_and_waits_for_who_comes(rule, shift, tam, now):
    shift("Kim Minji", now + 30 * MINUTE)
    shift("Lee Jun", now + 30 * MINUTE)
    opened = [ruling.open_due(now + minute * MINUTE) for minute in (0, 19, 20, 21)]
    assert opened == [0, 0, 1, 0]
    call = RollCall.objects.get()
    assert (call.opened_at, call.opened_by_name) == (now + 20 * MINUTE, "Clock")
    assert [one["name"] for one in call.expected] == ["Kim Minji", "Lee Jun"]
    assert call.purpose["en"] == "the shift from 01:45 KST"
    close(tam, now + 25 * MINUTE)
    assert ruling.open_due(now + 26 * MINUTE) == 0


def test_one_that_is_open_goes_first_and_a_shift_that_has_begun_asks_nobody(
    engagement, rule, shift, tam, now
):
    shift("Kim Minji", now + 10 * MINUTE)
    rolls.open_roll(engagement=engagement, occasion="Drill", by=tam, now=now)
    assert ruling.open_due(now) == 0
    close(tam, now + 5 * MINUTE)
    assert ruling.open_due(now + 5 * MINUTE) == 1
    close(tam, now + 6 * MINUTE)
    shift("Lee Jun", now + 7 * MINUTE)
    assert ruling.open_due(now + 8 * MINUTE) == 0


def test_a_shift_that_is_moved_moves_its_roll_call(rule, shift, now):
    shift("Kim Minji", now + 10 * MINUTE)
    Cell.objects.filter(field="ct_shift_start").update(value=(now + 40 * MINUTE).isoformat())
    assert [ruling.open_due(now + minute * MINUTE) for minute in (0, 30)] == [0, 1]


def test_each_gate_of_the_running_book_has_one(engagement, runbook, rule, tam, now):
    first = acts.find(engagement, "PRE-01")
    acts.start_step(step=first, version=first.version, by=tam, now=now)
    RollRule.objects.update(before_shift_min=None, before_gate_min=240)
    for _turn in range(8):
        if ruling.open_due(now):
            close(tam, now)
    soon = [step for step in outlook(engagement, now).upcoming if step.kind == "gate"]
    reached = [step.code for step in soon if outlook(engagement, now).of(step).start_at <= now + 240 * MINUTE]
    assert reached and sorted(RollCall.objects.values_list("key", flat=True)) == sorted(
        f"gate:{runbook.number}:{code}" for code in reached
    )


def test_nothing_opens_in_a_closed_room_or_without_a_rule(engagement, rule, shift, now):
    shift("Kim Minji", now + 10 * MINUTE)
    WarRoom.objects.update(closed_at=now, closed_by_name="x")
    assert ruling.open_due(now) == 0
    WarRoom.objects.update(closed_at=None, closed_by_name="")
    RollRule.objects.update(before_shift_min=None, before_gate_min=None)
    assert ruling.open_due(now) == 0


def test_the_page_keeps_what_was_typed_and_compares_the_version(engagement, tam, as_user):
    client, page = as_user(tam), reverse("warroom:roll-rule", args=[engagement.reference])
    answer = client.post(page, {"before_shift_min": "soon", "before_gate_min": "15", "version": "0"})
    assert answer.status_code == 422 and 'value="soon"' in answer.content.decode()
    assert (
        client.post(page, {"before_shift_min": "10", "before_gate_min": "", "version": "0"}).status_code
        == 303
    )
    answer = client.post(page, {"before_shift_min": "30", "before_gate_min": "", "version": "0"})
    assert answer.status_code == 409 and 'value="30"' in answer.content.decode()
    rule = RollRule.objects.get()
    assert (rule.before_shift_min, rule.before_gate_min, rule.version) == (10, None, 1)
    assert TimelineEntry.objects.filter(phrase="roll.rule").count() == 1
