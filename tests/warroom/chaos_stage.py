"""The portal's own processes and servers as chaos has them: each dies by kill -9, stays away, and comes back."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from iem_portal.start import listen, portal, with_simulator
from iem_portal.supervisor import Supervisor
from tests.escalation.chaos_services import Postgres, Redis
from tests.live.conftest import unreadable

WEB, DATABASE, REDIS = "web", "database", "Redis"
STARTS_WITHIN_S = 90


class Processes(Supervisor):
    """The children of `script/up` without its habit of starting the dead again by itself."""

    def begin(self, *names: str) -> None:
        """Start these, or all."""
        self.log_dir.mkdir(parents=True, exist_ok=True)
        for child in self.children:
            if not names or child.name in names:
                self._start(child)

    def kill(self, name: str) -> None:
        """kill -9, with no chance to finish anything."""
        child = next(child for child in self.children if child.name == name)
        child.process.kill()
        child.process.wait()
        child.process = None

    def end(self) -> None:
        """Leave nothing behind."""
        self._stop_all()


class HeldPostgres(Postgres):
    """Stays away after its death until it is told to come back."""

    is_held = False

    def start(self) -> None:
        """Start it, unless it is held."""
        if not self.is_held:
            super().start()

    def die(self) -> None:
        """kill -9 of the whole server."""
        self.is_held = True
        self.kill(SimpleNamespace(random=lambda: 1.0))

    def return_(self) -> None:
        """Start again, and wait until it answers."""
        self.is_held = False
        self.start()


class LockedSqlite:
    """A database in a file has no server to kill: somebody else takes every lock on it and keeps them."""

    def __init__(self, folder: Path):
        self.folder, self._held = folder, ExitStack()

    def die(self) -> None:
        """From now on nobody reads or writes."""
        self._held.enter_context(unreadable(self.folder))

    def return_(self) -> None:
        """Let everybody in again."""
        self._held.close()

    def stop(self) -> None:
        """Its file is thrown away."""
        self._held.close()


@dataclass(frozen=True)
class Mortal:
    """Something that can be killed and brought back; `return_` comes to its end once it answers, or was started."""

    die: Callable[[], object]
    return_: Callable[[], object]


class Stage:
    """One portal: processes, database, and on PostgreSQL a Redis. `environment` is what its processes are given."""

    def __init__(self, environment: dict[str, str], folder: Path, *, database, redis: Redis | None):
        data_dir = Path(environment["IEM_DATA_DIR"])
        self.port = int(environment["PORT"])
        self.listening = listen("127.0.0.1", self.port)
        environment, simulator_port = with_simulator(environment, self.port)
        children = portal(
            environment, web_fd=self.listening.fileno(), data_dir=data_dir, simulator_port=simulator_port
        )
        self.processes = Processes(children, folder / "log")
        self.mortals = {child.name: self._process(child.name) for child in children[-5:]}
        self.mortals[DATABASE] = Mortal(database.die, database.return_)
        if redis is not None:
            self.mortals[REDIS] = Mortal(redis.stop, lambda: _come_back(redis))

    def begin(self) -> None:
        """Start everything, and wait until the first page is answered."""
        self.processes.begin()
        until(self.answers, STARTS_WITHIN_S, "the portal answers")

    def end(self) -> None:
        """Leave nothing behind."""
        self.processes.end()
        self.listening.close()

    def answers(self) -> bool:
        """Whether the web process answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=1) as answer:
                return answer.status == 200
        except OSError:
            return False

    def last_words(self, *names: str) -> str:
        """What these processes, the web process and the workers wrote last."""
        shown = dict.fromkeys((*names, WEB, "worker", "beat"))
        return "\n".join(f"{name}:\n{self.processes.tail(name, 15)}" for name in shown)

    def _process(self, name: str) -> Mortal:
        def back() -> None:
            self.processes.begin(name)
            if name == WEB:
                until(self.answers, STARTS_WITHIN_S, "the web process answers again")

        return Mortal(lambda: self.processes.kill(name), back)


def _come_back(redis: Redis) -> None:
    redis.start()
    until(lambda: _accepts(redis.port), STARTS_WITHIN_S, "Redis answers again")


def _accepts(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def until(is_so: Callable[[], bool], seconds: float, what: str) -> float:
    """Ask ten times a second until it is so; the monotonic second at which it was. RuntimeError when it never is."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError(f"not within {seconds} s: {what}")
        time.sleep(0.1)
    return time.monotonic()
