"""Shifts, roll calls and hand-over notes."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from engagements.duty import Duty
from engagements.models import TimelineEntry
from iem_portal.notifications.models import Notification
from iem_portal.registry import tiles
from tests import factories
from warroom.models import RollCall
from warroom.people import duty, handovers, panel, rolls
from workbook.models import Cell, Row

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
hours = st.integers(-30, 30).map(lambda n: NOON + n * HOUR)
shifts = st.lists(
    st.builds(
        lambda name, role, start, length: Duty(
            1, name, role, "aws", starts_at=start, ends_at=start + length * HOUR
        ),
        st.sampled_from(["Kim", "Lee", "Park"]),
        st.sampled_from(["dba", "network"]),
        hours,
        st.integers(1, 12),
    )
)


@given(shifts, hours)
def test_nobody_is_both_on_duty_and_next_and_next_is_the_soonest(found, at):
    for post in duty.posts(found, at):
        assert all(one.covers(at) for one in post.now)
        assert all(one.starts_at > at for one in post.next)
        mine = [one.starts_at for one in found if one.role == post.role and one.starts_at > at]
        assert {one.starts_at for one in post.next} == ({min(mine)} if mine else set())


@given(shifts, hours)
def test_a_roll_call_waits_for_each_name_once(found, at):
    names = [one.name for one in duty.expected(found, at)]
    assert len(names) == len(set(names))
    assert {one.name for one in found if one.covers(at)} <= set(names)


@pytest.fixture
def shift(engagement):
    """`shift("Kim", starts_at, ends_at, email=…)`: a row of the people of the workbook."""

    def make(name, start, end, *, email="", role="dba"):
        row = Row.objects.create(
            engagement=engagement, section="wb03", table="people", position=Row.objects.count(),
            created_at=NOON, created_by_name="x",
        )  # fmt: skip
        values = {"ct_name": name, "ct_role": role, "ct_org": "aws", "ct_email": email}
        values |= {"ct_shift_start": start.isoformat(), "ct_shift_end": end.isoformat()}
        for field, value in values.items():
            Cell.objects.create(row=row, field=field, value=value, updated_at=NOON)

    return make


@pytest.mark.django_db
def test_the_tile_names_who_is_on_duty_now_and_who_comes_next(engagement, shift, now):
    shift("Kim Now", now - HOUR, now + HOUR)
    shift("Lee Next", now + HOUR, now + 3 * HOUR)
    shift("Park Gone", now - 3 * HOUR, now - HOUR)
    html = tiles.get(rolls.TILE).render(engagement.pk, audience="customer", now=now)
    assert "Kim Now" in html and "Lee Next" in html and "Park Gone" not in html
    assert "Database administrator" in html


@pytest.mark.django_db
def test_the_pin_of_the_bridge_stays_in_the_workbook(engagement, now):
    row = Row.objects.create(
        engagement=engagement, section="wb04", table="", position=0, created_at=now, created_by_name="x"
    )
    for field, value in (("wr_bridge", "https://meet.example/night"), ("wr_bridge_pin", "4711")):
        Cell.objects.create(row=row, field=field, value=value, updated_at=now)
    assert [one["value"] for one in panel.bridges(engagement)] == ["https://meet.example/night"]


@pytest.mark.django_db
def test_a_roll_call_shows_who_is_missing_and_writes_it_down(engagement, tam, customer_lead, shift, now):
    shift(tam.name, now - HOUR, now + HOUR, email=tam.email)
    shift("Nobody Known", now - HOUR, now + HOUR)
    call = rolls.open_roll(engagement=engagement, occasion="G3", by=tam, now=now)
    assert rolls.here(call=call, by=tam, now=now) is True
    assert rolls.here(call=call, by=tam, now=now) is False
    rolls.here(call=call, by=customer_lead, now=now)
    found = rolls.standing(call)
    assert (len(found.here), [one["name"] for one in found.missing]) == (2, ["Nobody Known"])
    assert rolls.close_roll(call=call, by=tam, now=now) is True
    entry = TimelineEntry.objects.get(phrase="roll.closed_missing")
    assert entry.params["names"] == "Nobody Known"
    with pytest.raises(rolls.RollError):
        rolls.here(call=call, by=customer_lead, now=now)


@pytest.mark.django_db
def test_one_roll_call_at_a_time_and_it_says_what_for(engagement, tam, as_user, now):
    page = reverse("warroom:roll-open", args=[engagement.reference])
    assert as_user(tam).post(page, {"occasion": " "}).status_code == 422
    assert as_user(tam).post(page, {"occasion": "G3"}).status_code == 303
    assert as_user(tam).post(page, {"occasion": "G4"}).status_code == 422
    assert RollCall.objects.count() == 1


@pytest.mark.django_db
def test_one_tap_on_the_board_says_that_one_is_here(engagement, tam, customer_lead, as_user, now):
    call = rolls.open_roll(engagement=engagement, occasion="G3", by=tam, now=now)
    assert {one["name"] for one in call.expected} == {tam.name, customer_lead.name}
    address = reverse("warroom:roll", args=[engagement.reference, call.number])
    answer = as_user(customer_lead).post(address, {"act": "here"}, headers={"HX-Request": "true"})
    assert answer.status_code == 204
    assert [one["name"] for one in rolls.standing(call).missing] == [tam.name]


@pytest.mark.django_db
def test_a_note_counts_as_taken_over_when_the_person_named_says_so(
    engagement, tam, customer_lead, as_user, now
):
    note = handovers.write(
        engagement=engagement, to_id=customer_lead.pk, text="Watch the lag", by=tam, now=now
    )
    assert Notification.objects.get().address == customer_lead.email
    address = reverse("warroom:take-over", args=[engagement.reference, note.number])
    assert as_user(tam).post(address).status_code == 422
    assert as_user(customer_lead).post(address).status_code == 303
    note.refresh_from_db()
    assert note.taken_at is not None
    assert TimelineEntry.objects.filter(phrase="handover.taken").count() == 1


@pytest.mark.django_db
def test_a_note_for_aws_goes_to_no_customer(engagement, tam, customer_lead, as_user, now):
    words = {"engagement": engagement, "by": tam, "now": now, "text": "Between us", "is_internal": True}
    with pytest.raises(handovers.HandoverError):
        handovers.write(to_id=customer_lead.pk, **words)
    handovers.write(to_id=factories.member(engagement, "sa").pk, **words)
    page = reverse("warroom:people", args=[engagement.reference])
    assert "Between us" not in as_user(customer_lead).get(page).content.decode()
    assert "Between us" in as_user(tam).get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("to", ["", "abc", "99999999999999999999", "0"])
def test_a_note_to_nobody_keeps_what_was_typed(engagement, tam, as_user, to):
    page = reverse("warroom:hand-over", args=[engagement.reference])
    answer = as_user(tam).post(page, {"to": to, "text": "Watch the lag"})
    assert answer.status_code == 422 and "Watch the lag" in answer.content.decode()


@pytest.mark.django_db
def test_the_page_costs_at_most_twelve_queries(
    engagement, tam, as_user, shift, now, django_assert_max_num_queries
):
    for number in range(8):
        shift(f"Kim {number}", now - HOUR, now + HOUR)
    for _ in range(3):
        rolls.close_roll(
            call=rolls.open_roll(engagement=engagement, occasion="G1", by=tam, now=now), by=tam, now=now
        )
    client, page = as_user(tam), reverse("warroom:people", args=[engagement.reference])
    with django_assert_max_num_queries(12):
        client.get(page)


@pytest.mark.django_db
def test_that_everybody_is_here_is_said_once(engagement, tam, customer_lead, now):
    call = rolls.open_roll(engagement=engagement, occasion="G3", by=tam, now=now)
    late = factories.member(engagement, "sa")
    for person in (tam, customer_lead, late):
        rolls.here(call=call, by=person, now=now)
    assert TimelineEntry.objects.filter(phrase="roll.complete").count() == 1
