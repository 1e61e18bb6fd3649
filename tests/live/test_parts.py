"""The parts of the live code that need no server: the wire, slots, stand-ins, styles, templates."""

import asyncio
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string

from engagements.access import Permission
from iem_portal import registry
from iem_portal.live import render, sse
from iem_portal.live.subscriber import Parcel, Subscriber
from iem_portal.live.watch import Group
from tests.live.streams import parse

STATIC = Path(__file__).resolve().parent.parent.parent / "static"


def test_a_tile_survives_the_wire_whatever_line_ends_it_has():
    wire = (sse.tile_chunk("step", "<p>a\r\nb\rc\nd</p>") + sse.end(7)).decode()
    event = parse(wire.strip())
    assert event.id == "7"
    assert (
        event.data == '<hx-partial hx-target="#tile-step" hx-swap="innerMorph"><p>a\nb\nc\nd</p></hx-partial>'
    )


def test_two_tiles_make_one_message():
    wire = sse.tile_chunk("a", "1") + sse.tile_chunk("b", "2") + sse.end(1)
    assert wire.count(b"\n\n") == 1


def test_retry_stands_in_the_block_of_its_event():
    assert sse.event("bye", {}, retry_ms=900) == b"event: bye\nretry: 900\ndata: {}\n"


def test_a_slow_stream_keeps_only_the_newest_of_each_tile():
    async def story():
        watch = SimpleNamespace(version=9, heartbeat=sse.event("hb", {}), loop=asyncio.get_running_loop())
        slow = Subscriber(watch, 1, "staff", "en", frozenset({"a", "b"}))
        slow.put(Parcel({"a": b"data: old\n", "b": b"data: b\n"}))
        slow.put(Parcel({"a": b"data: new\n"}))
        slow.beat()
        assert slow.take() == b"data: new\ndata: b\nid: 9\n\nevent: hb\ndata: {}\nid: 9\n\n"
        assert not slow.has_mail()

    asyncio.run(story())


class Shown:
    """A stream that shows one tile."""

    def __init__(self, key):
        self.tiles = frozenset({key})

    def put(self, parcel):
        self.parcel = parcel


def test_bytes_of_a_tile_that_nobody_shows_any_more_are_not_kept():
    group = Group("staff", "en")
    one, other = Shown("a"), Shown("b")
    group.add(one)
    group.add(other)
    group.remove(other)
    group.hand_out({"a": b"1", "b": b"drawn while the last page that shows it left"})
    assert group.chunks == {"a": b"1"}
    group.remove(one)
    assert group.chunks == {}


class Fine:
    key, audiences = "fine", ("staff",)

    def render(self, subject_id, *, audience, now):
        return f"fine {subject_id} <b>"


class Broken(Fine):
    key = "broken"

    def render(self, subject_id, *, audience, now):
        raise LookupError("no such thing")


def test_a_broken_tile_is_drawn_as_a_visible_stand_in_in_the_readers_language():
    with registry.tiles.temporarily(Fine()), registry.tiles.temporarily(Broken()):
        chunks, failed = render.draw("engagement:3", ["broken", "fine"], "staff", "en")
    assert failed == {"broken"}
    assert b"This tile could not be drawn" in chunks["broken"]
    assert b"fine 3 &lt;b&gt;" in chunks["fine"], "plain text of a tile is escaped"


def test_only_tiles_that_exist_for_the_audience_are_shown():
    with registry.tiles.temporarily(Fine()):
        assert render.visible_tiles(["fine", "gone", "fine", ""], "staff") == {"fine"}
        assert render.visible_tiles(["fine"], "customer") == frozenset()


@pytest.mark.parametrize("permission", Permission)
def test_what_a_person_may_not_do_is_hidden(permission):
    css = (STATIC / "css" / "live.css").read_text()
    assert f'body:not([data-can~="{permission}"]) [data-needs~="{permission}"]' in css


def test_the_stream_element_names_its_address_and_carries_the_settings_that_were_tested():
    html = render_to_string("live/_stream.html", {"topic": "engagement:12", "tiles": "clock, step"})
    assert 'hx-sse:connect="/live/engagement/12/?tiles=clock,step"' in html
    assert 'hx-trigger="load, every 5s"' in html
    assert "sse.connectTimeout:5s sse.reconnectMaxDelay:5s" in html
    assert 'id="live-banner"' in html
    assert 'id="live-say"' in html


@pytest.mark.parametrize(
    "path", [*sorted(STATIC.glob("js/live*/*.js")), STATIC / "js" / "live.js"], ids=lambda p: p.name
)
def test_the_scripts_need_no_eval_and_write_no_html(path):
    assert not re.search(
        r"\beval\b|new Function|innerHTML|insertAdjacentHTML|setAttribute\(.style", path.read_text()
    )
