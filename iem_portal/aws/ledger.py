"""What did we ask AWS, how often, and what does it cost? Counted on the wire, written in one go by the caller."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

# Source: AWS's price page for CloudWatch: US$0.01 per 1,000 metrics requested by GetMetricData,
# US$0.01 per 1,000 other API requests. The free tier is left out, so the sum is an upper bound.
USD_PER_METRIC = Decimal("0.00001")
USD_PER_REQUEST = Decimal("0.00001")


@dataclass(slots=True)
class CallCount:
    """Calls of one operation in one recording that ended the same way."""

    account_id: str
    region: str
    service: str
    operation: str
    outcome: str = "ok"  # or the kind of the error
    calls: int = 1
    attempts: int = 0  # requests on the wire, retries included
    metrics: int = 0  # distinct metrics asked for, over all attempts
    statistics: int = 0  # metric and statistic pairs asked for, over all attempts
    bytes_sent: int = 0

    @property
    def usd(self) -> Decimal:
        """Estimated price; whether five statistics of a metric count once is disputed, so the higher count is used."""
        if self.service != "cloudwatch":
            return Decimal(0)
        if self.operation == "GetMetricData":
            return max(self.metrics, self.statistics) * USD_PER_METRIC
        return self.attempts * USD_PER_REQUEST


@dataclass(slots=True)
class Recording:
    """The calls of one stretch of work, e.g. one poll of one target."""

    counts: list[CallCount] = field(default_factory=list)
    _lock: Any = field(default_factory=threading.Lock)

    def add(self, count: CallCount) -> None:
        with self._lock:
            self.counts.append(count)

    def merged(self) -> list[CallCount]:
        """One count for each (account, Region, service, operation, outcome)."""
        with self._lock:
            counts = list(self.counts)
        found: dict[tuple[str, ...], CallCount] = {}
        for one in counts:
            key = (one.account_id, one.region, one.service, one.operation, one.outcome)
            total = found.setdefault(key, CallCount(*key, calls=0))
            for name in ("calls", "attempts", "metrics", "statistics", "bytes_sent"):
                setattr(total, name, getattr(total, name) + getattr(one, name))
        return list(found.values())


_recording: ContextVar[Recording | None] = ContextVar("aws_recording", default=None)
_current: ContextVar[tuple[CallCount, int, int] | None] = ContextVar("aws_call", default=None)


@contextmanager
def recording() -> Iterator[Recording]:
    """Collect the calls made inside; the caller stores them with `spending.save` when no network is waited for."""
    mine = Recording()
    token = _recording.set(mine)
    try:
        yield mine
    finally:
        _recording.reset(token)


@contextmanager
def counted(count: CallCount, *, metrics: int = 0, statistics: int = 0) -> Iterator[CallCount]:
    """Count the wire attempts of one call; the body sets `outcome` when it fails."""
    token = _current.set((count, metrics, statistics))
    try:
        yield count
    finally:
        _current.reset(token)
        mine = _recording.get()
        if mine is not None:
            mine.add(count)


def before_send(request: Any, event_name: str = "", **rest: Any) -> None:
    """botocore's hook, called for each attempt on the wire; returning nothing lets the request go."""
    current = _current.get()
    if current is None:
        return
    count, metrics, statistics = current
    operation = event_name.rpartition(".")[2]
    if operation != count.operation:  # an AssumeRole that the call needed first
        mine = _recording.get()
        if mine is not None:
            mine.add(CallCount(count.account_id, count.region, "sts", operation, attempts=1))
        return
    count.attempts += 1
    count.metrics += metrics
    count.statistics += statistics
    count.bytes_sent += len(request.body or b"")
