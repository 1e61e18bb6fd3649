"""A whole portal as a newcomer starts it, for browser journeys: every process real, on data of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests import migrated

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
START_S = 240
# Patience costs nothing where all is well: every wait ends as soon as it is so.
PATIENCE_S = 150
PATIENCE_MS = PATIENCE_S * 1000


class Stack:
    """The running portal: its address, and its processes by name."""

    def __init__(self, process: subprocess.Popen, port: int, data_dir: Path):
        self.process = process
        self.url = f"http://localhost:{port}"
        self.data_dir = data_dir

    def kill(self, *names: str) -> None:
        """Kill -9 these processes of the portal; its supervisor starts them again."""
        for pid in self._children(names):
            os.kill(pid, signal.SIGKILL)

    def wait_until_up(self) -> None:
        """Until the web process answers."""
        wait_for(lambda: answers(f"{self.url}/healthz"), START_S, "the portal answers")

    def mails(self) -> list[str]:
        """The text of every mail sent so far."""
        return [path.read_text(errors="replace") for path in sorted(self.data_dir.glob("mail/*"))]

    def _children(self, names: tuple[str, ...]) -> list[int]:
        marks = {"web": "uvicorn", "worker": "celery\0-A\0iem_portal\0worker", "clock": "run_clock"}
        found = []
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                command = (entry / "cmdline").read_text()
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, ValueError):
                continue
            if parent == self.process.pid and any(marks[name] in command for name in names):
                found.append(int(entry.name))
        return found


@contextmanager
def running(tmp_path: Path) -> Iterator[Stack]:
    """Seed and start the whole portal on free ports, on a database of its own; stop it at the end."""
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    name = f"journey_{os.getpid()}_{time.monotonic_ns()}"
    with migrated.copied(data_dir, os.environ.get("DATABASE_URL", ""), name=name) as variables:
        yield from _seeded_and_started(data_dir, variables)


def _seeded_and_started(data_dir: Path, variables: dict[str, str]) -> Iterator[Stack]:
    port = free_ports()
    environment = {
        **os.environ,
        **variables,
        "IEM_DATA_DIR": str(data_dir), "PORT": str(port), "DEMO": "1", "BASE_URL": f"http://localhost:{port}",
        "PYTHONWARNINGS": "ignore", "LIVE_CHANNEL": f"journey:{port}",
    }  # fmt: skip
    environment.pop("AWS_ENDPOINT_URL", None)
    seed = [sys.executable, "manage.py", "seed_demo", "--skip-checks"]
    subprocess.run(seed, cwd=ROOT, env=environment, check=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "iem_portal.start"], cwd=ROOT, env=environment,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    stack = Stack(process, port, data_dir)
    try:
        stack.wait_until_up()
        yield stack
    finally:
        process.terminate()
        process.wait(timeout=START_S)


def free_ports() -> int:
    """A free port whose successor is free too: the simulated AWS goes there."""
    for port in range(20500 + os.getpid() % 400 * 2, 32000, 2):
        with socket.socket() as first, socket.socket() as second:
            try:
                first.bind(("127.0.0.1", port))
                second.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port
    raise OSError("no free ports")


def answers(url: str) -> bool:
    """Whether a GET is answered with 200."""
    try:
        with urllib.request.urlopen(url, timeout=20) as response:
            return response.status == 200
    except OSError:
        return False


def wait_for(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Ask again and again until it is so; other processes work meanwhile, so there is nothing to be told ``now``."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.1)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


def sign_in(browser: Browser, stack: Stack, name: str, **context) -> Page:
    """A page of a new browser session in which this demo person has signed in with one click."""
    page = browser.new_context(base_url=stack.url, **context).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto("/accounts/login/")
    page.locator("button", has_text=name).click()
    page.wait_for_url(lambda url: "/accounts/login" not in url)
    return page
