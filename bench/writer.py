"""The process that changes things while a benchmark watches: announces, or feeds the floor, when told to.

Reads lines on standard input: "product TOPIC", "floor PORT VERSION", "seed USERS",
"admit TOPIC SESSION"; answers one JSON line each.
"""

import json
import socket
import statistics
import sys
import time
from datetime import UTC, datetime

import django

django.setup()

import redis  # noqa: E402
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402

from bench.floor import CHANNEL  # noqa: E402
from iem_portal.live import announce, publisher  # noqa: E402
from iem_portal.live.admission import admit  # noqa: E402
from iem_portal.live.versions import read_versions  # noqa: E402
from tests import factories  # noqa: E402


def seed(users: int) -> dict:
    """One engagement with members, each signed in; answers its topic and the session keys."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    engagement = factories.engagement(now=datetime.now(UTC))
    sessions = []
    for _ in range(users):
        user, session = factories.member(engagement, "customer_contributor"), SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        sessions.append(session.session_key)
    return {"topic": f"engagement:{engagement.pk}", "sessions": sessions}


def product(topic: str) -> dict:
    """One announcement. `at` is taken after the commit, just before the publish; `cost_s` is the whole call."""
    started = time.monotonic()
    announce(topic, "bench")
    return {
        "at": _published_at[-1],
        "cost_s": time.monotonic() - started,
        "version": read_versions([topic])[topic],
    }


_published_at: list[float] = []
_publish = publisher.publish


def _stamped(raised) -> None:
    _published_at.append(time.monotonic())
    _publish(raised)


def floor(port: int, version: int) -> dict:
    """One event for the floor, by Redis or by datagram."""
    data = json.dumps({"topic": "engagement:1", "version": version, "tiles": ["bench"]})
    at = time.monotonic()
    if settings.REDIS_URL:
        _redis.publish(CHANNEL, data)
    else:
        _datagrams.sendto(data.encode(), ("127.0.0.1", port))
    return {"at": at, "version": version}


_redis = redis.Redis.from_url(settings.REDIS_URL) if settings.REDIS_URL else None
_datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def admission(topic: str, session: str) -> dict:
    """What the check of session, user and right costs by itself: CPU milliseconds, median of 100."""
    kind, _, subject_id = topic.partition(":")
    costs = []
    for _ in range(100):
        started = time.process_time()
        admit(kind, int(subject_id), session)
        costs.append(time.process_time() - started)
    return {"ms": statistics.median(costs) * 1000}


def obey(line: str) -> dict:
    """Does what one line says."""
    verb, *words = line.split()
    if verb == "seed":
        return seed(int(words[0]))
    if verb == "product":
        return product(words[0])
    if verb == "admit":
        return admission(*words)
    return floor(int(words[0]), int(words[1]))


if __name__ == "__main__":
    # The announcement looks the function up when it is called, so the stamp stands right before the wire.
    sys.modules["iem_portal.live.announce"].publish = _stamped
    for order in sys.stdin:
        print(json.dumps(obey(order)), flush=True)
