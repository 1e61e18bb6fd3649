"""How a hub learns that a topic changed: a Redis subscription, or a look at the version rows four times a second."""

import asyncio
import logging
import random
from typing import TYPE_CHECKING

import redis.asyncio
from django.conf import settings
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from iem_portal.live import limits
from iem_portal.live.publisher import decode

if TYPE_CHECKING:
    from iem_portal.live.hub import Hub

logger = logging.getLogger(__name__)

_RECONNECT_S = (0.2, 5.0)
_PING_S = 10


async def poll(hub: "Hub") -> None:
    """Without Redis: reads the versions of the watched topics, for ever; an idle process reads nothing."""
    is_failing = False
    while True:
        await asyncio.sleep(limits.POLL_S)
        if not hub.watches:
            continue
        try:
            await hub.reread()
            is_failing = False
        except Exception as error:  # the database is away; the next look may find it
            if not is_failing:
                logger.warning("Could not read live versions, trying on: %s", error)
            is_failing = True


async def listen(hub: "Hub", url: str) -> None:
    """With Redis: one subscription for all topics, for ever. What was missed while it was away is read again."""
    delay = _RECONNECT_S[0]
    while True:
        client = redis.asyncio.Redis.from_url(
            url, socket_connect_timeout=2, socket_keepalive=True, health_check_interval=_PING_S,
            retry=Retry(NoBackoff(), 0),
        )  # fmt: skip
        try:
            async with client.pubsub(ignore_subscribe_messages=True) as subscription:
                await subscription.subscribe(settings.LIVE_CHANNEL)
                await _reread(hub)
                delay = _RECONNECT_S[0]
                while True:
                    message = await subscription.get_message(timeout=_PING_S)
                    if message is not None:
                        _hear(hub, message["data"])
        except (RedisError, OSError) as error:
            if delay == _RECONNECT_S[0]:
                logger.warning("Lost the live subscription, coming back: %s", error)
        finally:
            await _close(client)
        await _reread(hub)
        await asyncio.sleep(delay * random.uniform(0.7, 1.3))
        delay = min(delay * 2, _RECONNECT_S[1])


def _hear(hub: "Hub", data: bytes) -> None:
    try:
        topic, version = decode(data)
    except ValueError as error:
        logger.warning("%s", error)
    else:
        hub.heard(topic, version)


async def _reread(hub: "Hub") -> None:
    try:
        await hub.reread()
    except Exception as error:  # the safety timer will try again
        logger.warning("Could not read live versions: %s", error)


async def _close(client: redis.asyncio.Redis) -> None:
    try:
        await client.aclose()
    except (RedisError, OSError):
        pass
