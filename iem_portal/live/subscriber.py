"""What one open stream still has to be sent: the newest bytes of each tile, never a queue."""

import asyncio
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from iem_portal.live import limits, sse

if TYPE_CHECKING:
    from iem_portal.live.watch import Watch


class Parcel:
    """The newest bytes of some tiles, shared by every stream that shows just these; joined into a body once."""

    __slots__ = ("_body", "_version", "chunks")

    def __init__(self, chunks: dict[str, bytes]):
        self.chunks = chunks
        self._version = -1
        self._body = b""

    def body(self, version: int) -> bytes:
        """All chunks as one message whose id is `version`."""
        if version != self._version:
            self._version = version
            self._body = b"".join(self.chunks.values()) + sse.end(version)
        return self._body


class Subscriber:
    """One slot per tile (newest wins) and one future: memory is bounded however slow the client is."""

    __slots__ = (
        "audience", "ends_at", "is_ending", "is_heartbeat_due", "language", "parcel", "reader",
        "sending_since", "task", "tiles", "waiter", "watch",
    )  # fmt: skip

    def __init__(
        self,
        watch: "Watch",
        reader: int | str,
        audience: str,
        language: str,
        tiles: frozenset[str],
        ends_at: datetime | None = None,
    ):
        self.watch = watch
        self.reader = reader
        self.audience = audience
        self.language = language
        self.tiles = tiles
        self.parcel: Parcel | None = None
        self.is_heartbeat_due = False
        self.is_ending = False
        self.sending_since: float | None = None
        self.waiter: asyncio.Future | None = None
        self.task: asyncio.Task | None = None
        lifetime = limits.LIFETIME_S * random.uniform(1 - limits.LIFETIME_SPREAD, 1 + limits.LIFETIME_SPREAD)
        if ends_at is not None:
            lifetime = min(lifetime, (ends_at - datetime.now(UTC)).total_seconds())
        self.ends_at = asyncio.get_running_loop().time() + lifetime

    def put(self, parcel: Parcel) -> None:
        """Leaves the newest bytes of tiles, over older ones that were not sent yet."""
        waiting = self.parcel
        self.parcel = parcel if waiting is None else Parcel(waiting.chunks | parcel.chunks)
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
        if waiter is not None:
            self.waiter = None
            if not waiter.done():
                waiter.set_result(None)

    def has_mail(self) -> bool:
        """Whether something waits to be sent."""
        return self.parcel is not None or self.is_heartbeat_due

    def mail(self) -> asyncio.Future:
        """What the stream waits on when nothing is to be sent."""
        self.waiter = self.watch.loop.create_future()
        return self.waiter

    def take(self) -> bytes:
        """Everything that waits, as one body. The id is the watch's version, for all up to it lies in the slots."""
        version, body = self.watch.version, b""
        if self.parcel is not None:
            body, self.parcel = self.parcel.body(version), None
        if self.is_heartbeat_due:
            self.is_heartbeat_due = False
            body += self.watch.heartbeat + sse.end(version)
        return body
