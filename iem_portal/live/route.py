"""The stream route in front of Django: /live/<kind>/<id>/?tiles=a,b as server-sent events.

A Django view would hold one thread and one database connection for every open page; this holds neither.
"""

import asyncio
import logging
import random
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs

from iem_portal.live import limits, sse
from iem_portal.live.admission import Refused, admit, session_key
from iem_portal.live.hub import Full, Hub
from iem_portal.live.process import allow_many_files, call_before_stop
from iem_portal.live.render import visible_tiles
from iem_portal.live.subscriber import Subscriber

logger = logging.getLogger(__name__)

PREFIX = "/live/"
_PATH = re.compile(r"/live/([a-z][a-z_]{0,30})/([0-9]{1,18})/")
_MAX_TILES = 40
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    # A proxy or middleware that compresses or buffers would swallow the stream.
    (b"content-encoding", b"identity"),
    (b"x-accel-buffering", b"no"),
    (b"vary", b"Cookie"),
    (b"x-content-type-options", b"nosniff"),
]


class LiveRoute:
    """An ASGI application: streams and the process's lifespan here, everything else in Django."""

    def __init__(self, django, *, redis_url: str = ""):
        self._django = django
        self._redis_url = redis_url
        self.hub: Hub | None = None

    async def __call__(self, scope, receive, send):
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self._answer(scope, receive, send)
        else:
            await self._django(scope, receive, send)

    async def _lifespan(self, receive, send) -> None:
        await receive()
        hub = self._started_hub()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await hub.stop()
        await send({"type": "lifespan.shutdown.complete"})

    def _started_hub(self) -> Hub:
        # A server without lifespan support gets its hub with the first stream.
        if self.hub is None:
            self.hub = Hub(self._redis_url)
            self.hub.start()
            call_before_stop(self.hub.close)
            allow_many_files()
        return self.hub

    async def _answer(self, scope, receive, send) -> None:
        hub = self._started_hub()
        headers = dict(scope["headers"])
        try:
            subscriber = await self._admitted(hub, scope, headers)
        except Refused as refused:
            await _refuse(send, refused.status)
        except Full as full:
            await _refuse(send, 429 if full.is_user else 503)
        except Exception:  # most likely the database is away; the browser comes back by itself
            logger.exception("Could not open a stream on %s", scope["path"])
            await _refuse(send, 503)
        else:
            await _stream(hub, subscriber, receive, send)

    async def _admitted(self, hub: Hub, scope, headers: dict[bytes, bytes]) -> Subscriber:
        if scope["method"] != "GET":
            raise Refused(405)
        if hub.is_closing:
            raise Refused(503)
        match = _PATH.fullmatch(scope["path"])
        if match is None:
            raise Refused(404)
        key = session_key(headers.get(b"cookie", b"").decode("latin-1"))
        if not key:
            raise Refused(401)
        kind, subject_id = match[1], int(match[2])
        admission = await hub.rights.run(admit, kind, subject_id, key)
        asked = (
            parse_qs(scope["query_string"].decode("latin-1")).get("tiles", [""])[0].split(",")[:_MAX_TILES]
        )
        return await hub.join(
            f"{kind}:{subject_id}",
            reader=admission.reader,
            audience=admission.audience,
            language=admission.language,
            ends_at=admission.ends_at,
            tiles=visible_tiles(asked, admission.audience),
            last_id=headers.get(b"last-event-id", b"").decode("latin-1"),
        )


async def _stream(hub: Hub, subscriber: Subscriber, receive, send) -> None:
    # Known before the first wait: a stream must be forgotten however it ends.
    watcher = asyncio.ensure_future(_watch_for_disconnect(receive, subscriber))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await send(
            {"type": "http.response.body", "body": _hello(subscriber, hub.last_look_s()), "more_body": True}
        )
        while not subscriber.is_ending:
            if not subscriber.has_mail():
                await subscriber.mail()
                continue
            subscriber.sending_since = hub.loop.time()
            # No wait_for here: it costs as much as the send. The hub's sweep finds slow clients.
            await send({"type": "http.response.body", "body": subscriber.take(), "more_body": True})
            subscriber.sending_since = None
        await send({"type": "http.response.body", "body": _bye()})
    finally:
        watcher.cancel()
        hub.leave(subscriber)


async def _watch_for_disconnect(receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    subscriber.end()


def _hello(subscriber: Subscriber, seen_s: float) -> bytes:
    # Without an id: the snapshot behind it carries the version, once it is complete.
    data = {"version": subscriber.watch.version, **sse.moment(seen_s, datetime.now(UTC))}
    return sse.event("hello", data, retry_ms=limits.RETRY_MS) + b"\n"


def _bye() -> bytes:
    return sse.event("bye", {}, retry_ms=random.randint(*limits.BYE_RETRY_MS)) + b"\n"


async def _refuse(send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    if status in {429, 503}:
        headers.append((b"retry-after", b"2"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
