"""How long may one target take? A deadline over all calls of a read, because timeouts of sockets do not add up to one.

A socket's read timeout starts again with every byte: a dripping server held a "1 s" call for 10 s when measured.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar, copy_context
from typing import Any, TypeVar

from .errors import TIMEOUT, AwsError, from_exception

TARGET_DEADLINE_S = 25.0

_ends_at: ContextVar[float | None] = ContextVar("aws_deadline", default=None)
T = TypeVar("T")


def run_within(seconds: float, work: Callable[[], T]) -> T:
    """The result of `work`, or AwsError: of kind timeout after `seconds`; the thread left behind stops at its next
    call. Whatever `work` raises leaves as AwsError."""
    if _ends_at.get() is not None:  # a read inside a read shares the deadline around it
        return work()
    outcome: dict[str, Any] = {}
    context = copy_context()
    context.run(_ends_at.set, time.monotonic() + seconds)

    def run() -> None:
        try:
            outcome["result"] = context.run(work)
        except Exception as error:  # also what a broken answer does to the code that reads it
            outcome["error"] = from_exception(error)

    thread = threading.Thread(target=run, name="aws-read", daemon=True)
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        raise AwsError(TIMEOUT, "Deadline", f"No complete answer within {seconds:g} s.")
    if "error" in outcome:
        raise outcome["error"]
    return outcome["result"]


def check() -> None:
    """Stop a read whose deadline has passed."""
    ends_at = _ends_at.get()
    if ends_at is not None and time.monotonic() >= ends_at:
        raise AwsError(TIMEOUT, "Deadline", "The time for this target is used up.")
