"""Where a benchmark of streams plays: a portal of its own, its server, a writer in another process, perhaps a Redis."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import process

ROOT = Path(__file__).resolve().parent.parent


class Writer:
    """The other process that changes things."""

    def __init__(self, environment: dict[str, str]):
        command = [sys.executable, "-m", "bench.writer"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, text=True
        )

    def ask(self, order: str) -> None:
        """Sends an order."""
        self.process.stdin.write(order + "\n")
        self.process.stdin.flush()

    def answer(self) -> dict:
        """The answer to the oldest order."""
        return json.loads(self.process.stdout.readline())


def environment(folder: Path, redis_url: str) -> dict[str, str]:
    """A portal of its own in a folder of its own."""
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "iem_portal.settings", "IEM_DATA_DIR": str(folder), "DATABASE_URL": "",
        "REDIS_URL": redis_url, "DEMO": "0", "LOG_LEVEL": "ERROR",
    }  # fmt: skip


@contextmanager
def running(command: list[str], port: int, env: dict[str, str]) -> Iterator[subprocess.Popen]:
    """A server process that listens on the port; killed in the end."""
    child = subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=env)
    try:
        process.wait_for(port, child)
        yield child
    finally:
        child.kill()
        child.wait()


@contextmanager
def redis_address() -> Iterator[str]:
    """REDIS_URL, or a Redis of our own, or "" where there is none."""
    if os.environ.get("REDIS_URL") or not shutil.which("redis-server"):
        yield os.environ.get("REDIS_URL", "")
        return
    port = process.free_port()
    command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no"]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        process.wait_for(port, child)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        child.terminate()
        child.wait()


@contextmanager
def product(env: dict[str, str]) -> Iterator[tuple[subprocess.Popen, int]]:
    """The portal's web process as script/up starts it."""
    port = process.free_port()
    flags = "--loop uvloop --http httptools --backlog 4096 --timeout-graceful-shutdown 5 --no-access-log"
    with running(
        ["uvicorn", "bench.app:application", "--port", str(port), "--log-level", "error", *flags.split()],
        port,
        env,
    ) as server:
        yield server, port
