"""Measures the clocks on one database, named by the environment, and prints what it saw as one line of JSON."""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import _herd, _scan, _tracker  # noqa: E402
from escalation import engine  # noqa: E402
from escalation.models import ClockEvent, EngineBeat  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1_000, 10_000, 100_000)
SECOND = timedelta(seconds=1)
NONE = timedelta(0)


def main() -> None:
    """All figures of this database."""
    call_command("migrate", verbosity=0)
    _tracker.create_tables()
    _herd.prepare(timezone.now())
    gc.freeze()  # as the clock loop does
    seen: dict = {"sizes": {}}
    for size in SIZES:
        _herd.grow(size)
        seen["sizes"][size] = at_size(size)
    seen["burst_s"] = burst(10_000)
    seen["burst_two_s"] = burst(10_000, engines=2)
    seen["loop"] = lag(1_000, clock_loop)
    seen["two_loops"] = lag(1_000, two_clock_loops)
    seen["tick"] = lag(1_000, every_second)
    seen["tracker"] = tracker_lag(1_000)
    sys.stdout.write(json.dumps(seen) + "\n")


def at_size(size: int) -> dict[str, float]:
    """Empty and full ticks with this many running clocks, one percent of them due at once."""
    due = size // 100
    # The quietest of ten medians: half a millisecond is easily doubled by whatever else the machine does.
    empty_ms = min(
        statistics.median(_ms(lambda: engine.run_due(timezone.now())) for _ in range(20)) for _ in range(10)
    )
    now = timezone.now()
    _herd.make_due(due, now, NONE)
    rows_read = _scan.rows_read_per_due(now)
    written = -sum(_scan.rows_written().values())
    ticks = [_ms(lambda: engine.run_due(timezone.now()))]
    # One more for each: the deadline's own row is changed.
    written += sum(_scan.rows_written().values()) + due
    for _ in range(2):
        _herd.make_due(due, timezone.now(), NONE)
        ticks.append(_ms(lambda: engine.run_due(timezone.now())))
    _herd.make_due(due, timezone.now(), NONE)
    inserts_ms = _scan.inserts_alone_ms(lambda: engine.run_due(timezone.now()))
    _herd.make_tickets_due(due, timezone.now(), NONE)
    tracker_ms = _ms(lambda: _tracker.tick(timezone.now()))
    return {
        "due": due,
        "empty_ms": empty_ms,
        "tick_ms": statistics.median(ticks),
        "inserts_ms": inserts_ms,
        "tracker_ms": tracker_ms,
        "rows_read": rows_read,
        "rows_written": written / due,
        # The tracker reads every open ticket, and writes the ticket, an event, a line and two messages for each.
        "tracker_rows_read": size / due,
    }


def burst(count: int, engines: int = 1) -> float:
    """Seconds to record `count` deadlines of one second, by one engine here or by several processes at once."""
    if engines == 1:
        _herd.make_due(count, timezone.now() - SECOND, SECOND)
        return _ms(lambda: engine.run_due(timezone.now())) / 1000
    command = [sys.executable, "-W", "ignore", "-m", "bench._engine"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    processes = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(engines)]
    for process in processes:
        process.stdout.readline()  # it is ready
    _herd.make_due(count, timezone.now() - SECOND, SECOND)
    started = time.perf_counter()
    for process in processes:
        process.stdin.close()
    for process in processes:
        process.stdout.read()
        process.wait()
    took_s = time.perf_counter() - started
    if engine.run_due(timezone.now()):
        raise RuntimeError("the engines left deadlines behind")
    return took_s


def lag(count: int, run: Callable[[threading.Event], None]) -> dict[str, float]:
    """Seconds from a deadline to its committed event, for `count` deadlines spread over one second."""
    stop = threading.Event()
    worker = threading.Thread(target=run, args=(stop,))
    worker.start()
    _wait_for_beat()
    first, due = _ahead(lambda first: _herd.make_due(count, first, SECOND))
    clocks = set(due)
    last = ClockEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    seen: dict[int, float] = {}
    while len(seen) < count and timezone.now() < first + 30 * SECOND:
        rows = ClockEvent.objects.filter(pk__gt=last, stage="breach").values_list("clock_id", "at")
        found = list(rows)
        now = timezone.now()
        for clock, at in found:
            if clock in clocks:
                seen.setdefault(clock, (now - at).total_seconds())
        time.sleep(0.005)
    stop.set()
    worker.join()
    return _percentiles(list(seen.values())) | {"recorded": len(seen)}


def clock_loop(stop: threading.Event) -> None:
    """The product's own loop, as a process of its own."""
    command = [sys.executable, "-W", "ignore", "manage.py", "run_clock"]
    with subprocess.Popen(command, cwd=ROOT) as process:
        stop.wait()
        process.terminate()


def two_clock_loops(stop: threading.Event) -> None:
    """Two of them at once, as production runs them."""
    second = threading.Thread(target=clock_loop, args=(stop,))
    second.start()
    clock_loop(stop)
    second.join()


def every_second(stop: threading.Event) -> None:
    """The engine woken each second, as beat does however long the last turn took."""
    beat(timezone.now())
    turn = time.monotonic()
    while not stop.wait(turn - time.monotonic()):
        engine.run_due(timezone.now())
        turn = max(turn + 1, time.monotonic())
    connection.close()


def tracker_lag(count: int) -> dict[str, float]:
    """The same for the baseline, whose loop starts its next scan a second after the last one ended."""
    first, dues = _ahead(lambda first: _herd.make_tickets_due(count, first, SECOND))
    lags: list[float] = []

    def on_saved(ticket) -> None:
        if ticket.pk in dues:
            lags.append((timezone.now() - dues[ticket.pk]).total_seconds())

    while len(lags) < count and timezone.now() < first + 60 * SECOND:
        time.sleep(1)
        _tracker.tick(timezone.now(), on_saved)
    return _percentiles(lags) | {"recorded": len(lags)}


def beat(now: datetime) -> None:
    """Say that the loop under test runs."""
    engine.beat(instance="bench", now=now, cycle_ms=0)


def _ahead(make: Callable[[datetime], Any]) -> tuple[datetime, Any]:
    """Make deadlines that begin in a moment; when writing them took longer than that, once more with others."""
    lead = 2 * SECOND
    while True:
        first = timezone.now() + lead
        made = make(first)
        if timezone.now() < first:
            return first, made
        time.sleep(3)  # those are let pass
        lead *= 2


def _wait_for_beat() -> None:
    since = timezone.now()
    while not EngineBeat.objects.filter(beat_at__gte=since - SECOND).exists():
        time.sleep(0.05)
        if timezone.now() > since + 30 * SECOND:
            raise RuntimeError("the clock loop did not start")


def _ms(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return (time.perf_counter() - started) * 1000


def _percentiles(values: list[float]) -> dict[str, float]:
    values = sorted(values) or [float("nan")]
    return {"p50": values[len(values) // 2], "p99": values[min(int(len(values) * 0.99), len(values) - 1)]}


if __name__ == "__main__":
    main()
