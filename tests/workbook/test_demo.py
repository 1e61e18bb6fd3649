"""The demo's workbook: what the board and the simulated AWS agree on."""

import pytest

from iem_portal.demo import world as story
from tests.factories import NOW
from workbook.demo import WorkbookPart
from workbook.models import Cell, CellChange
from workbook.readiness import progress
from workbook.watches import alarm_matrix, watches

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    world = story.build(NOW)
    WorkbookPart().seed(world, NOW)
    return world


def test_the_cutover_has_eight_watches_that_can_be_read(world):
    found = watches(world.engagement)
    assert len(found) == 8
    assert all(not watch.problems for watch in found)
    lag = found[0]
    assert (lag.namespace, lag.metric, lag.stat, lag.period_s) == (
        "AWS/DMS",
        "CDCLatencyTarget",
        "Maximum",
        60,
    )
    assert (lag.dimensions, lag.warn, lag.crit, lag.direction) == (
        (("ReplicationTaskIdentifier", "enrol-db"),), 20.0, 30.0, "above",
    )  # fmt: skip
    assert [watch.title for watch in found if watch.direction == "below"] == [
        "Sign-in success",
        "Payment approvals",
    ]
    assert next(watch for watch in found if watch.title == "Edge requests").region == "us-east-1"


def test_every_alarm_of_the_story_has_somebody_who_answers(world):
    rows = alarm_matrix(world.engagement)
    assert [row.ref for row in rows][:2] == ["enrol-db-replication-lag", "portal-asg-at-maximum"]
    assert len(rows) == 7
    assert all(row.first and row.runbook and not row.problems for row in rows)


def test_the_cutover_is_nearly_full_and_the_rival_has_begun(world):
    full, begun = progress(world.engagement, NOW), progress(world.rival_engagement, NOW)
    assert 80 <= full.percent < 100
    assert 5 < begun.percent < 80


def test_several_people_wrote_the_history(world):
    names = set(
        CellChange.objects.filter(engagement_id=world.engagement.pk).values_list("by_name", flat=True)
    )
    assert names >= {"Baek Jihun", "Lim Sojin", "Seo Yuna", "Noh Taemin", "Kang Mirae"}


def test_modules_and_people_are_rows_that_watches_and_alarms_point_to(world):
    assert {watch.module for watch in watches(world.engagement)} == {
        "Enrolment database", "Portal", "Sign-in", "Edge", "Payment",
    }  # fmt: skip
    kept = Cell.objects.filter(
        row__engagement=world.engagement, field__in=["mt_module", "al_first", "bn_owner"]
    )
    assert all(value.startswith("#") for value in kept.values_list("value", flat=True))
