"""A PostgreSQL and a Redis of one chaos run, which die by kill -9 and come back with what they had on disk."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import subprocess
import time
from contextlib import closing
from pathlib import Path

from bench.throwaway import programs
from iem_portal.preflight import free_port

STARTS_WITHIN_S = 60


class Postgres:
    """A server with its shipped settings (fsync on) on a socket in `folder`, a child of this process."""

    def __init__(self, folder: Path):
        self.folder, self.process = folder, None
        self.url = f"postgres://postgres@/postgres?host={folder}"
        found = programs()
        if found is None:
            raise SystemExit("No PostgreSQL server is installed here (initdb is in no known place).")
        self._found = found
        folder.mkdir(parents=True)
        self._as: tuple[str, ...] = ()
        if os.geteuid() == 0:  # initdb refuses root
            shutil.chown(folder, "postgres", "postgres")
            for parent in folder.parents[:2]:
                parent.chmod(parent.stat().st_mode | 0o011)
            self._as = ("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups")
        words = ("--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--pgdata=data")
        subprocess.run([*self._command("initdb"), *words], cwd=folder, check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        """Start it, or start it again, and wait until it answers: after a kill it recovers first."""
        options = (
            "-D",
            "data",
            "-k",
            str(self.folder),
            "-c",
            "listen_addresses=",
            "-c",
            "max_connections=60",
        )
        with (self.folder / "server.log").open("ab") as log:
            quiet = {"stdout": log, "stderr": log}
            self.process = subprocess.Popen([*self._command("postgres"), *options], cwd=self.folder, **quiet)
        end = time.monotonic() + STARTS_WITHIN_S
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError((self.folder / "server.log").read_text()[-2000:])
            time.sleep(0.02)

    def kill(self, luck: random.Random) -> None:
        """kill -9 of the whole server, or of one of its sessions, upon which it throws all others out and recovers."""
        children = _children(self.process.pid)
        sessions = [pid for pid in children if b"postgres: postgres" in _command_line(pid)]
        if sessions and luck.random() < 0.5:
            _kill(luck.choice(sessions))
            return
        _kill(self.process.pid)
        self.process.wait()
        for pid in children:
            _kill(pid)
        for pid in children:
            while Path(f"/proc/{pid}").exists() and not _is_collected(pid):
                time.sleep(0.005)
        self.start()

    def stop(self) -> None:
        """Stop it at once; its folder is thrown away."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()

    def _command(self, program: str) -> tuple[str, ...]:
        return (*self._as, str(self._found / program))

    def _answers(self) -> bool:
        import psycopg2

        try:
            with closing(psycopg2.connect(self.url)):
                return True
        except psycopg2.OperationalError:
            return False


class Sessions:
    """A server that others use too: only the sessions on our own database are cut off."""

    def __init__(self, url: str):
        self.url = url

    def kill(self, _luck: random.Random) -> None:
        """Throw everybody else out of this database, in the middle of whatever they do."""
        import psycopg2

        with closing(psycopg2.connect(self.url)) as connection:
            connection.autocommit = True
            connection.cursor().execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    def stop(self) -> None:
        """It is not ours to stop."""


class Redis:
    """A server that keeps nothing on disk: whoever kills it has flushed it too."""

    def __init__(self, folder: Path):
        self.folder, self.process = folder, None
        folder.mkdir(parents=True)
        # Below the ports that outgoing connections take: one of those might be in the way of the next start.
        self.port = free_port("127.0.0.1", random.randrange(22000, 32000))
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it on its port."""
        words = ("--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no")
        with (self.folder / "server.log").open("ab") as log:
            quiet = {"stdout": log, "stderr": log}
            self.process = subprocess.Popen(["redis-server", *words], cwd=self.folder, **quiet)

    def kill(self, _luck: random.Random) -> None:
        """kill -9, and again from nothing."""
        self.stop()
        self.start()

    def flush(self) -> bool:
        """Empty it, broker and all; False when it was not there to be emptied."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), 2) as wire:
                wire.sendall(b"FLUSHALL\r\n")
                return wire.recv(100).startswith(b"+OK")
        except OSError:
            return False

    def stop(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def _children(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(path.parent.name))
    return found


def _command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def _is_collected(pid: int) -> bool:
    """Collect an orphan that has become ours; whoever else collects it makes its folder in /proc disappear."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        return False
    return not Path(f"/proc/{pid}").exists()
