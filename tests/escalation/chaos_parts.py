"""The processes of a portal as forks of one program: each may be killed with -9 and is up again in milliseconds.

They run what `manage.py run_clock`, `manage.py run_relay`, `celery worker`, `celery beat` and uvicorn run; a fork only
saves each of them the import of Django.
"""

from __future__ import annotations

import ctypes
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from escalation.management.commands import run_clock
from iem_portal.notifications import relay as relaying
from iem_portal.notifications.management.commands import run_relay

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
_libc = ctypes.CDLL(None)
WORKER = "worker -P threads -c 2 -Q sla,default,aws --without-mingle --without-gossip -l ERROR"
# What needs no AWS, more often than in life: here a minute lasts a second.
WOKEN = {"clock": 0.5, "tell-held": 2.0}


def keep_the_worlds_pace(speed: float) -> None:
    """What the loops do every so often, stays as often as in life: heartbeats alone kept the disk busy."""
    for module, name in ((run_clock, "BEAT_EVERY"), (run_relay, "BEAT_EVERY"), (relaying, "NO_ROOM")):
        setattr(module, name, getattr(module, name) * speed)


class Parts:
    """Named children of this process; what they print is kept in `logs`, one file each."""

    def __init__(self, runs: dict[str, Callable[[], object]], logs: Path):
        self.runs, self.logs = runs, logs
        self.running: dict[str, int] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, *names: str) -> None:
        """Start these, or all."""
        # A connection that two processes hold is of use to neither.
        connections.close_all()
        for name in names or self.runs:
            self.running[name] = forked(self.runs[name], self.logs / f"{name}.log")

    def kill(self, *names: str) -> None:
        """kill -9, with no chance to finish anything; one that has ended by itself is not there any more."""
        pids = [self.running.pop(name) for name in names if name in self.running]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        for pid in pids:
            os.waitpid(pid, 0)

    def has_ended(self, name: str) -> bool:
        """Whether this child has come to its end by itself."""
        pid = self.running.get(name)
        if pid is not None and os.waitpid(pid, os.WNOHANG)[0] == pid:
            del self.running[name]
        return name not in self.running


def forked(run: Callable[[], object], log: Path) -> int:
    """The number of a child that runs this and ends."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
        file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for number in (1, 2):
            os.dup2(file, number)
        random.seed()
        run()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def adopt_orphans() -> None:
    """Let the grandchildren of a killed child become ours, so that somebody collects them."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def clock() -> None:
    """`manage.py run_clock`"""
    call_command("run_clock")


def relay(lease_s: int) -> Callable[[], None]:
    """`manage.py run_relay --lease …`, in seconds of the portal's clock."""
    return lambda: call_command("run_relay", lease=lease_s)


def worker(ticks: Path) -> Callable[[], None]:
    """A Celery worker of all queues, which notes each tick that the broker brought: how many deadlines it fired."""

    def run() -> None:
        from celery.signals import task_success

        from iem_portal.celery import app

        @task_success.connect(weak=False)
        def note(sender=None, result=None, **_words) -> None:
            if sender.name == "escalation.tasks.tick":
                with ticks.open("a") as file:
                    file.write(f"{result}\n")

        app.worker_main(WORKER.split())

    return run


def beat(schedule: Path) -> Callable[[], None]:
    """Celery's timetable, cut down to what needs no AWS."""

    def run() -> None:
        from iem_portal.celery import app

        table = app.conf.beat_schedule
        app.conf.beat_schedule = {
            name: table[name] | {"schedule": period_s} for name, period_s in WOKEN.items()
        }
        app.start(["beat", "-l", "ERROR", "--pidfile=", "--schedule", str(schedule)])

    return run


def web(port: int) -> Callable[[], None]:
    """The web process."""

    def run() -> None:
        import uvicorn

        uvicorn.run("iem_portal.asgi:application", port=port, log_level="error", access_log=False)

    return run


def preload() -> None:
    """Import once what the children would import each."""
    import celery.apps.beat
    import celery.apps.worker
    import celery.bin.celery
    import celery.concurrency.thread  # noqa: F401

    from escalation import tasks  # noqa: F401
    from iem_portal.celery import app

    app.finalize()
    app.loader.import_default_modules()


def until(is_done: Callable[[], bool], *, seconds: float) -> bool:
    """Look four times a second; False when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_done():
            return True
        time.sleep(0.25)
    return is_done()
