"""What the tests of the AWS layer share: the account of the story, its metrics, a window that ends at the present."""

from datetime import timedelta

import pytest

from iem_portal.aws.metrics import MetricSpec
from iem_portal.aws.targets import Target


@pytest.fixture
def target() -> Target:
    return Target("111122223333", "ap-northeast-2")


@pytest.fixture
def window(simulator):
    """The five whole minutes that can be read 80 minutes after T0, none of them still growing."""
    simulator.at_minute(80.5)
    end = simulator.t0() + timedelta(minutes=78)
    return end - timedelta(minutes=5), end


@pytest.fixture
def lag() -> MetricSpec:
    return MetricSpec(
        "lag", "AWS/DMS", "CDCLatencyTarget", {"ReplicationTaskIdentifier": "enrol-db"}, "Maximum"
    )


@pytest.fixture
def fleet():
    """`fleet(n)`: n different metrics."""

    def make(count: int) -> list[MetricSpec]:
        return [
            MetricSpec(f"host {index}", "Garamsoop/Fleet", "Heartbeat", {"Host": f"host-{index:04d}"}, "Sum")
            for index in range(count)
        ]

    return make
