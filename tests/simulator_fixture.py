"""A simulated AWS of the tests' own, over real HTTP on a free port: `simulator.url`, `.advance`, `.fault`, `.calls`."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from iem_portal.aws import sessions
from iem_portal.simulator.app import Simulator
from iem_portal.simulator.clock import SimClock
from iem_portal.simulator.scenario import load
from iem_portal.simulator.server import HOST, serve
from iem_portal.simulator.wire import Request
from iem_portal.simulator.world import World


@dataclass
class RunningSimulator:
    """The admin door of a running simulator."""

    url: str
    # In this process its door needs no HTTP. What AWS answers always goes over HTTP.
    inside: Simulator | None = None

    @property
    def world(self) -> World:
        """For tests that change what is simulated."""
        return self.inside.world

    def warm(self) -> None:
        """Import moto, which STS and tagging need, before somebody waits for it with a deadline."""
        self.inside.behind.warm()

    def now(self) -> datetime:
        """The simulated present (aware UTC)."""
        return datetime.fromtimestamp(self._ask("GET", "/_sim/clock")["now"], UTC)

    def t0(self) -> datetime:
        """T0 of the scenario (aware UTC)."""
        return datetime.fromtimestamp(self._ask("GET", "/_sim/clock")["t0"], UTC)

    def advance(self, *, seconds: float = 0, minutes: float = 0) -> None:
        """Move the simulated clock; negative goes back."""
        self._ask("POST", "/_sim/clock", {"advance_s": seconds + minutes * 60})

    def at_minute(self, minute: float) -> None:
        """Put the simulated clock `minute` minutes after T0."""
        self.advance(seconds=(self.t0() - self.now()).total_seconds() + minute * 60)

    def calls(self, *, since: int = 0, **wanted: str) -> list[dict[str, Any]]:
        """Calls that arrived, oldest first; e.g. `calls(operation="GetMetricData")`."""
        query = "&".join(f"{key}={value}" for key, value in {"since": since, **wanted}.items())
        return self._ask("GET", f"/_sim/calls?{query}")["calls"]

    def fault(self, action: dict[str, Any], **match: Any) -> int:
        """Misbehave: `fault({"error": "ThrottlingException"}, operation="GetMetricData", times=1)`."""
        return self._ask("POST", "/_fault/rules", {"action": action, **match})["id"]

    def mend(self) -> None:
        """End all misbehaviour; clock and ledger stay."""
        self._ask("DELETE", "/_fault/rules")

    def fired(self) -> list[dict[str, Any]]:
        return self._ask("GET", "/_fault/fired")["fired"]

    def reset(self) -> None:
        """Clock, faults, ledger and everything written are put back."""
        self._ask("POST", "/_sim/reset", {})

    def _ask(self, method: str, path: str, data: Any = None) -> Any:
        body = None if data is None else json.dumps(data).encode()
        if self.inside is not None:
            where = urlsplit(path)
            reply = self.inside.answer(Request(method, where.path, where.query, {}, body or b""))
            if reply.status >= 400:
                raise urllib.error.HTTPError(self.url + path, reply.status, reply.body.decode(), None, None)
            return json.loads(reply.body)
        request = urllib.request.Request(self.url + path, data=body, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)


def start_simulator(data_dir, *, scenario: str = "cutover", port: int = 0):
    """A simulator in a thread of this process, still over real HTTP: (server, url)."""
    server = serve(Simulator(World(load(scenario), SimClock(data_dir))), port)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    return server, f"http://{HOST}:{server.server_address[1]}"


@pytest.fixture(scope="session")
def running_simulator(tmp_path_factory) -> Iterator[RunningSimulator]:
    server, url = start_simulator(tmp_path_factory.mktemp("simulator"))
    yield RunningSimulator(url, server.RequestHandlerClass.simulator)
    server.shutdown()
    server.server_close()


#: Sessions without a role, made once: the same simulator answers them in every test, and one takes 20 ms.
_kept: dict = {}


@pytest.fixture
def simulator(running_simulator, settings, monkeypatch) -> Iterator[RunningSimulator]:
    """The session's simulator, put back before each test, with the portal's AWS layer pointed at it."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", running_simulator.url)
    settings.AWS_ENDPOINT_URL, settings.SIMULATED_AWS = running_simulator.url, True
    running_simulator.reset()
    sessions.forget()
    sessions._sessions.update(_kept)
    yield running_simulator
    if settings.SIMULATED_AWS:  # a test of the real mode makes sessions with credentials of its own
        _kept.update({key: made for key, made in sessions._sessions.items() if not key[1]})
    sessions.forget()
