"""A portal of its own on an empty database, whose processes may be killed: for runs that end in kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (sys.executable, "-W", "ignore")
CLOCK = (*PYTHON, "manage.py", "run_clock")
RELAY = (*PYTHON, "manage.py", "run_relay", "--lease", "12")


class Processes:
    """Named children of this process; a killed one is started again by name."""

    def __init__(self, commands: dict[str, tuple[str, ...]]):
        self.commands = commands
        self.running: dict[str, subprocess.Popen] = {}
        self.kills = 0

    def start(self, *names: str) -> None:
        """Start these, or all."""
        for name in names or self.commands:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            self.running[name] = subprocess.Popen(self.commands[name], cwd=ROOT, **quiet)

    def kill(self, *names: str) -> None:
        """kill -9, with no chance to finish anything."""
        for name in names:
            self.running[name].send_signal(signal.SIGKILL)
        for name in names:
            self.running[name].wait()
            self.kills += 1

    @contextmanager
    def all_running(self) -> Iterator[Processes]:
        """Everything started, and nothing left behind."""
        self.start()
        try:
            yield self
        finally:
            for process in self.running.values():
                process.kill()
                process.wait()


def until(is_done: Callable[[], bool], *, seconds: float) -> bool:
    """Look four times a second; False when the time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_done():
            return True
        time.sleep(0.25)
    return is_done()


@contextmanager
def environment(data_dir: Path, url: str) -> Iterator[dict[str, str]]:
    """The variables of a portal on an empty database of the same kind as `url` (empty: SQLite)."""
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    variables = kept | {
        "IEM_DATA_DIR": str(data_dir),
        "DEMO": "0",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "iem_portal.settings",
    }
    with migrated.copied(data_dir, url, name=f"iem_arena_{os.getpid()}_{time.monotonic_ns()}") as named:
        yield variables | named


def run(module: str, *arguments: str, data_dir: Path, url: str, seconds: float) -> dict:
    """Run `python -m tests.escalation.<module>` in an arena; what it printed as JSON."""
    with environment(data_dir, url) as variables:
        command = [*PYTHON, "-m", f"tests.escalation.{module}", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=seconds, check=False
        )
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.strip().splitlines()[-1])
