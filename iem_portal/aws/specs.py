"""Which series are asked for, and how do they fit into requests? Specs, their check, chunks of 500, queries."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

CHUNK = 500  # AWS: at most 500 queries in a request
PERIODS = (1, 5, 10, 20, 30)  # besides multiples of 60
_PART = r"\d{1,2}(\.\d{1,10})?"
_BOUND = r"\s*(\d+(\.\d+)?%?)?\s*"
STAT = re.compile(
    rf"SampleCount|Average|Sum|Minimum|Maximum|IQM|p100|(p|tm|wm|tc|ts){_PART}|(PR|TM|WM|TC|TS)\({_BOUND}:{_BOUND}\)"
)
_WORD = re.compile(r"\bm\d+\b")


@dataclass(frozen=True, slots=True)
class MetricSpec:
    """One series to read; `id` is the caller's own and only comes back, AWS never sees it.

    With an `expression` (over m1, m2, …) the `inputs` are what it computes from, in that order; they are asked for
    as helpers and only the result comes back. `account_id` names the source account when the target is a
    monitoring account of CloudWatch's cross-account observability.
    """

    id: str
    namespace: str
    metric: str
    dimensions: Mapping[str, str]
    stat: str
    period_s: int = 60
    account_id: str = ""
    expression: str = ""
    inputs: tuple[MetricSpec, ...] = ()
    # The metric without its statistic: what AWS bills. Asked for so often that it is worked out once.
    metric_key: tuple[Any, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        key = (self.account_id, self.namespace, self.metric, tuple(sorted(self.dimensions.items())))
        object.__setattr__(self, "metric_key", key)

    @property
    def asked(self) -> tuple[MetricSpec, ...]:
        """The plain metrics behind it: its inputs, or itself."""
        return self.inputs if self.expression else (self,)

    @property
    def identity(self) -> tuple[Any, ...]:
        """What makes two queries the same question."""
        if self.expression:
            return (self.expression, *(one.identity for one in self.inputs))
        return (self.metric_key, self.stat, self.period_s)


def problem_of(spec: MetricSpec) -> str:
    """What AWS would refuse in this spec, or "". One bad spec would otherwise fail the 499 beside it."""
    if spec.expression:
        if not spec.inputs:
            return "an expression needs metrics"
        if len({one.period_s for one in spec.inputs}) > 1:
            return "the metrics of an expression must have one period"
        return next(filter(None, map(problem_of, spec.inputs)), "")
    if not 1 <= len(spec.namespace) <= 255 or spec.namespace.startswith(":"):
        return "the namespace must have 1 to 255 characters and not begin with a colon"
    if not 1 <= len(spec.metric) <= 255:
        return "the metric name must have 1 to 255 characters"
    if len(spec.dimensions) > 30 or not all(
        1 <= len(name) <= 255 and 1 <= len(value) <= 1024 for name, value in spec.dimensions.items()
    ):
        return "a metric has at most 30 dimensions, each with a name and a value"
    if spec.period_s not in PERIODS and (spec.period_s < 60 or spec.period_s % 60):
        return "the period must be 1, 5, 10, 20, 30 or a multiple of 60 seconds"
    return "" if STAT.fullmatch(spec.stat) else f"the statistic {spec.stat!r} is not known"


def chunked(specs: Sequence[MetricSpec]) -> list[list[MetricSpec]]:
    """Chunks of at most 500 queries with all statistics of a metric in the same chunk, for the bill counts metrics.

    An expression stands with its inputs; the same question asked twice counts once.
    """
    groups: dict[tuple[Any, ...], list[MetricSpec]] = {}
    for spec in specs:
        groups.setdefault(spec.asked[0].metric_key, []).append(spec)
    chunks: list[list[MetricSpec]] = []
    taken: set[tuple[Any, ...]] = set()  # the questions of the last chunk
    for group in groups.values():
        for part in _parts(group):
            asks = {identity for spec in part for identity in _questions(spec)}
            if not chunks or len(taken) + len(asks - taken) > CHUNK:
                chunks.append([])
                taken = set()
            chunks[-1] += part
            taken |= asks
    return chunks


def _questions(spec: MetricSpec) -> set[tuple[Any, ...]]:
    return {spec.identity, *(one.identity for one in spec.inputs)}


def _parts(group: list[MetricSpec]) -> list[list[MetricSpec]]:
    """A group as pieces that fit into a request; nearly always one."""
    parts: list[list[MetricSpec]] = [[]]
    size: set[tuple[Any, ...]] = set()
    for spec in group:
        if parts[-1] and len(size) + len(_questions(spec) - size) > CHUNK:
            parts.append([])
            size = set()
        parts[-1].append(spec)
        size |= _questions(spec)
    return parts


@dataclass(slots=True)
class Plan:
    """One request: its queries, and which of our specs each answered Id stands for."""

    queries: list[dict[str, Any]]
    by_id: dict[str, list[MetricSpec]]
    metrics: int  # distinct metrics asked for
    statistics: int  # metric and statistic pairs asked for


def plan(chunk: Sequence[MetricSpec]) -> Plan:
    """Queries with Ids local to the request (q0 …, AWS wants a small letter first); helpers return no data."""
    ids: dict[tuple[Any, ...], str] = {}
    queries: dict[str, dict[str, Any]] = {}
    by_id: dict[str, list[MetricSpec]] = {}
    metrics: set[tuple[Any, ...]] = set()
    statistics = 0
    for spec in chunk:
        for one in (*spec.inputs, spec):
            if one.identity in ids:
                continue
            name = ids[one.identity] = f"q{len(ids)}"
            queries[name] = _query(name, one, ids)
            if not one.expression:
                metrics.add(one.metric_key)
                statistics += 1
        by_id.setdefault(ids[spec.identity], []).append(spec)
    for name in by_id:
        queries[name].pop("ReturnData", None)
    return Plan(list(queries.values()), by_id, len(metrics), statistics)


def _query(name: str, spec: MetricSpec, ids: Mapping[tuple[Any, ...], str]) -> dict[str, Any]:
    if spec.expression:
        names = {f"m{place}": ids[one.identity] for place, one in enumerate(spec.inputs, 1)}
        text = _WORD.sub(lambda match: names.get(match[0], match[0]), spec.expression)
        return {"Id": name, "Expression": text, "ReturnData": False}
    dimensions = [{"Name": key, "Value": value} for key, value in spec.dimensions.items()]
    metric = {"Namespace": spec.namespace, "MetricName": spec.metric, "Dimensions": dimensions}
    query = {
        "Id": name,
        "MetricStat": {"Metric": metric, "Period": spec.period_s, "Stat": spec.stat},
        "ReturnData": False,
    }
    return query | {"AccountId": spec.account_id} if spec.account_id else query
