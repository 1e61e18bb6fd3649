"""One chaos run: who dies when, who is started again, and when it is over."""

from __future__ import annotations

import heapq
import random
import re
import time
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import OperationalError, connections
from django.utils import timezone

from escalation import engine
from escalation.models import Deadline
from escalation.watching.audit import wrongs
from iem_portal.notifications.models import Notification
from tests.escalation import chaos_parts as parts
from tests.escalation import chaos_people as people
from tests.escalation import chaos_receiver as receiver
from tests.escalation import chaos_verdict as verdicts
from tests.escalation import chaos_world as worlds
from tests.escalation.bulk import hash_cheaply
from tests.escalation.chaos_clock import FastClock, beginning

# Between two kills, in seconds of the world: the story is as long as they need.
APART_S = 0.45
# A busy machine is late with them: never nearer than this, or nobody would live long enough to do anything.
NEAREST_S = 0.15
# Dead for so long, at most.
LONGEST_DEATH_S = 0.5
# In a blackout nothing runs at all: for so long, and once for so many kills.
BLACKOUT_S, KILLS_A_BLACKOUT = 1.5, 50
# A relay's lease and a receiver's longest time to answer, in seconds of the world.
LEASE_S, ANSWER_S = 5.0, 1.5
SETTLED_WITHIN_S = 240
# … and as much again for each so many kills: a busy machine needs its time, and nothing is lost by waiting.
KILLS_A_LIMIT = 50
# One escalation in so many is touched by people; so many are opened at once.
RACED_IN, IN_A_BURST = 2, 5
# The last line of a traceback.
RAISED = re.compile(r"^Traceback .*\n(?: .*\n)+(\S.*)", re.MULTILINE)
KILL, START, DARK, LIGHT, FLUSH = "kill", "start", "dark", "light", "flush"


