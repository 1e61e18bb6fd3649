"""What other parts see of the war room: API, gates, figures, probe, report facts and the demo."""

from datetime import datetime, timedelta

import pytest

from engagements.gates import conditions
from engagements.models import Engagement
from iem_portal.accounts.actors import SYSTEM_DEMO
from iem_portal.registry import figures, gauges, probes, tiles
from tests import factories
from warroom import reading, room
from warroom import runbook as verbs
from warroom.demo import NIGHT, Night, RunbookPlan
from warroom.models import AlarmState, MetricPoint, MetricSeries, PollTarget, Step
from warroom.sources.metrics import fingerprint
from workbook.watches import watches

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def api(engagement, *path):
    return "/api/v1/engagements/" + "/".join([engagement.reference, *path]) + "/"


def test_the_api_runs_a_step_by_the_rules_of_the_page(runbook, tam, as_user):
    client = as_user(tam)
    address = api(runbook.engagement, "steps", "PRE-04")
    begun = client.post(address + "start/", {"base_version": 1}, content_type="application/json")
    assert (begun.status_code, begun.json()["status"], begun.json()["version"]) == (200, "running", 2)
    stale = client.post(address + "finish/", {"base_version": 1}, content_type="application/json")
    assert (stale.status_code, stale.json()["stored"]["version"]) == (409, 2)
    assert client.get(address).json()["forecast_end_at"]


def test_the_api_says_which_field_is_wrong(runbook, tam, as_user):
    address = api(runbook.engagement, "steps", "PRE-03", "start")
    answer = as_user(tam).post(address, {"base_version": 1}, content_type="application/json")
    assert answer.status_code == 422 and "PRE-02" in str(answer.json()["errors"])


def test_the_api_lists_every_step_and_makes_the_runbook_once(engagement, tam, as_user):
    client = as_user(tam)
    assert client.get(api(engagement, "steps")).json() == []
    assert client.post(api(engagement, "steps")).status_code == 201
    assert client.post(api(engagement, "steps")).status_code == 409
    assert len(client.get(api(engagement, "steps")).json()) == 30


def test_the_api_gives_each_watch_with_its_latest_value(engagement, watch, tam, as_user, now):
    watch()
    (found,) = watches(engagement)
    at = now - timedelta(minutes=2)
    MetricSeries.objects.create(
        engagement=engagement,
        watch_row=found.row_id,
        fingerprint=fingerprint(found),
        last_at=at,
        last_value=38.0,
    )
    (row,) = as_user(tam).get(api(engagement, "watches")).json()
    assert (row["title"], row["value"], row["crit"]) == ("Replication lag", 38.0, 30.0)
    assert datetime.fromisoformat(row["data_until"]) == at + timedelta(minutes=1)


def test_the_api_keeps_aws_only_updates_from_the_customer(engagement, tam, customer_lead, as_user):
    client = as_user(tam)
    for audience in ("all", "aws"):
        words = {"state": "on_plan", "text": "Fine", "audience": audience}
        assert (
            client.post(api(engagement, "status-updates"), words, content_type="application/json").status_code
            == 201
        )
    assert len(client.get(api(engagement, "status-updates")).json()) == 2
    assert len(as_user(customer_lead).get(api(engagement, "status-updates")).json()) == 1


@pytest.mark.parametrize("path", ["steps", "watches", "status-updates"])
def test_the_api_of_another_customer_does_not_exist(runbook, rival, as_user, path):
    assert as_user(rival).get(api(runbook.engagement, path)).status_code == 404


def test_a_viewer_may_read_but_not_run_by_the_api(runbook, as_user):
    client = as_user(factories.member(runbook.engagement, "viewer"))
    assert client.get(api(runbook.engagement, "steps")).status_code == 200
    assert (
        client.post(api(runbook.engagement, "steps", "PRE-04", "start"), {"base_version": 1}).status_code
        == 403
    )


def met(engagement, now) -> dict[str, bool]:
    return {condition.key: condition.is_met for condition in conditions(engagement, now)}


