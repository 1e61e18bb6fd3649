"""Which children run, when one is started again, how all of them stop together; standard library only."""

from __future__ import annotations

import contextlib
import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

FIRST_BACKOFF_S = 0.2
LONGEST_BACKOFF_S = 5.0
STEADY_AFTER_S = 10.0  # a child that ran this long starts again with the first back-off
GRACE_S = 8.0  # uvicorn closes its streams within 5 s, so Ctrl-C stays under 10 s
LONGEST_LOG_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1

# Loaded before any fork: a child between fork and exec must not import anything.
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """One command to keep alive.

    ``env`` is the whole environment of the process; ``pass_fds`` are open files that it inherits.
    """

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    pass_fds: tuple[int, ...] = ()
    process: subprocess.Popen | None = None
    started_at: float = 0.0  # monotonic seconds, as is start_again_at
    start_again_at: float = 0.0
    backoff_s: float = FIRST_BACKOFF_S
    deaths: int = 0


class Supervisor:
    """Starts children, restarts the ones that die, and stops all of them on SIGTERM or SIGINT.

    Each child leads its own session, so Ctrl-C in the terminal reaches only the supervisor; on
    Linux the kernel kills the children when the supervisor itself is killed. Output goes to
    ``<log_dir>/<name>.log``.
    """

    def __init__(self, children: list[Child], log_dir: Path, say: Callable[[str], None] = print):
        self.children = children
        self.log_dir = log_dir
        self.say = say
        self.is_stopping = False
        self.exit_code = 0

    def run(self, on_pass: Callable[[], None] = lambda: None) -> int:
        """Supervise until a signal or :meth:`stop`; ``on_pass`` is called at least once a second.

        Returns the exit code.
        """
        self.log_dir.mkdir(parents=True, exist_ok=True)
        with self._signals() as wake_up:
            for child in self.children:
                self._start(child)
            while not self.is_stopping:
                self._restart_the_dead()
                on_pass()
                self._wait(wake_up)
            self._stop_all()
        return self.exit_code

    def stop(self, exit_code: int = 0) -> None:
        """Leave :meth:`run` after the current pass."""
        self.is_stopping = True
        self.exit_code = exit_code

    def tail(self, name: str, lines: int = 12) -> str:
        """The last lines that this child wrote."""
        try:
            text = (self.log_dir / f"{name}.log").read_text(errors="replace")
        except FileNotFoundError:
            return ""
        return "\n".join(f"    {line}" for line in text.splitlines()[-lines:])

    @contextlib.contextmanager
    def _signals(self) -> Iterator[int]:
        """Handlers only set a flag; the byte that the interpreter writes to the pipe ends the sleep."""
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        os.set_blocking(write_end, False)
        woken_before = signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
        stopping = {
            number: lambda *_: self.stop() for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        }
        handlers = {signal.SIGCHLD: lambda *_: None, **stopping}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield read_end
        finally:
            signal.set_wakeup_fd(woken_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            os.close(read_end)
            os.close(write_end)

    def _wait(self, wake_up: int) -> None:
        """Sleep until a signal, the next restart, or one second."""
        pending = [c.start_again_at - time.monotonic() for c in self.children if c.process is None]
        timeout_s = max(0.0, min([1.0, *pending]))
        if select.select([wake_up], [], [], timeout_s)[0]:
            os.read(wake_up, 4096)

    def _restart_the_dead(self) -> None:
        now = time.monotonic()
        for child in self.children:
            if child.process is not None and child.process.poll() is not None:
                self._note_death(child, now)
            if child.process is None and now >= child.start_again_at:
                self._start(child)

    def _note_death(self, child: Child, now: float) -> None:
        code = child.process.returncode
        _kill_group(child.process.pid, signal.SIGKILL)  # what it may have left behind
        child.process = None
        child.deaths += 1
        if now - child.started_at >= STEADY_AFTER_S:
            child.backoff_s = FIRST_BACKOFF_S
        child.start_again_at = now + child.backoff_s
        last_words = self.tail(child.name, 1).strip()[:120]
        self.say(f"{child.name} {_how(code)}; again in {child.backoff_s:.1f} s. Its last line: {last_words}")
        child.backoff_s = min(child.backoff_s * 2, LONGEST_BACKOFF_S)

    def _start(self, child: Child) -> None:
        path = self.log_dir / f"{child.name}.log"
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_size > LONGEST_LOG_BYTES:
                path.replace(path.with_suffix(".log.1"))
        with path.open("ab") as log:
            child.process = subprocess.Popen(
                child.command,
                env=dict(child.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=child.pass_fds,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),
            )
        child.started_at = time.monotonic()

    def _stop_all(self) -> None:
        """SIGTERM to every group, the grace, then SIGKILL to whatever is left."""
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            _kill_group(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + GRACE_S
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in running:
            _kill_group(process.pid, signal.SIGKILL)
            process.wait()


def _die_with(parent: int) -> Callable[[], None] | None:
    """Runs in the child before exec: the kernel kills it when the supervisor dies, however that happens."""
    if _libc is None:
        return None

    def prepare() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before the line above
            os._exit(1)

    return prepare


def _kill_group(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


def _how(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    return f"was stopped by {signal.Signals(-code).name}"
