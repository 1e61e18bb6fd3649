"""Moving the window: previewed, compared, told; done milestones stay where they are."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from engagements import schedule
from engagements.actions import open_engagement
from engagements.errors import Conflict
from engagements.models import TimelineEntry
from iem_portal.accounts.models import User
from iem_portal.notifications.models import Notification
from tests import factories

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def planned(db):
    """An engagement 60 days ahead of the real clock, with its TAM and a customer's lead."""
    now = timezone.now()
    starts_at = (now + timedelta(days=60)).replace(second=0, microsecond=0)
    engagement = open_engagement(
        by=factories.user(portal_role="tam"), now=now, customer=factories.customer(), name="Sale",
        event_type="SAL", starts_at=starts_at, ends_at=starts_at + timedelta(hours=6), time_zone="Asia/Seoul",
    )  # fmt: skip
    factories.member(engagement, "customer_lead", email="lead@example.com")
    return engagement


def later(engagement, by=WEEK):
    return schedule.Window(engagement.starts_at + by, engagement.ends_at + by, engagement.time_zone)


def moved(engagement, window, **words):
    words = {"base_version": 1, "by": engagement.opened_by, "now": engagement.requested_at} | words
    return schedule.move_window(engagement=engagement, window=window, **words)


def test_a_preview_saves_nothing(planned):
    before = list(planned.milestones.values_list("code", "due_at"))
    preview = schedule.preview_window(planned, later(planned), now=planned.requested_at, by=planned.opened_by)
    assert len(preview.moved) > 20
    assert list(planned.milestones.values_list("code", "due_at")) == before


def test_saving_moves_exactly_what_the_preview_said(planned):
    preview = schedule.preview_window(planned, later(planned), now=planned.requested_at, by=planned.opened_by)
    moved(planned, later(planned))
    for move in preview.moves:
        move.milestone.refresh_from_db()
        assert move.milestone.due_at == (move.new_due_at if move.is_moved else move.old_due_at)


def test_done_milestones_stay(planned):
    done = planned.milestones.get(code="M02")
    schedule.set_done(milestone=done, is_done=True, by=planned.opened_by, now=planned.requested_at)
    due_at = done.due_at
    moved(planned, later(planned))
    done.refresh_from_db()
    assert done.due_at == due_at


def test_an_earlier_window_says_what_is_past_at_once(planned):
    preview = schedule.preview_window(
        planned, later(planned, -timedelta(days=50)), now=planned.requested_at, by=planned.opened_by
    )
    assert {"M10"} <= {move.milestone.code for move in preview.past}
    assert preview.is_late
    assert preview.plan_days < 42


def test_the_others_of_the_team_are_told_once_each(planned):
    moved(planned, later(planned))
    told = Notification.objects.filter(template="engagements/mail/window_moved")
    assert [one.address for one in told] == ["lead@example.com"]


def test_the_move_is_a_decision_on_the_timeline(planned):
    moved(planned, later(planned), reason="Vendor asked for a week")
    entry = TimelineEntry.objects.get(engagement=planned, phrase="window.moved")
    assert (entry.kind, entry.text) == ("decision", "Vendor asked for a week")


def test_a_preview_of_an_older_version_is_not_saved(planned):
    moved(planned, later(planned))
    with pytest.raises(Conflict):
        moved(planned, later(planned, 2 * WEEK))
    planned.refresh_from_db()
    assert planned.version == 2


def test_an_event_of_the_same_night_with_a_shared_person_is_named(planned):
    other = factories.engagement(starts_at=planned.starts_at + WEEK, phase="plan")
    other.memberships.create(user=planned.opened_by, role="tam", added_at=planned.requested_at)
    preview = schedule.preview_window(planned, later(planned), now=planned.requested_at, by=planned.opened_by)
    assert preview.same_night == [other]


def test_a_milestone_is_done_by_somebody_at_a_time_and_open_again(planned, now):
    milestone = planned.milestones.get(code="M05")
    schedule.set_done(milestone=milestone, is_done=True, by=planned.opened_by, now=now)
    assert (milestone.done_at, milestone.done_by_name) == (now, planned.opened_by.name)
    schedule.set_done(milestone=milestone, is_done=False, by=planned.opened_by, now=now)
    assert (milestone.done_at, milestone.done_by_name) == (None, "")


def test_ticking_off_twice_is_told_once(planned, now):
    milestone = planned.milestones.get(code="M05")
    for _ in range(2):
        schedule.set_done(milestone=milestone, is_done=True, by=planned.opened_by, now=now)
    assert TimelineEntry.objects.filter(phrase="milestone.done").count() == 1


def local(instant):
    return instant.astimezone(ZoneInfo("Asia/Seoul")).strftime("%Y-%m-%dT%H:%M")


def posted(client, engagement, **data):
    window = later(engagement)
    data = {"starts_at": local(window.starts_at), "ends_at": local(window.ends_at), "time_zone": "Asia/Seoul",
            "version": "1"} | data  # fmt: skip
    return client.post(reverse("engagements:window", args=[engagement.reference]), data)


def test_the_page_shows_what_moves_and_who_is_told_before_it_saves(planned, as_user):
    answer = posted(as_user(planned.opened_by), planned, do="preview")
    planned.refresh_from_db()
    assert answer.status_code == 200
    assert "What moves" in answer.content.decode()
    assert "Lead" in answer.content.decode()
    assert planned.version == 1


def test_the_page_saves_and_leads_to_the_overview(planned, as_user):
    assert posted(as_user(planned.opened_by), planned, do="save").status_code == 303
    planned.refresh_from_db()
    assert planned.version == 2


def test_the_page_shows_the_preview_again_when_somebody_was_faster(planned, as_user):
    moved(planned, later(planned, 2 * WEEK))
    answer = posted(as_user(planned.opened_by), planned, do="save")
    assert answer.status_code == 409
    assert 'name="version" value="2"' in answer.content.decode()


def test_an_end_before_the_start_is_refused_beside_the_field(planned, as_user):
    answer = posted(as_user(planned.opened_by), planned, ends_at=local(planned.starts_at - WEEK))
    assert answer.status_code == 422
    assert "The end comes after the start." in answer.content.decode()


def test_a_time_that_summer_time_skips_is_refused(planned, as_user):
    answer = posted(
        as_user(planned.opened_by), planned, starts_at="2027-03-14T02:30", ends_at="2027-03-14T09:00",
        time_zone="America/Los_Angeles",
    )  # fmt: skip
    assert "The clocks skip this time in this zone" in answer.content.decode()


def test_somebody_who_went_to_another_customer_is_not_told(planned):
    gone = factories.member(planned, "customer_contributor")
    User.objects.filter(pk=gone.pk).update(customer=factories.customer())
    moved(planned, later(planned))
    assert not Notification.objects.filter(address=gone.email).exists()


@pytest.mark.parametrize("year", ["0001", "9999"])
def test_a_year_at_the_edge_of_the_calendar_is_refused_beside_the_field(planned, as_user, year):
    window = {"starts_at": f"{year}-12-31T10:00", "ends_at": f"{year}-12-31T23:00", "time_zone": "Asia/Seoul"}
    page = reverse("engagements:window", args=[planned.reference])
    answer = as_user(planned.opened_by).post(page, window | {"do": "preview"})
    assert answer.status_code == 422