def test_the_event_wants_a_runbook_and_the_review_a_closed_room(engagement, tam, now):
    Engagement.objects.filter(pk=engagement.pk).update(phase="plan")
    engagement.refresh_from_db()
    assert met(engagement, now)["runbook"] is False
    made = verbs.create_runbook(engagement=engagement, by=tam, now=now)
    assert met(engagement, now)["runbook"] is True
    engagement.phase = "execute"
    verbs.start_step(step=verbs.find(engagement, "PRE-04"), version=1, by=tam, now=now)
    room.open_room(engagement=engagement, by=tam, now=now)
    assert (met(engagement, now)["steps"], met(engagement, now)["room"]) == (False, False)
    Step.objects.filter(runbook=made).update(status="planned")
    room.close_room(engagement=engagement, by=tam, now=now)
    assert (met(engagement, now)["steps"], met(engagement, now)["room"]) == (True, True)


def test_the_figure_counts_many_engagements_with_one_query(runbook, tam, now, django_assert_num_queries):
    verbs.start_step(step=verbs.find(runbook.engagement, "PRE-04"), version=1, by=tam, now=now)
    other = factories.engagement()
    with django_assert_num_queries(1):
        found = figures.get("runbook").for_engagements([runbook.engagement, other], now)
    assert found == {runbook.engagement_id: {"done": 0, "running": 1, "total": 30}}


def test_a_source_that_waits_for_minutes_is_not_ready(engagement, now):
    assert probes.get("polling").check(now).ok
    PollTarget.objects.create(
        engagement=engagement,
        source="alarms",
        account_id="1",
        region="x",
        next_poll_at=now - timedelta(minutes=3),
    )
    assert not probes.get("polling").check(now).ok
    assert gauges.get("poll_lag_seconds").read(now) == 180


def test_the_report_gets_every_step_planned_and_actual(runbook, tam, now):
    verbs.start_step(step=verbs.find(runbook.engagement, "PRE-04"), version=1, by=tam, now=now)
    facts = reading.runbook_facts(runbook.engagement, now)
    begun = next(step for step in facts.steps if step.code == "PRE-04")
    assert (begun.actual_start_at, begun.late_min, facts.total) == (now, None, 30)


def test_the_report_gets_extremes_and_minutes_beyond_the_limit(engagement, watch, now):
    watch(crit="30")
    (found,) = watches(engagement)
    series = MetricSeries.objects.create(
        engagement=engagement, watch_row=found.row_id, fingerprint=fingerprint(found)
    )
    for minute, value in enumerate((10, 31, 40, 30)):
        MetricPoint.objects.create(series=series, at=now - timedelta(minutes=minute), value=value)
    (facts,) = reading.metric_facts(engagement, now - timedelta(hours=1), now + timedelta(minutes=1))
    assert (facts.low, facts.high, facts.points, facts.over) == (10, 40, 4, 2)


def test_the_demo_plays_the_night_until_the_newcomer_arrives(engagement, tam, customer_lead, now):
    people = {
        "tam": tam,
        "customer": customer_lead,
        "warroom": SYSTEM_DEMO,
        "database": tam,
        "application": tam,
        "network": tam,
    }
    people["warroom"] = factories.member(engagement, "support_engineer")
    world = type("World", (), {"engagement": engagement, "people": people})
    RunbookPlan().seed(world, now)
    Night().seed(world, now)
    running = Step.objects.get(runbook__engagement=engagement, status="running")
    assert running.code == "DB-05" and running.owner_name == tam.name
    assert Step.objects.filter(status="done").count() == len(NIGHT) - 1
    assert engagement.status_updates.count() == 3
    assert reading.runbook_facts(engagement, now).late_min == 3


def test_alarms_that_nobody_reads_any_more_look_old(engagement, now):
    AlarmState.objects.create(
        engagement=engagement,
        account_id="1" * 12,
        region="us-east-1",
        name="lag",
        state="ALARM",
        changed_at=now,
    )
    html = tiles.get("alarms").render(engagement.pk, audience="staff", now=now)
    assert "polling stopped" in html
    assert "is-old" in html
