"""One run of chaos in the war room: who dies when and how long, what the board said meanwhile, what is on record."""

from __future__ import annotations

import random
import threading
import time
from contextlib import ExitStack

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections

from engagements.models import Engagement
from iem_portal.accounts.models import User
from tests.warroom import chaos_verdict as verdicts
from tests.warroom.chaos_people import EVENT, Person, Working, Writing
from tests.warroom.chaos_stage import DATABASE, REDIS, WEB, Stage, until
from tests.warroom.chaos_verdict import Outage
from tests.warroom.chaos_watch import Look, StreamClient, in_chromium
from warroom.views import ALL_TILES

GAMEDAY = "capacity"
#: Without these the board knows less than it shows. Without a clock or a relay it does not.
TOLD = (WEB, DATABASE, REDIS, "worker", "beat")
HELD_S, CURRENT_WITHIN_S, CALM_WITHIN_S = 18.0, 60.0, 90.0
SHORT_S, APART_S = 1.5, 3.0
PEOPLE = ("tam", "warroom", "customer")
NOTE_EVERY_S, STEP_EVERY_S = 1.2, 4.0


class Story:
    """`asked` are the program's arguments; the stage is not lit yet."""

    def __init__(self, asked, stage: Stage):
        self.asked, self.stage = asked, stage
        self.luck = random.Random(asked.seed)
        self.engagement = Engagement.objects.get(reference=EVENT)
        self.account = self.engagement.aws_accounts.order_by("account_id").first().account_id
        self.sessions = {key: signed_in(f"{key}@demo.example") for key in (*PEOPLE, "manager")}
        self.before = verdicts.newest_entry(self.engagement)
        connections.close_all()
        self.outages: list[Outage] = []
        self.mistakes: list[str] = []
        self.said: dict[str, str] = {}
        self.people: list[Person] = []

    def told(self):
        """Play it and judge."""
        self.stage.begin()
        writers = [Writing(self._person(key), NOTE_EVERY_S) for key in PEOPLE]
        worker, stop = Working(self._person("warroom"), self._person("tam"), STEP_EVERY_S), threading.Event()
        path = f"/live/engagement/{self.engagement.pk}/?tiles={ALL_TILES}"
        with ExitStack() as ending:
            self.client = ending.enter_context(StreamClient(self.stage.port, path, self.sessions["manager"]))
            self.chromium = None
            if not self.asked.no_browser:
                board = f"http://127.0.0.1:{self.stage.port}/e/{EVENT}/board/"
                self.chromium = ending.enter_context(in_chromium(board, self.sessions["manager"]))
            self._begin_the_gameday()
            threads = [threading.Thread(target=self._watched, args=(one, stop)) for one in (*writers, worker)]
            for thread in threads:
                thread.start()
            try:
                for name, is_long in self._plan():
                    self._kill(name, is_long=is_long)
            finally:
                stop.set()
                for thread in threads:
                    thread.join(CALM_WITHIN_S)
            verdict = verdicts.Verdict(self.outages, self.mistakes)
            verdict.lines.append(self._last_notes(writers))
        # Behind the browser: Django refuses the database to a thread in which somebody keeps an event loop.
        verdict.lines += verdicts.entries(self.engagement, self.before, writers, worker)
        verdict.notes = self.said | {
            "game day": GAMEDAY,
            "presses of notes": sum(one.presses for one in writers),
            "presses of steps": worker.presses,
            "requests without an answer": sum(person.unanswered for person in self.people),
            "answers to the stream client": dict(sorted(self.client.answers.items())),
            "looked at in Chromium": "yes" if self.chromium else "no",
            "refused in Chromium": dict(self.chromium.refusals) if self.chromium else {},
            "pages that Chromium loaded": len(self.chromium.navigations) if self.chromium else 0,
        }
        return verdict

    def _person(self, key: str) -> Person:
        self.people.append(Person(self.stage.port, self.sessions[key], random.Random(self.luck.random())))
        return self.people[-1]

    def _begin_the_gameday(self) -> None:
        person = self._person("tam")
        person.luck = random.Random(0)
        form = {"key": GAMEDAY, "account": self.account}

        def is_begun() -> bool:
            status, _said = person.send("POST", f"/e/{EVENT}/gamedays/begin/", form, is_form=True)
            return status in (303, 422)  # 422: it is under way, the answer before was lost

        until(is_begun, CALM_WITHIN_S, "a game day begins")

    def _watched(self, one, stop: threading.Event) -> None:
        try:
            one.go_on(stop)
        except Exception as error:  # told in the verdict: a run with a person less proves less
            self.mistakes.append(f"{type(one).__name__}: {error}")

    def _plan(self) -> list[tuple[str, bool]]:
        """Each kind once for long, and short deaths up to the number asked for, in an order of the dice."""
        kinds = sorted(self.stage.mortals)
        plan = [(kind, True) for kind in kinds]
        plan += [(self.luck.choice(kinds), False) for _ in range(self.asked.kills - len(kinds))]
        self.luck.shuffle(plan)
        return plan

    def _kill(self, name: str, *, is_long: bool) -> None:
        until(self._is_calm, CALM_WITHIN_S, f"the board is current before {name} dies")
        self._pass(self.luck.uniform(0, APART_S))
        mortal = self.stage.mortals[name]
        outage = Outage(name, is_long and name in TOLD, died_at=time.monotonic())
        mortal.die()
        end = outage.died_at + (HELD_S if outage.is_long else self.luck.uniform(0, SHORT_S))
        while time.monotonic() < end and not (outage.is_long and self._everybody_warns()):
            self._pass(0.1)
        outage.freed_at = time.monotonic()
        mortal.return_()
        outage.returned_at = time.monotonic()
        current_at = self._first(lambda: self._is_current(outage.returned_at))
        outage.note("stream", self.client.looks, current_at)
        if self.chromium is not None:
            is_calm = self._first(lambda: not self._in_chromium().is_warning)
            outage.note("Chromium", self.chromium.looks(), is_calm and self._in_chromium().at)
        self.outages.append(outage)
        if outage.wrongs():
            self.said[name] = self.stage.last_words(name)

    def _everybody_warns(self) -> bool:
        is_seen = self.chromium is None or self._in_chromium().is_warning
        return is_seen and self.client.now().is_warning

    def _in_chromium(self) -> Look:
        """What the page says; nothing yet is a warning."""
        return (self.chromium.looks() or [Look(0.0, True, True)])[-1]

    def _first(self, is_so) -> float | None:
        """The first monotonic second at which it is so; None when the time is up."""
        limit = time.monotonic() + CURRENT_WITHIN_S
        while not is_so():
            if time.monotonic() > limit:
                return None
            self._pass(0.1)
        return time.monotonic()

    def _is_calm(self) -> bool:
        self._pass(0.1)
        return self._is_current(time.monotonic() - 8.0)

    def _is_current(self, since: float) -> bool:
        return self.client.is_current(since)

    def _pass(self, seconds: float) -> None:
        if self.chromium is not None:
            self.chromium.breathe(seconds)
        else:
            time.sleep(seconds)

    def _last_notes(self, writers: list[Writing]) -> verdicts.Line:
        """The last words of everybody have reached the page."""
        last = {max(one.answered, key=one.answered.get) for one in writers if one.answered}
        try:
            until(
                lambda: last <= self.client.notes.keys(), CURRENT_WITHIN_S, "the last notes are on the page"
            )
        except RuntimeError:
            pass
        seen = len(last & self.client.notes.keys())
        return verdicts.Line("last notes that the stream brought", len(last), seen, lost=len(last) - seen)


def signed_in(email: str) -> str:
    """The session key of this person of the demo."""
    user, session = User.objects.get(email=email), SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key
