"""Where the hub does what blocks: small fixed pools of threads, each thread with one database connection."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from iem_portal.live.render import settle_connections


class Pool:
    """A fixed number of threads, all started at once, so that their count never depends on the load."""

    def __init__(self, name: str, threads: int):
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix=f"live-{name}")
        meeting = threading.Barrier(threads)
        for _ in range(threads):
            self._executor.submit(meeting.wait)

    async def run(self, function: Callable, *args: Any) -> Any:
        """The function's answer, or its error, from one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, _job, function, args)

    def stop(self) -> None:
        """Lets running jobs finish and takes no more."""
        self._executor.shutdown(wait=False, cancel_futures=True)


def _job(function: Callable, args: tuple) -> Any:
    settle_connections()
    return function(*args)
