"""The product's ASGI application with a topic and tiles of the test's own, and a door to act inside the process.

Run by uvicorn in a process of its own: tests.live.server:application.
"""

import asyncio
import gc
import json
import os
import threading
from collections import Counter

import django

from iem_portal.live import limits

django.setup()

limits.HEARTBEAT_S = float(os.environ.get("TEST_HEARTBEAT_S", "0.3"))
limits.LIFETIME_S = float(os.environ.get("TEST_LIFETIME_S", "600"))
limits.STREAMS_PER_USER = int(os.environ.get("TEST_STREAMS_PER_USER", "1000"))

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.utils.translation import get_language  # noqa: E402

from iem_portal.accounts.models import Customer, User  # noqa: E402
from iem_portal.asgi import application as product  # noqa: E402
from iem_portal.live import announce_many  # noqa: E402
from iem_portal.registry import tiles, topics  # noqa: E402

drawn: Counter[str] = Counter()
facts = {"count": 0, "is_broken": False, "pad": 0}


@topics.register
class Room:
    """Rooms up to 9999 exist; AWS's side is staff there, customers see those below 5000 only."""

    key = "room"

    def audience_for(self, user, room_id):
        if user.is_aws:
            return "staff" if room_id < 10_000 else None
        return "customer" if room_id < 5000 else None


class Tile:
    audiences = ("staff", "customer")

    def render(self, subject_id, *, audience, now):
        drawn[f"{self.key} {audience} {get_language()}"] += 1
        if self.key == "moody" and facts["is_broken"]:
            raise RuntimeError("this tile is broken on purpose")
        return (
            f'<b id="{self.key}">{self.key} {audience} {get_language()} n={facts["count"]}</b>'
            + "x" * facts["pad"]
        )


for name, audiences in {"count": None, "moody": None, "secret": ("staff",)}.items():
    members = {"key": name} | ({"audiences": audiences} if audiences else {})
    tiles.register(type(name.title(), (Tile,), members))


def sign_in(*, email, side="aws", language="en"):
    """A user and a session; answers the session key."""
    customer = None
    if side != "aws":
        customer, _ = Customer.objects.get_or_create(slug=side, defaults={"name": side})
    user = User.objects.filter(email=email).first() or User.objects.create_user(
        email, name=email, language=language, customer=customer
    )
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


def act(order: dict):
    """What a test asks of this process."""
    facts.update(order.get("facts", {}))
    if "announce" in order:
        announce_many(order["announce"])
    if "forget" in order:
        SessionStore(order["forget"]).delete()
    answer = {"session": sign_in(**order["sign_in"])} if "sign_in" in order else {}
    connections.close_all()
    return answer


def state():
    """What can be counted from inside."""
    open_connections = [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, BaseDatabaseWrapper) and thing.connection is not None
    ]
    hub = product.hub
    return {
        "drawn": dict(drawn),
        "threads": threading.active_count(),
        "connections": len(open_connections),
        "streams": len(hub.subscribers) if hub else 0,
        "topics": sorted(hub.watches) if hub else [],
    }


_door = asyncio.Lock()


async def application(scope, receive, send):
    """The door at /test, and the product everywhere else."""
    if scope["type"] != "http" or scope["path"] != "/test":
        await product(scope, receive, send)
        return
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    async with _door:
        answer = await asyncio.to_thread(act, json.loads(body or "{}"))
    answer |= state()
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]}
    )
    await send({"type": "http.response.body", "body": json.dumps(answer).encode()})
