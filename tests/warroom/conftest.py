"""A runbook in the making for the war room's tests."""

from dataclasses import replace
from datetime import timedelta

import pytest

from engagements.models import Engagement
from iem_portal.accounts.actors import SYSTEM_DEMO
from tests import factories
from warroom.models import Runbook
from warroom.poller import poll_due
from warroom.runbook import create_runbook
from workbook.models import Cell, Row


@pytest.fixture
def runbook(engagement, now) -> Runbook:
    """The cutover's runbook, fresh from the template, approved by both sides."""
    made = create_runbook(engagement=engagement, by=SYSTEM_DEMO, now=now)
    Runbook.objects.filter(pk=made.pk).update(status="approved", frozen_revision=1)
    made.refresh_from_db()
    return made


STANDARD = {
    "mt_account": "111122223333",
    "mt_region": "ap-northeast-2",
    "mt_namespace": "AWS/DMS",
    "mt_metric": "CDCLatencyTarget",
    "mt_dims": [["ReplicationTaskIdentifier", "enrol-db"]],
    "mt_stat": "Maximum",
    "mt_period": 60,
    "mt_unit": "s",
    "mt_crit": "30",
}


def make_watch(engagement, title: str = "Replication lag", **cells) -> Row:
    """A row of the monitoring sheet, as the workbook stores it."""
    row = Row.objects.create(
        engagement=engagement,
        section="wb12",
        table="metrics",
        position=Row.objects.count(),
        created_at=engagement.requested_at,
        created_by_name="Lim Sojin",
    )
    values = STANDARD | {"mt_title": title} | {f"mt_{key}": value for key, value in cells.items()}
    for field, value in values.items():
        Cell.objects.create(row=row, field=field, value=value, updated_at=row.created_at)
    return row


def make_quota(engagement, **cells) -> Row:
    """A row of the quotas of the workbook: account, region, service, code."""
    row = Row.objects.create(
        engagement=engagement,
        section="wb08",
        table="quotas",
        position=Row.objects.count(),
        created_at=engagement.requested_at,
        created_by_name="Lim Sojin",
    )
    for field, value in cells.items():
        Cell.objects.create(row=row, field=f"q_{field}", value=value, updated_at=row.created_at)
    return row


def begin_night(engagement, simulator) -> Engagement:
    """The cutover of the simulated story at T0+80 min, with its account and the replication lag watched."""
    simulator.at_minute(80.5)
    t0 = simulator.t0()
    Engagement.objects.filter(pk=engagement.pk).update(starts_at=t0, ends_at=t0 + timedelta(hours=9))
    factories.aws_account(engagement)
    make_watch(engagement)
    engagement.refresh_from_db()
    return engagement


@pytest.fixture
def watch(engagement):
    """`watch("Lag", metric="CDCLatencyTarget", …)`: a row of the monitoring sheet of this engagement or another."""
    return lambda title="Replication lag", engagement=engagement, **cells: make_watch(
        engagement, title, **cells
    )


@pytest.fixture
def night(engagement, simulator):
    """The cutover of the simulated story at T0+80 min, with its account and the replication lag watched."""
    return begin_night(engagement, simulator)


@pytest.fixture
def poll(simulator):
    """Poll at the simulated present (after moving it), without a pool of threads."""

    def run(*, minutes: float = 0, seconds: float = 0) -> int:
        simulator.advance(minutes=minutes, seconds=seconds)
        return poll_due(simulator.now(), threads=1)

    return run


@pytest.fixture
def running_world(running_simulator):
    """`running_world(lag_s=…, converge_s=…)`: make the replication lag come late; the series as it really is."""
    found = next(
        one for one in running_simulator.world.series.values() if one.spec.metric == "CDCLatencyTarget"
    )
    before = found.spec

    def change(**fields):
        found.spec = replace(before, **fields)
        return found

    yield change
    found.spec = before
