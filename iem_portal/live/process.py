"""What the hub needs of its process: to hear of a stop before the server does, and enough open files."""

import asyncio
import signal
import threading
from collections.abc import Callable

try:
    import resource
except ImportError:  # Windows has no such limit
    resource = None

from iem_portal.live import limits

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_OTHER_FILES = 512


def call_before_stop(action: Callable[[], None]) -> None:
    """Wraps the handlers of SIGTERM and SIGINT: `action` on the running loop, then whatever was there before.

    The server ends its lifespan only after all connections have closed, and streams never close by
    themselves; so the signal itself must reach the hub first.
    """
    if threading.current_thread() is not threading.main_thread():
        return  # an embedding server that runs loops in threads handles its own signals
    loop = asyncio.get_running_loop()
    for number in _SIGNALS:
        before = signal.getsignal(number)
        signal.signal(number, _chained(loop, action, before))


def _chained(loop: asyncio.AbstractEventLoop, action: Callable[[], None], before):
    def handle(number, frame):
        if not loop.is_closed():
            loop.call_soon_threadsafe(action)
        if callable(before):
            before(number, frame)
        elif before is signal.SIG_DFL:
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)

    return handle


def allow_many_files() -> None:
    """Raises the soft limit of open files, often 1,024, as far as the hard limit and the streams ask for."""
    if resource is None:
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.STREAMS_PER_PROCESS + _OTHER_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
