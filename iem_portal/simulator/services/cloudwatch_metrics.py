"""CloudWatch, reading metrics: GetMetricData with AWS's limits and paging, and ListMetrics."""

from __future__ import annotations

import math
import re
from typing import Any

from .. import mathematics
from ..operations import ApiError, Call, make_token, operation, page, read_token, refuse
from ..series import Series, identity, is_simulated

MAX_QUERIES = 500
MAX_DATAPOINTS = 100_800
MAX_PER_LIST = 500
SHORT_PERIODS = (1, 5, 10, 20, 30)
QUERY_ID = re.compile(r"[a-z][a-zA-Z0-9_]{0,254}")
THREE_HOURS_S = 3 * 3600

Rows = list[tuple[str, str, list[int], list[float]]]  # id, label, timestamps, values


@operation("cloudwatch", "GetMetricData")
def get_metric_data(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    queries = request["MetricDataQueries"]
    _check(request, queries)
    start, end = _from(request, queries), request["EndTime"]
    known = {
        query["Id"]: _series(call, query, start, end) for query in queries if not query.get("Expression")
    }
    expressions = {query["Id"]: query["Expression"] for query in queries if query.get("Expression")}
    evaluation = mathematics.Evaluation(known, expressions)
    newest_first = request.get("ScanBy", "TimestampDescending") == "TimestampDescending"
    rows: Rows = []
    for query in queries:
        if not query.get("ReturnData", True):
            continue
        points = evaluation.series(query["Id"]).points
        stamps = sorted(points, reverse=newest_first)
        rows.append((query["Id"], _label(query), stamps, [points[at] for at in stamps]))
    return _page_of_points(request, rows, request.get("MaxDatapoints", MAX_DATAPOINTS))


def _label(query: dict[str, Any]) -> str:
    if query.get("Label") or query.get("Expression"):
        return query.get("Label") or query["Id"]
    return query["MetricStat"]["Metric"]["MetricName"]


def _from(request: dict[str, Any], queries: list[dict[str, Any]]) -> int:
    """StartTime is rounded down to the minute, or to the finest period below one."""
    periods = [query["MetricStat"]["Period"] for query in queries if query.get("MetricStat")]
    step = min([60, *periods])
    return int(request["StartTime"]) // step * step


def _check(request: dict[str, Any], queries: list[dict[str, Any]]) -> None:
    if not queries or len(queries) > MAX_QUERIES:
        raise ApiError(
            "ValidationError", f"A request holds 1 to {MAX_QUERIES} MetricDataQueries, not {len(queries)}."
        )
    if request["StartTime"] >= request["EndTime"]:
        raise ApiError("ValidationError", "The parameter StartTime must be less than the parameter EndTime.")
    if not 1 <= request.get("MaxDatapoints", 1) <= MAX_DATAPOINTS:
        raise ApiError("ValidationError", f"MaxDatapoints must be 1 to {MAX_DATAPOINTS}.")
    ids = [query["Id"] for query in queries]
    for one in ids:
        if not QUERY_ID.fullmatch(one):
            raise ApiError(
                "ValidationError", f"The value {one!r} for parameter MetricDataQueries.Id is not valid."
            )
    if len(set(ids)) < len(ids):
        raise ApiError("ValidationError", "The values for parameter MetricDataQueries.Id are not unique.")
    for query in queries:
        _check_query(query)


def _check_query(query: dict[str, Any]) -> None:
    if query.get("Expression"):
        if query.get("MetricStat"):
            raise ApiError("ValidationError", f"The query {query['Id']} has both MetricStat and Expression.")
        return
    stat = query.get("MetricStat")
    if stat is None:
        raise ApiError("ValidationError", f"The query {query['Id']} needs MetricStat or Expression.")
    period = stat["Period"]
    if period not in SHORT_PERIODS and period % 60:
        raise ApiError("ValidationError", f"Period {period} is not 1, 5, 10, 20, 30 or a multiple of 60.")
    if not is_simulated(stat["Stat"]):
        raise refuse(f"the statistic {stat['Stat']!r}")


def _series(call: Call, query: dict[str, Any], start: int, end: float) -> mathematics.Series:
    """The readable points of one metric; an unknown metric has none, as in AWS."""
    stat = query["MetricStat"]
    period, metric = stat["Period"], stat["Metric"]
    dimensions = {pair["Name"]: pair["Value"] for pair in metric.get("Dimensions", [])}
    series = call.world.series.get(
        identity(_source(call, query), call.region, metric["Namespace"], metric["MetricName"], dimensions)
    )
    t0, now = call.t0, call.now
    grid = tuple(range(start // period * period, math.ceil(end), period))
    if series is None or stat.get("Unit", series.spec.unit) != series.spec.unit:
        return mathematics.Series({}, period, grid)
    points = {}
    for bucket in grid:
        if bucket > now:
            break
        value = series.statistic(stat["Stat"], bucket, period, t0=t0, now=now)
        if value is not None:
            points[bucket] = value
    return mathematics.Series(points, period, grid)


def _source(call: Call, query: dict[str, Any]) -> str:
    """Whose metric: the caller's, or that of an account it monitors."""
    wanted = query.get("AccountId", call.account)
    monitors = call.world.scenario.accounts[call.account].monitors
    if wanted != call.account and wanted not in monitors:
        raise ApiError("ValidationError", f"{wanted} is not linked to this monitoring account.")
    return wanted


def _page_of_points(request: dict[str, Any], rows: Rows, size: int) -> dict[str, Any]:
    """At most `size` datapoints from where the token stands; a series may go on on the next page."""
    first, offset = read_token(request, "NextToken", "InvalidNextToken") or (0, 0)
    results: list[dict[str, Any]] = []
    left = size
    for index in range(first, len(rows)):
        one, label, stamps, values = rows[index]
        begin = offset if index == first else 0
        end = min(len(stamps), begin + left)
        is_whole = end == len(stamps)
        results.append(
            {
                "Id": one,
                "Label": label,
                "Timestamps": stamps[begin:end],
                "Values": values[begin:end],
                "StatusCode": "Complete" if is_whole else "PartialData",
            }
        )
        left -= end - begin
        if not is_whole or (left == 0 and index + 1 < len(rows)):
            following = [index + 1, 0] if is_whole else [index, end]
            token = make_token(request, "NextToken", following)
            return {"MetricDataResults": results, "NextToken": token, "Messages": []}
    return {"MetricDataResults": results, "Messages": []}


@operation("cloudwatch", "ListMetrics")
def list_metrics(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    if request.get("IncludeLinkedAccounts") or request.get("OwningAccount"):
        raise refuse("metrics of linked accounts")
    found = [
        series
        for series in call.world.series_of.get((call.account, call.region), [])
        if _is_listed(series, request, call)
    ]
    metrics = [
        {
            "Namespace": series.spec.namespace,
            "MetricName": series.spec.metric,
            "Dimensions": [{"Name": k, "Value": v} for k, v in sorted(series.spec.dimensions.items())],
        }
        for series in sorted(found, key=lambda one: one.identity)
    ]
    shown, token = page(request, metrics, size=MAX_PER_LIST)
    return {"Metrics": shown, **token}


def _is_listed(series: Series, request: dict[str, Any], call: Call) -> bool:
    spec = series.spec
    if request.get("Namespace", spec.namespace) != spec.namespace:
        return False
    if request.get("MetricName", spec.metric) != spec.metric:
        return False
    for wanted in request.get("Dimensions", []):
        if wanted["Name"] not in spec.dimensions:
            return False
        if wanted.get("Value", spec.dimensions[wanted["Name"]]) != spec.dimensions[wanted["Name"]]:
            return False
    ended = spec.until_min is not None and call.now - call.epoch(spec.until_min) > THREE_HOURS_S
    return not (request.get("RecentlyActive") and ended)
