"""What are the values of these metrics, and which answers can be trusted? GetMetricData in batches of 500, checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from . import deadline
from .calling import pages, utc
from .errors import INVALID, STOPS_TARGET, TIMEOUT, UNSIMULATED, AwsError
from .specs import MetricSpec, Plan, chunked, plan, problem_of
from .targets import Target

__all__ = ["MetricRead", "MetricSpec", "chunked", "problem_of", "read_metrics"]

MAX_DATAPOINTS = 400_000  # of one chunk over all pages: what a poll is willing to hold
MAX_SPLITS = 24  # halvings of a refused chunk in one read: enough to find two bad specs among 500
FORBIDDEN = "the role may not read this metric"
STATUS = {
    "PartialData": "AWS has more data than it answered",
    "InternalError": "AWS failed inside for this metric",
    "Forbidden": FORBIDDEN,
}

Points = list[tuple[datetime, float]]


@dataclass(slots=True)
class MetricRead:
    """Series by the caller's id, oldest point first, UTC. An id that is not in `complete_ids` has a reason: its
    series may lack points, so a cursor must stay where it is. A complete series without points truly has none."""

    series: dict[str, Points] = field(default_factory=dict)
    complete_ids: set[str] = field(default_factory=set)
    reasons: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return not self.reasons


def read_metrics(
    target: Target,
    specs: Sequence[MetricSpec],
    start: datetime,
    end: datetime,
    *,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> MetricRead:
    """The points in [start, end) of every spec: one call for each 500. `start` and `end` are aware and should lie on
    the period's grid, `end` not in the running bucket. What could not be read has a reason; raises AwsError only
    when no chunk could be read at all."""
    if len({spec.id for spec in specs}) < len(specs):
        raise AwsError(INVALID, "DuplicateId", "two specs have the same id")
    if start >= end:
        raise AwsError(INVALID, "EmptyWindow", f"the window from {start} to {end} is empty")
    read = MetricRead()
    good = []
    for spec in specs:
        problem = problem_of(spec)
        if problem:
            read.reasons[spec.id] = f"invalid: {problem}"
        else:
            good.append(spec)
    chunks = chunked(good)
    done: list[tuple[list[MetricSpec], MetricRead | AwsError]] = []
    try:
        deadline.run_within(deadline_s, lambda: _read_chunks(target, chunks, start, end, done))
    except AwsError as error:
        if error.kind != TIMEOUT:
            raise
        _merge(read, list(done))
        _give_up(read, good, error)
    else:
        _merge(read, done)
    failures = [result for _, result in done if isinstance(result, AwsError)]
    if failures and len(failures) == len(done):
        raise failures[0]
    if good and not done:
        raise AwsError(TIMEOUT, "Deadline", f"No answer within {deadline_s:g} s.")
    return read


def _read_chunks(
    target: Target, chunks: list[list[MetricSpec]], start: datetime, end: datetime, done: list
) -> None:
    """Read chunk after chunk into `done`; a failure that the next chunk would meet as well ends it."""
    waiting, splits_left = list(chunks), MAX_SPLITS
    while waiting:
        chunk = waiting.pop(0)
        try:
            result: MetricRead | AwsError = _read_chunk(target, chunk, start, end)
        except AwsError as error:
            if error.kind in (INVALID, UNSIMULATED) and len(chunk) > 1 and splits_left:
                splits_left -= 1  # find the one that AWS refuses, keep the others
                middle = len(chunk) // 2
                waiting[:0] = [chunk[:middle], chunk[middle:]]
                continue
            result = error
        done.append((chunk, result))
        if isinstance(result, AwsError) and result.kind in STOPS_TARGET:
            done.extend((rest, result) for rest in waiting)
            return


def _read_chunk(target: Target, chunk: list[MetricSpec], start: datetime, end: datetime) -> MetricRead:
    """One chunk, pages joined by Id (boto3's paginator does not join a series that goes on on the next page)."""
    asked = plan(chunk)
    by_id = asked.by_id
    points: dict[str, Points] = {}
    status: dict[str, str] = {}
    broken: dict[str, str] = {}
    failure: AwsError | None = None
    total = 0
    try:
        for answer in _pages(target, asked, start, end):
            for result in answer["MetricDataResults"]:
                one = result.get("Id", "")
                if one not in by_id:
                    continue
                status[one] = result.get("StatusCode", "Complete")
                stamps, values = result.get("Timestamps", []), result.get("Values", [])
                if len(stamps) != len(values):
                    broken[one] = f"malformed: {len(stamps)} timestamps, {len(values)} values"
                    continue
                points.setdefault(one, []).extend(zip(stamps, values, strict=True))
                total += len(values)
            if total > MAX_DATAPOINTS:
                raise AwsError("incomplete", "TooManyDatapoints", f"more than {MAX_DATAPOINTS} datapoints")
    except AwsError as error:
        if not status:
            raise
        failure = error  # keep what the pages before it have answered completely
    return _judge(by_id, points, status, broken, failure, start, end)


def _pages(target: Target, asked: Plan, start: datetime, end: datetime) -> Iterator[dict[str, Any]]:
    return pages(
        target,
        "cloudwatch",
        "GetMetricData",
        needs=("MetricDataResults",),
        metrics=asked.metrics,
        statistics=asked.statistics,
        MetricDataQueries=asked.queries,
        StartTime=start,
        EndTime=end,
        ScanBy="TimestampAscending",
    )


def _judge(
    by_id: dict[str, list[MetricSpec]],
    points: dict[str, Points],
    status: dict[str, str],
    broken: dict[str, str],
    failure: AwsError | None,
    start: datetime,
    end: datetime,
) -> MetricRead:
    """Which series are whole, and why the others are not. What was not answered is unknown, never zero."""
    read = MetricRead()
    for one, specs in by_id.items():
        if one in broken:  # which value belongs to which time is unknown: nothing of it can be used
            read.reasons.update({spec.id: broken[one] for spec in specs})
            continue
        series, problem = clean(points.get(one, []), start, end)
        if one not in status:
            problem = (
                f"{failure.kind}: {failure.message}"
                if failure
                else "incomplete: AWS did not answer this metric"
            )
        elif status[one] != "Complete":
            problem = f"incomplete: {STATUS.get(status[one], status[one])}"
        for spec in specs:
            _note(read, spec.id, series, problem)
    return read


def _note(read: MetricRead, spec_id: str, series: Points, problem: str) -> None:
    if series or not problem:
        read.series[spec_id] = series
    if problem:
        read.reasons[spec_id] = problem
    else:
        read.complete_ids.add(spec_id)


def clean(raw: Points, start: datetime, end: datetime) -> tuple[Points, str]:
    """Points in UTC, sorted, each time once, inside [start, end); and a problem when values were not numbers."""
    found: dict[datetime, float] = {}
    dropped = 0
    for stamp, value in raw:
        at = stamp if stamp.tzinfo is UTC else utc(stamp)
        if not math.isfinite(value):
            dropped += 1
        elif start <= at < end:
            found[at] = value
    return sorted(found.items()), f"malformed: {dropped} values were not numbers" if dropped else ""


def _merge(read: MetricRead, done: list[tuple[list[MetricSpec], MetricRead | AwsError]]) -> None:
    for chunk, result in done:
        if isinstance(result, AwsError):
            read.reasons.update({spec.id: f"{result.kind}: {result.message}" for spec in chunk})
        else:
            read.series.update(result.series)
            read.complete_ids |= result.complete_ids
            read.reasons.update(result.reasons)


def _give_up(read: MetricRead, specs: list[MetricSpec], error: AwsError) -> None:
    for spec in specs:
        if spec.id not in read.complete_ids and spec.id not in read.reasons:
            read.reasons[spec.id] = f"{error.kind}: {error.message}"
