"""The admin door: the clock, the ledger of calls and the fault rules, for tests and rehearsals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from .wire import Reply, Request, plain_json

if TYPE_CHECKING:
    from .app import Simulator


def answer(simulator: Simulator, request: Request) -> Reply:
    """GET reads, POST writes, DELETE puts back."""
    if "origin" in request.headers:  # a web page in somebody's browser, not a test
        return plain_json({"error": "the admin door is not for browsers"}, 403)
    try:
        found = DOORS[request.path, request.method]
    except KeyError:
        return plain_json({"error": f"no {request.method} {request.path}"}, 404)
    try:
        return plain_json(found(simulator, request))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return plain_json({"error": f"{type(error).__name__}: {error}"}, 400)


def _clock(simulator: Simulator, request: Request) -> Any:
    clock = simulator.world.clock
    return {
        "now": clock.now(),
        "t0": clock.t0(),
        "offset_s": clock.offset_s,
        "scenario": simulator.world.scenario.name,
    }


def _move_clock(simulator: Simulator, request: Request) -> Any:
    simulator.world.clock.advance(float(request.json()["advance_s"]))
    return _clock(simulator, request)


def _reset_clock(simulator: Simulator, request: Request) -> Any:
    simulator.world.clock.reset()
    return _clock(simulator, request)


def _calls(simulator: Simulator, request: Request) -> Any:
    wanted = {key: values[0] for key, values in parse_qs(request.query).items()}
    since = int(wanted.pop("since", 0))
    return {"calls": simulator.calls.read(since=since, **wanted)}


def _clear_calls(simulator: Simulator, request: Request) -> Any:
    simulator.calls.clear()
    return {"calls": []}


def _rules(simulator: Simulator, request: Request) -> Any:
    return {"rules": simulator.faults.listed()}


def _add_rule(simulator: Simulator, request: Request) -> Any:
    return {"id": simulator.faults.add(request.json())}


def _clear_rules(simulator: Simulator, request: Request) -> Any:
    simulator.faults.clear()
    return {"rules": []}


def _fired(simulator: Simulator, request: Request) -> Any:
    return {"fired": simulator.faults.fired()}


def _reset(simulator: Simulator, request: Request) -> Any:
    """Everything that callers and tests have changed is put back; the scenario stays."""
    simulator.faults.clear()
    simulator.calls.clear()
    simulator.world.clock.reset()
    simulator.world.forget()
    simulator.world.end_gamedays()
    return _clock(simulator, request)


def _gamedays(simulator: Simulator, request: Request) -> Any:
    world = simulator.world
    return {
        "known": [day.told() for day in world.gamedays.values()],
        "under_way": [vars(one) for one in world.injections],
    }


def _begin_gameday(simulator: Simulator, request: Request) -> Any:
    wanted = request.json()
    world = simulator.world
    return vars(world.inject(wanted["key"], wanted["account"], world.clock.now()))


def _end_gameday(simulator: Simulator, request: Request) -> Any:
    simulator.world.end_gamedays(request.json()["account"])
    return _gamedays(simulator, request)


DOORS = {
    ("/_sim/gamedays", "GET"): _gamedays,
    ("/_sim/gamedays", "POST"): _begin_gameday,
    ("/_sim/gamedays", "DELETE"): _end_gameday,
    ("/_sim/clock", "GET"): _clock,
    ("/_sim/clock", "POST"): _move_clock,
    ("/_sim/clock", "DELETE"): _reset_clock,
    ("/_sim/calls", "GET"): _calls,
    ("/_sim/calls", "DELETE"): _clear_calls,
    ("/_sim/reset", "POST"): _reset,
    ("/_fault/rules", "GET"): _rules,
    ("/_fault/rules", "POST"): _add_rule,
    ("/_fault/rules", "DELETE"): _clear_rules,
    ("/_fault/fired", "GET"): _fired,
}
