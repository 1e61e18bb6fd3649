"""Who watches one topic, which version they were given, and how a change of it reaches them all."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime

from iem_portal import registry
from iem_portal.live import limits, render, sse, versions
from iem_portal.live.jobs import Pool
from iem_portal.live.subscriber import Parcel, Subscriber

logger = logging.getLogger(__name__)


class Group:
    """The streams of one audience in one language: they all get the same bytes."""

    def __init__(self, audience: str, language: str):
        self.audience = audience
        self.language = language
        self.subscribers: set[Subscriber] = set()
        self.wanted: Counter[str] = Counter()
        self.chunks: dict[str, bytes] = {}

    def add(self, subscriber: Subscriber) -> None:
        """Counts a stream and the tiles that it shows."""
        self.subscribers.add(subscriber)
        self.wanted.update(subscriber.tiles)

    def remove(self, subscriber: Subscriber) -> None:
        """Forgets a stream, and the bytes of tiles that nobody shows any more: no push would keep them fresh."""
        if subscriber in self.subscribers:
            self.subscribers.remove(subscriber)
            self.wanted.subtract(subscriber.tiles)
            for key in [key for key, count in self.wanted.items() if count <= 0]:
                del self.wanted[key]
                self.chunks.pop(key, None)

    def lacks(self, changed: set[str], drawn: dict["Group", dict[str, bytes]]) -> set[str]:
        """Which of the changed tiles are shown here and not drawn yet."""
        return changed & self.wanted.keys() - drawn.get(self, {}).keys()

    def keep(self, chunks: dict[str, bytes]) -> None:
        """Keeps these bytes as the newest, but only of tiles that are shown: only those are kept fresh."""
        self.chunks.update((key, chunk) for key, chunk in chunks.items() if key in self.wanted)

    def hand_out(self, chunks: dict[str, bytes]) -> None:
        """Keeps these bytes and puts them into every stream's slots."""
        self.keep(chunks)
        parcels: dict[frozenset[str], Parcel] = {}
        for subscriber in self.subscribers:
            tiles = subscriber.tiles
            if tiles not in parcels:
                parcels[tiles] = self.parcel(tiles, chunks)
            if parcels[tiles].chunks:
                subscriber.put(parcels[tiles])

    def parcel(self, tiles: frozenset[str], chunks: dict[str, bytes]) -> Parcel:
        """Those of the chunks that a page with these tiles shows."""
        return Parcel({key: chunk for key, chunk in chunks.items() if key in tiles})


