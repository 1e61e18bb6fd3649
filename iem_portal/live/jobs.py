"""Where the hub does what blocks: small fixed pools of threads, each thread with one database connection."""

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import DatabaseError, connection

from iem_portal.live.render import settle_connections

logger = logging.getLogger(__name__)


class Pool:
    """A fixed number of threads and connections, all made at once, so that neither ever depends on the load."""

    def __init__(self, name: str, threads: int):
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"live-{name}")
        meeting = threading.Barrier(threads)
        for _ in range(threads):
            self._executor.submit(_begin, meeting)

    async def run(self, function: Callable, *args: Any) -> Any:
        """The function's answer, or its error, from one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, _job, function, args)

    def stop(self) -> None:
        """Lets running jobs finish and takes no more."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _begin(meeting: threading.Barrier) -> None:
    meeting.wait()  # each thread must take one of these jobs
    try:
        connection.ensure_connection()
    except DatabaseError as error:  # a later job will try again and say so to whom it concerns
        logger.warning("A live thread starts without the database: %s", error)


def _job(function: Callable, args: tuple) -> Any:
    settle_connections()
    return function(*args)
