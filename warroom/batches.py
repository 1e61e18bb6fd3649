"""How do the watches of a poll become questions to CloudWatch? Specifications, and windows they share; no database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from iem_portal.aws import cloudwatch, expressions
from warroom import windows

# Of a long outage one poll reads the newest window and the oldest ones; the next polls go on.
MAX_CHUNKS = 8


@dataclass
class Batch:
    """Specifications that are asked for over the same windows; of all windows, `cursor_at` is how far they reach."""

    specs: list[cloudwatch.MetricSpec]
    windows: list[tuple[datetime, datetime]]
    cursor_at: datetime | None


def spec_of(name: str, watch, reader: str) -> cloudwatch.MetricSpec:
    """What AWS is asked for a watch; `reader` is the account that is asked, which may be a monitoring account."""
    source = watch.account_id if reader != watch.account_id else ""
    plain = cloudwatch.MetricSpec(
        name, watch.namespace, watch.metric, dict(watch.dimensions), watch.stat, watch.period_s, source
    )
    if not expressions.is_expression(watch.metric):
        return plain
    asked = expressions.parse(watch.metric)
    inputs = tuple(replace(plain, metric=metric, stat=stat or watch.stat) for metric, stat in asked.inputs)
    return replace(plain, expression=asked.text, inputs=inputs)


def batch_of(asked: list, spans: dict[str, tuple[datetime, datetime]], now: datetime) -> Batch:
    """The windows of these specifications (with their cursors), each period from its oldest cursor on; one without a
    cursor wants three hours, and shortens nobody else's."""
    cursors: dict[int, list[datetime | None]] = defaultdict(list)
    for spec, cursor_at in asked:
        cursors[spec.period_s].append(cursor_at)
    of_period = {
        period_s: min(windows.window(cursor_at, period_s, now) for cursor_at in begun)
        for period_s, begun in cursors.items()
    }
    spans.update({spec.id: of_period[spec.period_s] for spec, _ in asked})
    counts = {period_s: len(begun) for period_s, begun in cursors.items()}
    parts, cursor_at = _affordable(windows.chunks(*windows.joint(of_period), counts))
    return Batch([spec for spec, _ in asked], parts, cursor_at)


def _affordable(parts: list) -> tuple[list, datetime | None]:
    """At most eight windows: the newest (the board must be fresh) and the oldest, with where cursors may go."""
    if len(parts) <= MAX_CHUNKS:
        return parts, None
    oldest = parts[-(MAX_CHUNKS - 1) :]
    return [parts[0], *oldest], oldest[0][1]