class Watch:
    """One topic that this process has streams for."""

    def __init__(self, topic: str, pool: Pool):
        self.topic = topic
        self.version = 0
        self.is_known = False
        self.heartbeat = b""
        self.groups: dict[tuple[str, str], Group] = {}
        self.loop = asyncio.get_running_loop()
        self._pool = pool
        # Draws and pushes of a topic come one after another, so that older bytes never follow newer ones.
        self._lock = asyncio.Lock()
        self._failed: set[str] = set()
        self._drawn_at: dict[str, float] = {}
        self._pushed_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task | None = None
        self._is_dirty = False

    async def join(self, subscriber: Subscriber, last_id: str) -> None:
        """Takes a stream in and fills its slots, unless it has this version already (`last_id`)."""
        key = (subscriber.audience, subscriber.language)
        group = self.groups.setdefault(key, Group(*key))
        group.add(subscriber)
        async with self._lock:
            if not self.is_known:
                self.version, _ = await self._pool.run(versions.changed_since, self.topic, 0)
                self.is_known = True
                if self._is_dirty:  # the feed spoke during the read
                    self._plan()
        if last_id.isdecimal() and int(last_id) > self.version:
            # Another process told this browser more than this one knows yet.
            await self.push()
        if last_id == str(self.version):
            return
        async with self._lock:
            if missing := subscriber.tiles - group.chunks.keys():
                group.keep(await self._draw(group, missing))
        subscriber.put(group.parcel(subscriber.tiles, group.chunks))

    def leave(self, subscriber: Subscriber) -> None:
        """Lets a stream go."""
        group = self.groups.get((subscriber.audience, subscriber.language))
        if group is not None:
            group.remove(subscriber)
            if not group.subscribers:
                del self.groups[subscriber.audience, subscriber.language]

    def heard(self, version: int) -> None:
        """The feed says that the topic is at `version`: push soon, at once when the last push is long enough ago."""
        if self.is_known and version == self.version:
            return
        self._is_dirty = True
        if self.is_known and self._timer is None and self._task is None:
            self._plan()

    def tick(self, seen_s: float, *, can_draw: bool = True) -> None:
        """Every few seconds: heartbeats, tiles that grow old by themselves, and tiles that could not be drawn.

        `seen_s` is how many seconds ago the database was last seen; without sight nothing is drawn.
        """
        # This process is alive, this is the server's time, and what the page shows was true so long ago.
        self.heartbeat = sse.event("hb", {"version": self.version, **sse.moment(seen_s, datetime.now(UTC))})
        for group in self.groups.values():
            for subscriber in group.subscribers:
                subscriber.beat()
        if can_draw and self._task is None and (old := self._grown_old() | self._failed):
            self._task = self.loop.create_task(self._run(old))

    def stop(self) -> None:
        """Ends the timer and a push under way."""
        if self._timer is not None:
            self._timer.cancel()
        if self._task is not None:
            self._task.cancel()

    def end(self) -> None:
        """Asks every stream to close: what it is about is over."""
        for group in self.groups.values():
            for subscriber in group.subscribers:
                subscriber.end()

    async def push(self, also: Iterable[str] = ()) -> None:
        """Draws what changed since the last push once for each group that shows it, and hands it out."""
        async with self._lock:
            version, changed = await self._pool.run(versions.changed_since, self.topic, self.version)
            if version < self.version:  # a restored database: nothing known here holds any more
                changed = {key for group in self.groups.values() for key in group.wanted}
            changed |= set(also)
            drawn = await self._draw_all(changed)
            # From here to the end nothing waits: a stream sees the new version and all of its bytes together.
            self.version = version
            for group in self.groups.values():
                group.hand_out(drawn.get(group, {}))

    async def _draw_all(self, changed: set[str]) -> dict[Group, dict[str, bytes]]:
        drawn: dict[Group, dict[str, bytes]] = {}
        # A stream may come in during a draw; it must not miss what it asked for.
        while todo := {
            group: keys for group in self.groups.values() if (keys := group.lacks(changed, drawn))
        }:
            answers = await asyncio.gather(*map(self._draw, todo, todo.values()))
            for group, chunks in zip(todo, answers, strict=True):
                drawn.setdefault(group, {}).update(chunks)
        return drawn

    async def _draw(self, group: Group, keys: set[str]) -> dict[str, bytes]:
        try:
            chunks, failed = await self._pool.run(
                render.draw, self.topic, keys, group.audience, group.language
            )
        except render.Ended:
            self.end()
            chunks, failed = dict.fromkeys(keys, b""), set()
        except Exception:  # no thread, no memory; the streams must go on
            logger.exception("Tiles %s of %s could not be drawn at all", sorted(keys), self.topic)
            chunks, failed = dict.fromkeys(keys, b""), keys
        self._failed = self._failed - keys | failed
        self._drawn_at.update(dict.fromkeys(keys, self.loop.time()))
        return chunks

    def _grown_old(self) -> set[str]:
        """Shown tiles with a `refresh_s` that were drawn longer ago than that."""
        wanted = {key for group in self.groups.values() for key in group.wanted}
        now = self.loop.time()
        every = {key: getattr(registry.tiles.get(key), "refresh_s", None) for key in wanted}
        return {
            key for key, seconds in every.items() if seconds and self._drawn_at.get(key, now) + seconds <= now
        }

    def _plan(self, delay: float = 0) -> None:
        wait = max(delay, self._pushed_at + limits.PUSH_INTERVAL_S - self.loop.time())
        self._timer = self.loop.call_later(max(0, wait), self._start)

    def _start(self) -> None:
        self._timer = None
        self._task = self.loop.create_task(self._run())

    async def _run(self, also: Iterable[str] = ()) -> None:
        self._is_dirty, delay = False, 0.0
        self._pushed_at = self.loop.time()
        try:
            await self.push(also)
        except Exception as error:  # the database is away: try again, heartbeats stop meanwhile
            logger.warning("Could not push %s: %s", self.topic, error)
            self._is_dirty, delay = True, 1.0
        self._task = None
        if self._is_dirty:
            self._plan(delay)
