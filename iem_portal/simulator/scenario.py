"""What happens in the simulated AWS? Reads one scenario file; all its times are minutes relative to T0."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

SCENARIOS = Path(__file__).with_name("scenarios")


@dataclass(frozen=True)
class Account:
    id: str
    name: str
    plan: str = "enterprise"  # basic: the Support and Health APIs answer SubscriptionRequiredException
    external_id: str = ""  # when set, AssumeRole without it is denied
    monitors: list[str] = field(default_factory=list)  # accounts whose metrics it sees (observability)
    manages: list[str] = field(default_factory=list)  # accounts of the organisation whose Health it sees


@dataclass(frozen=True)
class SeriesSpec:
    """One metric: the value of its main statistic over time, and how the samples of a minute spread around it."""

    account: str
    region: str
    namespace: str
    metric: str
    dimensions: dict[str, str]
    unit: str = "None"
    stat: str = "Average"  # the statistic that `level` and `points` speak of
    level: float = 0.0
    points: list[list[float]] = field(default_factory=list)  # [minute, value], straight lines between them
    noise: float = 0.0  # relative
    sigma: float = 0.0  # log-normal spread of the samples in one minute
    samples: float = 1.0  # samples in each interval; 0: every sample is one count
    resolution_s: int = 60  # 10: a high-resolution metric, an interval of ten seconds
    floor: float = 0.0
    ceiling: float | None = None
    is_whole: bool = False
    from_min: float = -2880
    until_min: float | None = None
    gaps: list[list[float]] = field(default_factory=list)  # [from minute, to minute]: nothing was sent
    lag_s: int = 60  # a minute is first readable this long after its end
    converge_s: int = 0  # and grows to its final sum for this long
    repeat: dict[str, Any] = field(
        default_factory=dict
    )  # {dimension, prefix, count}: a family of alike metrics


@dataclass(frozen=True)
class AlarmSpec:
    account: str
    region: str
    name: str
    description: str
    namespace: str = ""
    metric: str = ""
    dimensions: dict[str, str] = field(default_factory=dict)
    stat: str = "Average"
    period_s: int = 60
    comparison: str = "GreaterThanThreshold"
    threshold: float = 0.0
    evaluation_periods: int = 1
    datapoints_to_alarm: int = 1
    missing: str = "missing"
    rule: str = ""  # a composite alarm has a rule instead of a metric
    is_log: bool = False  # a log alarm counts what a scheduled query finds; the metric stands for its results
    from_min: int = -180

    @property
    def is_composite(self) -> bool:
        return bool(self.rule)


@dataclass(frozen=True)
class HealthSpec:
    id: str
    service: str
    type_code: str
    category: str
    region: str
    scope: str
    start_min: float
    timeline: list[dict[str, Any]]  # {at_min, status, text, end_min?}
    accounts: list[str] = field(default_factory=list)
    entities: list[dict[str, Any]] = field(
        default_factory=list
    )  # {account, value, states: [[minute, status]]}
    end_min: float | None = None  # a planned end, for scheduled changes
    actionability: str = ""

    @property
    def arn(self) -> str:
        path = f"{self.service}/{self.type_code}/{self.type_code}_{self.id}"
        return f"arn:aws:health:{self.region}::event/{path}"


@dataclass(frozen=True)
class CaseSpec:
    account: str
    number: int
    subject: str
    service: str
    category: str
    severity: str
    created_min: float
    submitted_by: str
    language: str
    talk: list[dict[str, Any]]  # {at_min, by, text, status?}


@dataclass(frozen=True)
class QuotaSpec:
    service: str
    service_name: str
    code: str
    name: str
    default: float
    unit: str = "None"
    is_adjustable: bool = True
    is_global: bool = False
    applied: dict[str, float] = field(default_factory=dict)  # "account/region" → value; absent: default only
    usage: dict[str, Any] = field(default_factory=dict)  # {metric, dimensions, statistic}
    steps: list[dict[str, Any]] = field(default_factory=list)  # its own {after_s, status, raises?}


@dataclass(frozen=True)
class PastRequestSpec:
    """A request for more of a quota that was made before the story, and stands as it is."""

    account: str
    region: str
    code: str
    id: str
    desired: float
    status: str
    created_min: float
    changed_min: float
    case_id: str = ""


@dataclass(frozen=True)
class ResourceSpec:
    """A tagged resource; a load balancer is one too, with a few words more."""

    account: str
    region: str  # empty: a global one, answered in us-east-1
    arn: str
    tags: dict[str, str]


@dataclass(frozen=True)
class BalancerSpec:
    account: str
    region: str
    name: str
    id: str
    kind: str = "application"
    scheme: str = "internet-facing"
    zones: list[str] = field(default_factory=list)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def dimension(self) -> str:
        return f"{'app' if self.kind == 'application' else 'net'}/{self.name}/{self.id}"

    @property
    def arn(self) -> str:
        return f"arn:aws:elasticloadbalancing:{self.region}:{self.account}:loadbalancer/{self.dimension}"


@dataclass(frozen=True)
class Scenario:
    name: str
    seed: int
    accounts: dict[str, Account]
    series: list[SeriesSpec]
    alarms: list[AlarmSpec]
    health: list[HealthSpec]
    cases: list[CaseSpec]
    agent: list[dict[str, Any]]  # what the scripted engineer does with a case that somebody opens
    quotas: list[QuotaSpec]
    quota_steps: list[dict[str, Any]]  # what happens to a request for more: {after_s, status}
    past_requests: list[PastRequestSpec]
    resources: list[ResourceSpec]
    balancers: list[BalancerSpec]


def load(name: str) -> Scenario:
    """The scenario of that name; a key that nobody knows is an error, so a typing mistake cannot hide."""
    with (SCENARIOS / f"{name}.toml").open("rb") as file:
        data = tomllib.load(file)
    return Scenario(
        name=name,
        seed=data["seed"],
        accounts={row["id"]: Account(**row) for row in data["accounts"]},
        series=[one for row in data["series"] for one in _family(SeriesSpec(**row))],
        alarms=[AlarmSpec(**row) for row in data["alarms"]],
        health=[HealthSpec(**row) for row in data["health"]],
        cases=[CaseSpec(**row) for row in data["cases"]],
        agent=data["agent"],
        quotas=[QuotaSpec(**row) for row in data["quotas"]],
        quota_steps=data["quota_steps"],
        past_requests=[PastRequestSpec(**row) for row in data.get("past_requests", [])],
        resources=[ResourceSpec(**row) for row in data.get("resources", [])],
        balancers=[BalancerSpec(**row) for row in data.get("balancers", [])],
    )


def _family(spec: SeriesSpec) -> list[SeriesSpec]:
    """The metrics that one table stands for: one, or a numbered family."""
    if not spec.repeat:
        return [spec]
    name, prefix = spec.repeat["dimension"], spec.repeat["prefix"]
    return [
        replace(spec, dimensions={**spec.dimensions, name: f"{prefix}{index:04d}"}, repeat={})
        for index in range(spec.repeat["count"])
    ]