class Story:
    """`asked` are the program's arguments, `stage` is its folder and the servers that may be killed."""

    def __init__(self, asked, stage):
        self.asked, self.services = asked, stage.services
        self.luck = random.Random(asked.seed)
        self.clock = FastClock(beginning(), asked.speed)
        self.clock.put_in_place()
        self.kills: Counter[str] = Counter()
        self.flushes = 0
        # When nothing ran at all, from and until.
        self.dark: list[list[datetime]] = []
        self.folder, self.notes = stage.folder, stage.folder / "presses"
        self.server = receiver.listening()
        self.receiver = parts.Parts(
            {"receiver": lambda: receiver.serve(self.server, asked.seed)}, stage.folder / "log"
        )
        self._settings()
        self.world = self._world()
        self.presses = people.presses(self.world, self.clock, self.luck, one_in=RACED_IN)
        self.parts = parts.Parts(self._runs(), stage.folder / "log")

    def told(self):
        """Play it, wait until nothing is left to do, and judge."""
        parts.preload()
        parts.adopt_orphans()
        self.receiver.start()
        self.clock.start()
        self.parts.start()
        self._kill_and_start()
        is_settled = parts.until(
            self._is_settled, seconds=SETTLED_WITHIN_S * (1 + self.asked.kills // KILLS_A_LIMIT)
        )
        found = [one for one in wrongs(timezone.now()) if not one.kind.endswith("silent")]
        self.parts.kill(*self.parts.running)
        received = receiver.seen(self.server.server_port)
        return self._judged(received, is_settled, len(found))

    def end(self) -> None:
        """Leave nothing behind."""
        connections.close_all()
        self.parts.kill(*self.parts.running)
        self.receiver.kill("receiver")
        self.server.server_close()
        if "Redis" in self.services:
            self.services["Redis"].stop()

    def _settings(self) -> None:
        hash_cheaply()
        parts.keep_the_worlds_pace(self.clock.speed)
        settings.EMAIL_TIMEOUT = round(ANSWER_S * self.clock.speed)
        settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{self.server.server_port}"]

    def _world(self) -> worlds.World:
        count = self.asked.escalations
        seconds = max(self.asked.kills * APART_S - 60 * worlds.LONGEST_MIN / self.clock.speed, 1.0)
        bursts_s = worlds.bursts(seconds, -(-count // IN_A_BURST), self.luck)
        address = f"http://127.0.0.1:{self.server.server_port}/"
        words = {"receiver": address, "count": count, "bursts_s": bursts_s, "speed": self.clock.speed}
        return worlds.build(self.clock.now(), **words)

    def _runs(self) -> dict:
        lease_s = round(LEASE_S * self.clock.speed)
        runs = {
            "clock-1": parts.clock,
            "clock-2": parts.clock,
            "relay-1": parts.relay(lease_s),
            "relay-2": parts.relay(lease_s),
            "worker": parts.worker(self.folder / "ticks"),
            "beat": parts.beat(self.folder / "beat"),
        }
        for place in range(people.PEOPLE):
            mine = self.presses[place :: people.PEOPLE]
            runs[f"person-{place + 1}"] = people.person(mine, self.world, self.clock, self.notes)
        return runs

    def _kill_and_start(self) -> None:
        """All that happens, in its turn; what is late because a server took its time happens at once."""
        happening = self._plan()
        heapq.heapify(happening)
        while happening:
            at_s, _turn, what, name = heapq.heappop(happening)
            self.clock.wait_until(at_s)
            if what == KILL and not self.parts.running:
                # A kill in the dark finds nobody: it comes when there is light.
                heapq.heappush(happening, (at_s + self.luck.uniform(0, BLACKOUT_S), 3.0, KILL, ""))
            elif what == KILL:
                dead = self._kill_one()
                time.sleep(NEAREST_S)
                again_s = at_s + self.luck.uniform(0, LONGEST_DEATH_S)
                if dead:
                    heapq.heappush(happening, (again_s, self.luck.random(), START, dead))
            elif what == START and name not in self.parts.running:
                self.parts.start(name)
            elif what == DARK:
                self.parts.kill(*self.parts.running)
                self.dark.append([timezone.now(), timezone.now()])
            elif what == LIGHT:
                self.dark[-1][1] = timezone.now()
                self.parts.start(*(self.parts.runs.keys() - self.parts.running.keys()))
            elif what == FLUSH:
                self.flushes += parts.until(self.services["Redis"].flush, seconds=10)

    def _plan(self) -> list[tuple]:
        """Kills at moments of the dice, every second one of them just after a deadline; blackouts over a deadline."""
        dues = [self.clock.real_s(at) for one in self.world.opened for _kind, _stage, at in worlds.dates(one)]
        last_s = max(dues)
        plan = []
        for number in range(self.asked.kills):
            is_aimed = number % 2 == 0
            at_s = (
                self.luck.choice(dues) + self.luck.uniform(0, 0.05)
                if is_aimed
                else self.luck.uniform(0.2, last_s)
            )
            plan.append((at_s, self.luck.random(), KILL, ""))
        for _ in range(1 + self.asked.kills // KILLS_A_BLACKOUT):
            at_s = self.luck.choice(dues) - BLACKOUT_S / 2
            plan += [(at_s, self.luck.random(), DARK, ""), (at_s + BLACKOUT_S, 2.0, LIGHT, "")]
        if "Redis" in self.services:
            plan.append((last_s / 2, self.luck.random(), FLUSH, ""))
        return plan

    def _kill_one(self) -> str:
        """Kill somebody who is alive; the name of a process to be started again, or "" for one that is back."""
        for name in [name for name in self.parts.running if name.startswith("person")]:
            self.parts.has_ended(name)
        alive = sorted(self.parts.running) + list(self.services)
        name = self.luck.choice(alive)
        self.kills[name.partition("-")[0]] += 1
        if name in self.services:
            self.services[name].kill(self.luck)
            return ""
        self.parts.kill(name)
        return name

    def _is_settled(self) -> bool:
        """Nothing waits any more: no press, no deadline, no message."""
        try:
            pressed = people.noted(self.notes).keys() >= {press.name for press in self.presses}
            unsent = Notification.objects.filter(sent_at__isnull=True, dead_at__isnull=True)
            return pressed and not (Deadline.objects.waiting().exists() or unsent.exists())
        except OperationalError:
            connections.close_all()
            return False

    def _judged(self, received: dict, is_settled: bool, findings: int) -> verdicts.Verdict:
        notes = people.noted(self.notes)
        raced = {press.escalation_id for press in self.presses}
        verdict = verdicts.judge(self.world, raced, received)
        verdict.lines += [
            verdicts.contradictions(notes),
            verdicts.Line("everything done in time", 1, int(is_settled), lost=int(not is_settled)),
            verdicts.Line("found by the portal's own audit", 0, findings, wrong=findings),
        ]
        late = engine.run_due(timezone.now() + timedelta(days=1))
        verdict.lines.append(verdicts.Line("left for a later turn", 0, late, lost=late))
        ticks = (self.folder / "ticks").read_text().split() if (self.folder / "ticks").exists() else []
        verdict.notes = {
            "kills": dict(sorted(self.kills.items())) | {"all": self.kills.total()},
            "blackouts of all processes": len(self.dark),
            "deadlines that passed in the dark": verdicts.passed_in(self.dark),
            "Redis flushed": self.flushes,
            "redelivered under the same key": verdicts.redelivered(received),
            "receiver hung up after taking": received["hang_ups"],
            "presses of people": dict(sorted(people.in_words(notes).items())),
            "ticks through the broker": len(ticks),
            "deadlines they fired": sum(map(int, ticks)),
            "mistakes in the logs": self._mistakes(),
        }
        return verdict

    def _mistakes(self) -> dict[str, int]:
        """What was raised and not expected, by process; a database that went away is logged in one line instead."""
        found: Counter[str] = Counter()
        for path in (self.folder / "log").glob("*.log"):
            said = path.read_text(errors="replace")
            found.update(f"{path.stem}: {words[:120]}" for words in RAISED.findall(said))
        return dict(sorted(found.items()))
