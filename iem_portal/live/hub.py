"""How one web process keeps all its streams fresh: one feed, one timer, one draw for all who see the same."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from iem_portal import registry
from iem_portal.live import limits, versions
from iem_portal.live.feeds import listen, poll
from iem_portal.live.jobs import Pool
from iem_portal.live.subscriber import Subscriber
from iem_portal.live.watch import Watch

logger = logging.getLogger(__name__)


class Full(Exception):
    """No more streams, for this user (`is_user`) or for this process, which may be about to stop."""

    def __init__(self, *, is_user: bool):
        super().__init__("too many streams")
        self.is_user = is_user


class Hub:
    """The streams of this process. Everything runs on the event loop, except what Pool does."""

    running: ClassVar[list["Hub"]] = []

    def __init__(self, redis_url: str = ""):
        self.watches: dict[str, Watch] = {}
        self.subscribers: set[Subscriber] = set()
        self.is_closing = False
        self._redis_url = redis_url
        self._streams_of: Counter[int | str] = Counter()
        self._tasks: list[asyncio.Task] = []
        self._looked_at = 0.0

    def start(self) -> None:
        """Starts pools, feed and timers; called once, on the running loop."""
        self.loop = asyncio.get_running_loop()
        # Found now, on one thread: a look-up during another thread's first import would see half of them.
        registry.tiles.all()
        registry.topics.all()
        self._looked_at = self.loop.time()
        self.draws, self.rights, self.reads = Pool("draw", 2), Pool("rights", 2), Pool("read", 1)
        feed = listen(self, self._redis_url) if self._redis_url else poll(self)
        self._tasks = [
            self.loop.create_task(feed),
            self.loop.create_task(self._every(limits.HEARTBEAT_S, self._tick)),
            self.loop.create_task(self._every(limits.SWEEP_S, self._sweep)),
            self.loop.create_task(self._every(limits.LOOK_S, self.reread)),
        ]
        Hub.running.append(self)

    async def join(
        self,
        topic: str,
        *,
        reader: int | str,
        audience: str,
        language: str,
        tiles: frozenset[str],
        last_id: str,
        ends_at: datetime | None = None,
    ) -> Subscriber:
        """A new stream with its snapshot in the slots. Raises Full; whoever joined must leave()."""
        if self.is_closing or len(self.subscribers) >= limits.STREAMS_PER_PROCESS:
            raise Full(is_user=False)
        if self._streams_of[reader] >= limits.STREAMS_PER_USER:
            raise Full(is_user=True)
        watch = self.watches.get(topic)
        if watch is None:
            watch = self.watches[topic] = Watch(topic, self.draws)
        subscriber = Subscriber(watch, reader, audience, language, tiles, ends_at)
        subscriber.task = asyncio.current_task()
        self.subscribers.add(subscriber)
        self._streams_of[reader] += 1
        try:
            await watch.join(subscriber, last_id)
        except BaseException:
            self.leave(subscriber)
            raise
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        """Forgets a stream; the last one of a topic takes the topic's memory with it."""
        if subscriber not in self.subscribers:
            return
        self.subscribers.remove(subscriber)
        self._streams_of[subscriber.reader] -= 1
        if self._streams_of[subscriber.reader] <= 0:
            del self._streams_of[subscriber.reader]
        watch = subscriber.watch
        watch.leave(subscriber)
        if not watch.groups and self.watches.get(watch.topic) is watch:
            watch.stop()
            del self.watches[watch.topic]

    async def reread(self) -> None:
        """Looks at the versions of all watched topics: what pub/sub may lose, this finds.

        What it sees is true of the moment it began. After a time without sight every page hears at once that
        it is over.
        """
        names, began, was_blind = list(self.watches), self.loop.time(), self.is_blind()
        found = await self.reads.run(versions.read_versions, names) if names else {}
        self._looked_at = began
        for name in names:
            self.heard(name, found.get(name, 0))
        if was_blind:
            self._tick()

    def heard(self, topic: str, version: int) -> None:
        """The feed's word that a topic is at this version."""
        watch = self.watches.get(topic)
        if watch is not None:
            watch.heard(version)

    def last_look_s(self) -> float:
        """Seconds since the versions were read; safe to ask from another thread."""
        return self.loop.time() - self._looked_at

    def is_blind(self) -> bool:
        """Whether more than one look has failed or hangs: nobody knows what is in the database."""
        return self.last_look_s() > 2 * limits.LOOK_S

    def close(self) -> None:
        """Says goodbye to every stream and takes no new ones; the process is about to stop."""
        self.is_closing = True
        for subscriber in self.subscribers:
            subscriber.end()

    async def stop(self) -> None:
        """Ends timers, feed and threads."""
        self.close()
        Hub.running.remove(self)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for watch in self.watches.values():
            watch.stop()
        for pool in (self.draws, self.rights, self.reads):
            pool.stop()

    async def _every(self, seconds: float, action: Callable) -> None:
        is_failing = False
        while True:
            await asyncio.sleep(seconds)
            try:
                answer = action()
                if answer is not None:
                    await answer
                is_failing = False
            except Exception as error:  # a timer that dies would silence the process
                if not is_failing:
                    logger.warning("Live %s failed, trying on: %s", action.__name__, error)
                is_failing = True

    def _tick(self) -> None:
        # A heartbeat says until when what you see was true; it goes out without sight too, so that the page knows which
        # of the two is gone, its connection or the database.
        seen_s, is_blind = self.last_look_s(), self.is_blind()
        for watch in list(self.watches.values()):
            watch.tick(seen_s, can_draw=not is_blind)

    def _sweep(self) -> None:
        now = self.loop.time()
        for subscriber in list(self.subscribers):
            if subscriber.sending_since is not None and now - subscriber.sending_since > limits.SLOW_CLIENT_S:
                subscriber.task.cancel()
            elif now > subscriber.ends_at:
                subscriber.end()
