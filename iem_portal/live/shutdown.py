"""How streams say goodbye when the process is told to stop.

The server ends its lifespan only after all connections have closed, and streams never close by themselves;
so the signal itself must reach the hub first.
"""

import asyncio
import signal
import threading
from collections.abc import Callable

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def call_before_stop(action: Callable[[], None]) -> None:
    """Wraps the handlers of SIGTERM and SIGINT: `action` on the running loop, then whatever was there before."""
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
