"""What exists in the simulation: the scenario's things, indexed, and what callers have written since the start."""

from __future__ import annotations

import threading
from typing import Any

from .alarms import AlarmBook
from .clock import SimClock
from .scenario import Account, Scenario
from .series import Identity, Series


class World:
    """The scenario plus the little that callers may write: cases, replies, quota requests, role sessions."""

    def __init__(self, scenario: Scenario, clock: SimClock) -> None:
        self.scenario = scenario
        self.clock = clock
        self.lock = threading.RLock()
        self.series: dict[Identity, Series] = {}
        self.series_of: dict[tuple[str, str], list[Series]] = {}
        for spec in scenario.series:
            self._add(Series(spec, scenario.seed))
        self.alarms = AlarmBook(scenario.alarms, self.series)
        self.forget()

    def _add(self, series: Series) -> None:
        if series.identity in self.series:
            raise ValueError(f"two series with one identity: {series.identity}")
        self.series[series.identity] = series
        self.series_of.setdefault((series.spec.account, series.spec.region), []).append(series)

    def forget(self) -> None:
        """Drop everything that callers have written."""
        with self.lock:
            self.written_cases: list[dict[str, Any]] = []
            self.written_talk: list[dict[str, Any]] = []
            self.attachment_sets: dict[str, dict[str, Any]] = {}
            self.quota_requests: list[dict[str, Any]] = []
            self.role_sessions: dict[str, tuple[str, float]] = {}  # access key → account, expiry

    def account(self, account_id: str) -> Account | None:
        return self.scenario.accounts.get(account_id)
