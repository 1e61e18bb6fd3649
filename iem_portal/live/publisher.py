"""How the names of changed tiles reach the web processes at once; failing to say so never fails the write."""

import json
import logging
import time
from functools import cache

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from iem_portal.live.versions import Raised

_TIMEOUT_S = 1.0
# A broker that does not answer may cost one writer a second, not every writer: the hubs re-read anyway.
_PAUSE_AFTER_FAILURE_S = 5.0

logger = logging.getLogger(__name__)
_paused_until = 0.0


def publish(raised: list[Raised]) -> None:
    """Publishes topic, version and tile names (never HTML) when there is a Redis; runs after the commit."""
    global _paused_until
    if not settings.REDIS_URL or time.monotonic() < _paused_until:
        return
    try:
        with _client(settings.REDIS_URL).pipeline(transaction=False) as pipeline:
            for item in raised:
                pipeline.publish(settings.LIVE_CHANNEL, encode(item))
            pipeline.execute()
    except (RedisError, OSError) as error:
        _paused_until = time.monotonic() + _PAUSE_AFTER_FAILURE_S
        logger.warning("Could not publish %d live change(s), browsers see them later: %s", len(raised), error)


def encode(item: Raised) -> str:
    """One announcement on the wire."""
    return json.dumps(
        {"topic": item.topic, "version": item.version, "tiles": item.tiles}, separators=(",", ":")
    )


def decode(data: bytes | str) -> tuple[str, int]:
    """Topic and version of an announcement; raises ValueError when the message is not one."""
    try:
        message = json.loads(data)
        return str(message["topic"]), int(message["version"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"not an announcement: {data!r}") from error


@cache
def _client(url: str) -> redis.Redis:
    # redis-py retries with pauses of seconds by default; a writer must not wait for that.
    return redis.Redis.from_url(
        url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S, retry=Retry(NoBackoff(), 0)
    )
