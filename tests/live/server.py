"""The product's ASGI application with a topic and tiles of the test's own, and a door to act inside the process.

Run by uvicorn in a process of its own: tests.live.server:application.
"""

import asyncio
import gc
import json
import os
import threading
from collections import Counter
from datetime import timedelta

import django

from iem_portal.live import limits

django.setup()

limits.HEARTBEAT_S = float(os.environ.get("TEST_HEARTBEAT_S", "0.3"))
limits.LOOK_S = float(os.environ.get("TEST_LOOK_S", "0.4"))
limits.LIFETIME_S = float(os.environ.get("TEST_LIFETIME_S", "600"))
limits.SLOW_CLIENT_S = float(os.environ.get("TEST_SLOW_CLIENT_S", "20"))
limits.SWEEP_S = float(os.environ.get("TEST_SWEEP_S", "0.2"))
limits.STREAMS_PER_USER = int(os.environ.get("TEST_STREAMS_PER_USER", "1000"))

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.template import Context, Template  # noqa: E402
from django.utils.safestring import mark_safe  # noqa: E402
from django.utils.translation import get_language  # noqa: E402

from iem_portal.accounts.models import Customer, User  # noqa: E402
from iem_portal.asgi import application as product  # noqa: E402
from iem_portal.live import announce_many  # noqa: E402
from iem_portal.registry import tiles, topics  # noqa: E402

drawn: Counter[str] = Counter()
facts = {"count": 0, "is_broken": False, "is_away": False, "padding": 0}


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
        html = f'<b id="{self.key}">{self.key} {audience} {get_language()} n={facts["count"]}</b>'
        return mark_safe(html + "x" * facts["padding"])


@tiles.register
class Form(Tile):
    """Something to type into, to open and to scroll while pushes arrive; and one of each ticker."""

    key = "form"

    def render(self, subject_id, *, audience, now):
        iso = {
            name: (now + timedelta(seconds=s)).isoformat()
            for name, s in {"old": -40, "soon": 50, "t0": -8077, "from": -276, "to": 312}.items()
        }
        rows = "".join(f'<li id="row-{n}">row {n} n={facts["count"]}</li>' for n in range(60))
        return mark_safe(
            f'<label>Text <input id="text"></label><label>Area <textarea id="area"></textarea></label>'
            f'<details id="more"><summary>More</summary>inside</details>'
            f'<ul id="rows">{rows}</ul>'
            f'<p data-stales id="stales"><span id="age" data-age-of="{iso["old"]}" data-stale-after="30"></span></p>'
            f'<b id="left" data-countdown-to="{iso["soon"]}"></b><b id="since" data-count-from="{iso["t0"]}"></b>'
            f'<div class="sla" id="sla" aria-label="First answer" data-sla-from="{iso["from"]}" '
            f'data-sla-to="{iso["to"]}"><svg><rect data-drain width="1"/></svg>'
            '<i data-when="ok" id="w-ok">On time</i><i data-when="watch" id="w-watch">Due soon</i></div>'
            '<button id="step" data-needs="run_steps">Done</button><button id="see" data-needs="view">See</button>'
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


PAGE = """{% load static %}<!doctype html><html lang="en"><head><title>Room</title>
{% include "live/_htmx_config.html" %}
<link rel="stylesheet" href="{% static 'css/tokens.css' %}">
<link rel="stylesheet" href="{% static 'css/base.css' %}">
<link rel="stylesheet" href="{% static 'css/components.css' %}">
<link rel="stylesheet" href="{% static 'css/live.css' %}">
<script src="{% static 'vendor/htmx/htmx.min.js' %}"></script>
<script src="{% static 'vendor/htmx/ext/hx-sse.min.js' %}" defer></script>
<script src="{% static 'js/live.js' %}" type="module"></script></head>
<body data-can="view"><main>{% include "live/_stream.html" with topic="room:1" tiles="form,count" %}
{% include "live/_conn.html" %}<div class="live-tile" id="tile-form"></div><div class="live-tile" id="tile-count"></div>
</main></body></html>"""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


async def page(send):
    """A page as the product makes them, small enough for the browser tests."""
    html = await asyncio.to_thread(lambda: Template(PAGE).render(Context()))
    headers = [(b"content-type", b"text/html; charset=utf-8"), (b"content-security-policy", POLICY.encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": html.encode()})


_door = asyncio.Lock()


async def application(scope, receive, send):
    """The door at /test, and the product everywhere else."""
    if scope["type"] == "http" and scope["path"] == "/page":
        await page(send)
        return
    if scope["type"] == "http" and scope["path"].startswith("/live/") and facts["is_away"]:
        await send(
            {"type": "http.response.start", "status": 503, "headers": [(b"content-type", b"text/html")]}
        )
        await send({"type": "http.response.body", "body": b"<h1>503</h1>"})
        return
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
