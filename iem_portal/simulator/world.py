"""What exists in the simulation: the scenario's things, indexed, and what callers have written since the start."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import Any

from . import gameday
from .alarms import AlarmBook
from .clock import SimClock
from .gameday import Injection
from .scenario import Account, Scenario
from .series import Identity, Series


class World:
    """The scenario plus the little that callers may write: cases, replies, quota requests, role sessions."""

    def __init__(self, scenario: Scenario, clock: SimClock) -> None:
        self.scenario = self.story = scenario
        self.clock = clock
        self.lock = threading.RLock()
        self.gamedays = gameday.known()
        # One that this version does not ship any more has ended.
        self.injections = [one for one in gameday.kept(clock.gameday_file) if one.key in self.gamedays]
        self._tell()
        self.forget()

    def _tell(self) -> None:
        """The story, with the game days that are under way laid over it."""
        story, self._told_t0 = self.story, self.clock.t0()
        self.series: dict[Identity, Series] = {}
        self.series_of: dict[tuple[str, str], list[Series]] = {}
        for spec in story.series:
            self._add(Series(spec, story.seed))
        health = list(story.health)
        for one in self.injections:
            day, start = self.gamedays[one.key], (one.at - self._told_t0) // 60
            health += gameday.events(day, one, start)
            self._twist(day, one, start)
        self.scenario = replace(story, health=health)
        self.alarms = AlarmBook(story.alarms, self.series)

    def _twist(self, day: gameday.GameDay, injection: Injection, start: int) -> None:
        for key, series in self.series.items():
            if series.spec.account != injection.account:
                continue
            for twist in day.series:
                if twist.meets(series.spec):
                    spec = gameday.twisted(series.spec, twist, start, series.base)
                    series = Series(spec, self.story.seed)
            if series is not self.series[key]:
                place = self.series_of[series.spec.account, series.spec.region]
                place[place.index(self.series[key])] = self.series[key] = series

    def inject(self, key: str, account: str, at: float) -> Injection:
        """Begin a game day in an account; one that is under way there ends. KeyError: nobody knows it."""
        self.gamedays[key]
        made = Injection(key, account, int(at) // 60 * 60)
        with self.lock:
            self._set([*(one for one in self.injections if one.account != account), made])
        return made

    def end_gamedays(self, account: str = "") -> None:
        """Back to the story in this account, or everywhere; what happened meanwhile did not."""
        with self.lock:
            if self.injections:
                self._set([one for one in self.injections if account and one.account != account])

    def keep_up(self) -> None:
        """A story that begins anew, as the demo's does when it is reset, ends the game days of the one before."""
        with self.lock:
            if self.injections and self.clock.t0() != self._told_t0:
                self._set([])

    def _set(self, injections: list[Injection]) -> None:
        self.injections = injections
        gameday.keep(self.clock.gameday_file, injections)
        self._tell()

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
