"""How does a process go round and round until it is told to stop, whatever the database does?"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, connections

logger = logging.getLogger(__name__)

DATABASE_RETRY_S = 0.2
CRASH_RETRY_S = 1.0


def instance() -> str:
    """Which process this is, for heartbeats: host and process number."""
    return f"{socket.gethostname()}:{os.getpid()}"


def stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set, so that a turn is finished before the process ends."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def go_round(name: str, turn: Callable[[], float], stop: threading.Event) -> None:
    """Call `turn` until `stop` is set, pausing for the seconds it returns.

    A database that is away is asked again every 0.2 s; any other error is logged and the loop goes on,
    because a clock that has died over one bad row helps nobody.
    """
    is_away = False
    while not stop.is_set():
        try:
            pause = turn()
            if is_away:
                logger.warning("%s: the database is back", name)
            is_away = False
        except (OperationalError, InterfaceError) as error:
            if not is_away:
                logger.warning("%s: the database is away: %s", name, error)
            is_away, pause = True, DATABASE_RETRY_S
            connections.close_all()
        except Exception:
            logger.exception("%s: a turn failed", name)
            pause = CRASH_RETRY_S
        stop.wait(pause)
