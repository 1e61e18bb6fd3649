"""The portal's server in a process of its own, on a database of its own, fed by polling or by Redis."""

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests import migrated

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE_S = 150
# Where the locks of a write-ahead log lie in its index: https://sqlite.org/walformat.html, section 2.3.
SHM_FIRST, SHM_LOCKS = 120, 8


class Server:
    """One uvicorn process and the door into it."""

    def __init__(self, folder: Path, *, port: int = 0, **environment: str):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            self.port = probe.getsockname()[1]
        self.folder, self.log = folder, folder / "server.log"
        command = [
            sys.executable, "-m", "uvicorn", "tests.live.server:application", "--port", str(self.port),
            "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--timeout-graceful-shutdown", "5",
        ]  # fmt: skip
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=surroundings(folder, **environment), stderr=log
            )

    def __enter__(self):
        for _ in range(PATIENCE_S * 20):
            try:
                self.do()
                return self
            except OSError:
                try:
                    self.process.wait(0.05)
                except subprocess.TimeoutExpired:
                    continue
                break
        self.process.kill()
        raise RuntimeError(self.log.read_text())

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def do(self, **order):
        """Sends an order through the door; answers what can be counted inside."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/test", json.dumps(order).encode())
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.load(answer)

    def sign_in(self, email="staff@example.com", **fields) -> str:
        """The session key of a new or known person."""
        return self.do(sign_in={"email": email, **fields})["session"]

    def stop(self) -> None:
        """Asks the process to stop, as a supervisor does."""
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def unreadable(folder: Path):
    """The SQLite database in this folder is dead as long as this lasts: every lock on its write-ahead log is taken.

    Whoever reads or writes is refused after some seconds; nothing is lost.
    """
    with (folder / migrated.FILE).with_name(f"{migrated.FILE}-shm").open("r+b") as index:
        fcntl.lockf(index, fcntl.LOCK_EX, SHM_LOCKS, SHM_FIRST)
        yield


def surroundings(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a portal whose data lies in `folder`."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return kept | {
        "IEM_DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "iem_portal.settings",
        "DEMO": "0",
        **more,
    }


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory):
    """A data folder with a database that has all tables and nothing in them."""
    folder = tmp_path_factory.mktemp("migrated")
    with migrated.copied(folder, "", name=""):
        return folder


FEEDS = ["poll", pytest.param("redis", marks=pytest.mark.redis)]


def feed_settings(feed: str) -> dict[str, str]:
    """What makes a server listen to Redis; skips where REDIS_URL names none."""
    if feed == "poll":
        return {}
    if not os.environ.get("REDIS_URL"):
        pytest.skip("REDIS_URL is not set")
    return {"REDIS_URL": os.environ["REDIS_URL"]}


@pytest.fixture(scope="session")
def server(migrated_folder, tmp_path_factory):
    """One server that polls, shared by all tests: each takes a room of its own."""
    with Server(data_folder(migrated_folder, tmp_path_factory)) as running:
        yield running


@pytest.fixture(scope="session", params=FEEDS)
def fed_server(request, migrated_folder, tmp_path_factory):
    """A shared server, once for each way in which a hub learns of a change."""
    settings = feed_settings(request.param)
    if not settings:
        yield request.getfixturevalue("server")
        return
    with Server(data_folder(migrated_folder, tmp_path_factory), **settings) as running:
        yield running


@pytest.fixture(params=FEEDS)
def feed(request):
    """The settings of one feed, for tests that start servers themselves."""
    return feed_settings(request.param)


@pytest.fixture
def start_server(migrated_folder, tmp_path_factory):
    """Starts servers on one fresh database; all are gone in the end."""
    folder = data_folder(migrated_folder, tmp_path_factory)
    servers = []

    def start(**environment):
        servers.append(Server(folder, **environment).__enter__())
        return servers[-1]

    yield start
    for running in servers:
        running.__exit__()


def data_folder(migrated_folder: Path, tmp_path_factory) -> Path:
    """A copy of the empty database that one test may fill."""
    folder = tmp_path_factory.mktemp("portal") / "data"
    shutil.copytree(migrated_folder, folder)
    return folder


_rooms = count(1)


@pytest.fixture
def room() -> int:
    """The number of a room that no other test looks at; both sides may enter it."""
    return next(_rooms)
