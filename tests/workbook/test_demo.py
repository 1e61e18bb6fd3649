"""The demo's workbook: what the board and the simulated AWS agree on, and a believable way to readiness."""

import pytest
from django.db import transaction

from engagements.models import Engagement
from iem_portal.demo import world as story
from tests.factories import NOW
from workbook.demo import WorkbookPart
from workbook.demo.readiness import ReadinessPart
from workbook.models import Cell, CellChange, Freeze, Override, Reading
from workbook.readiness import outline, progress
from workbook.scorecard import board, comparing, freezing, signing
from workbook.watches import alarm_matrix, watches

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker):
    """The story and its workbook, written once for the file."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = story.build(NOW)
        WorkbookPart().seed(world, NOW)
        yield world
        transaction.set_rollback(True)


@pytest.fixture
def world(seeded, db):
    """What a test changes is rolled back by the test's own transaction."""
    return seeded


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


@pytest.mark.once
def test_the_demo_tells_how_the_cutover_became_ready(world):
    ReadinessPart().seed(world, NOW)
    engagement = Engagement.objects.select_related("customer").get(pk=world.engagement.pk)
    lines = {line.key: line for line in board.lines(engagement, outline(engagement), NOW)}
    counts = board.counts(list(lines.values()))
    assert counts["GREEN"] >= 5 and counts["YELLOW"] >= 3 and 1 <= counts["RED"] <= 3 and not counts["GREY"]
    assert Override.objects.get().line == "stability"
    assert lines["stability"].override
    first, second = Freeze.objects.filter(engagement=engagement).order_by("number")
    found = comparing.compare(engagement, first.number, second.number).lines
    assert {line.kind for line in found} >= {"cell", "row_added"}
    assert all(line.before != line.after or line.kind != "cell" for line in found)
    assert signing.standing(engagement).is_go
    today = freezing.day_of(engagement, NOW)
    trends = board.trends(engagement, {key: line.colour for key, line in lines.items()}, today)
    assert sum(len(trend.steps) > 2 for trend in trends.values()) > 8
    assert Reading.objects.filter(engagement=engagement, freeze=None).count() == 42
