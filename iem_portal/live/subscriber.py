"""What one open stream still has to be sent: the newest bytes of each tile, never a queue."""

import asyncio
import random
from typing import TYPE_CHECKING

from iem_portal.live import limits, sse

if TYPE_CHECKING:
    from iem_portal.live.watch import Watch


class Subscriber:
    """One slot per tile (newest wins) and one future: memory is bounded however slow the client is."""

    __slots__ = (
        "audience", "ends_at", "is_ending", "is_heartbeat_due", "language", "pending", "sending_since",
        "task", "tiles", "user_id", "waiter", "watch",
    )  # fmt: skip

    def __init__(self, watch: "Watch", user_id: int, audience: str, language: str, tiles: frozenset[str]):
        self.watch = watch
        self.user_id = user_id
        self.audience = audience
        self.language = language
        self.tiles = tiles
        self.pending: dict[str, bytes] = {}
        self.is_heartbeat_due = False
        self.is_ending = False
        self.sending_since: float | None = None
        self.waiter: asyncio.Future | None = None
        self.task: asyncio.Task | None = None
        spread = random.uniform(1 - limits.LIFETIME_SPREAD, 1 + limits.LIFETIME_SPREAD)
        self.ends_at = asyncio.get_running_loop().time() + limits.LIFETIME_S * spread

    def put(self, chunks: dict[str, bytes]) -> None:
        """Leaves the newest bytes of the tiles this stream shows, over older ones that were not sent yet."""
        for key, chunk in chunks.items():
            if key in self.tiles:
                self.pending[key] = chunk
        if self.pending:
            self.wake()

    def beat(self) -> None:
        """Asks for a heartbeat with the next send."""
        self.is_heartbeat_due = True
        self.wake()

    def end(self) -> None:
        """Asks the stream to say goodbye and close."""
        self.is_ending = True
        self.wake()

    def wake(self) -> None:
        """Lets the stream look at its slots."""
        waiter = self.waiter
        if waiter is not None and not waiter.done():
            waiter.set_result(None)

    async def next(self) -> bytes | None:
        """The next bytes to send, waiting for them; None when the stream shall end."""
        while not self.is_ending:
            if self.pending or self.is_heartbeat_due:
                return self.take()
            self.waiter = self.watch.loop.create_future()
            await self.waiter
        return None

    def take(self) -> bytes:
        """Everything that waits, as one body. The id is the watch's version, for all up to it lies in the slots."""
        parts = list(self.pending.values())
        self.pending.clear()
        ending = sse.end(self.watch.version)
        if parts:
            parts.append(ending)
        if self.is_heartbeat_due:
            self.is_heartbeat_due = False
            parts += (self.watch.heartbeat, ending)
        return b"".join(parts)
