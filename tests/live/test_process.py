"""How the process behaves around its streams: heartbeats, limits, threads, connections, the end."""

import asyncio
import json
import shutil
import socket
import subprocess
from types import SimpleNamespace

import pytest

from iem_portal.live import limits
from iem_portal.live.hub import Hub
from tests.live.conftest import unreadable
from tests.live.streams import PATIENCE_S, stream
from tests.live.test_stream import address, opened


def test_heartbeats_carry_the_version_and_the_server_time(server, room):
    async def story():
        page = await opened(server, room, server.sign_in())
        server.do(announce={f"room:{room}": ["count"]})
        await page.event("")
        beat = await page.event("hb")
        assert beat.id == "1"
        assert set(json.loads(beat.data)) == {"version", "now", "seen_s"}
        page.writer.close()

    asyncio.run(story())


def test_a_stop_says_goodbye_to_every_stream_and_ends_the_process(start_server, feed, room):
    server = start_server(**feed)

    async def story():
        session = server.sign_in()
        pages = [await opened(server, room, session) for _ in range(20)]
        server.stop()
        for page in pages:
            goodbye = await page.event("bye")
            assert 500 <= goodbye.retry <= 3000
            assert await page.event() is None

    asyncio.run(story())
    assert server.process.wait(PATIENCE_S) in {0, -15}


def test_a_stream_ends_after_its_lifetime_so_that_rights_are_checked_again(start_server, room):
    server = start_server(TEST_LIFETIME_S="0.1")

    async def story():
        page = await opened(server, room, server.sign_in())
        assert (await page.event("bye")).name == "bye"

    asyncio.run(story())


def test_one_person_cannot_take_all_streams(start_server, room):
    server = start_server(TEST_STREAMS_PER_USER="2")

    async def story():
        session = server.sign_in()
        pages = [await opened(server, room, session) for _ in range(2)]
        async with stream(server.port, address(room), session=session) as third:
            assert third.status == 429
        pages.pop().writer.close()
        other = await opened(server, room, server.sign_in("other@example.com"))
        other.writer.close()

    asyncio.run(story())


def test_threads_and_connections_are_the_same_for_ten_and_for_two_hundred(fed_server, room):
    async def story():
        session = fed_server.sign_in()
        idle = fed_server.do()["streams"]
        pages = await asyncio.gather(*[opened(fed_server, room, session) for _ in range(10)])
        for count in range(3):
            fed_server.do(facts={"count": count}, announce={f"room:{room}": ["count"]})
            await pages[0].event("")
        few = fed_server.do()
        pages += await asyncio.gather(*[opened(fed_server, room, session) for _ in range(190)])
        fed_server.do(facts={"count": 9}, announce={f"room:{room}": ["count"]})
        for page in pages[10:]:
            assert "n=9<" in (await page.event("")).data
        many = fed_server.do()
        assert many["streams"] - idle == 200
        assert (many["threads"], many["connections"]) == (few["threads"], few["connections"])
        for page in pages:
            page.writer.close()

    asyncio.run(story())


def test_a_page_that_never_reads_is_given_up_and_the_others_go_on(start_server, room):
    server = start_server(TEST_SLOW_CLIENT_S="0.5")
    session = server.sign_in()

    async def story():
        reading, deaf = await opened(server, room, session), await opened(server, room, session)
        deaf.writer.transport.pause_reading()
        count = 0
        while server.do()["streams"] == 2:
            count += 1
            server.do(facts={"count": count, "padding": 4_000_000}, announce={f"room:{room}": ["count"]})
            assert f"n={count}<" in (await reading.event("")).data
        assert await reading.event("hb") is not None

    asyncio.run(story())


@pytest.mark.skipif(not shutil.which("redis-server"), reason="needs a redis-server to stop and start")
def test_what_changes_while_redis_is_away_arrives_all_the_same(start_server, room, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    redis = start_redis(port, tmp_path)
    server = start_server(REDIS_URL=f"redis://127.0.0.1:{port}/0")

    async def story():
        page = await opened(server, room, server.sign_in())
        redis.kill()
        redis.wait()
        server.do(facts={"count": 1}, announce={f"room:{room}": ["count"]})
        assert "n=1<" in (await page.event("")).data, "found by reading again"
        again = start_redis(port, tmp_path)
        server.do(facts={"count": 2}, announce={f"room:{room}": ["count"]})
        assert "n=2<" in (await page.event("")).data
        again.kill()
        again.wait()

    asyncio.run(story())


def start_redis(port, folder):
    """A Redis of the test's own."""
    command = ["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def test_heartbeats_say_how_long_the_database_is_away_and_at_once_that_it_is_back(fed_server, room):
    async def story():
        page = await opened(fed_server, room, fed_server.sign_in())
        with unreadable(fed_server.folder):
            while json.loads((await page.event("hb")).data)["seen_s"] < 2:
                pass
        fed_server.do(facts={"count": 5}, announce={f"room:{room}": ["count"]})
        assert "n=5<" in (await page.event("")).data
        while json.loads((await page.event("hb")).data)["seen_s"] > 1:
            pass
        page.writer.close()

    asyncio.run(story())


def test_without_sight_of_the_database_nothing_is_drawn_and_every_page_hears_when_it_is_back():
    class Watched:
        def tick(self, seen_s, *, can_draw):
            ticks.append((seen_s, can_draw))

        def heard(self, version):
            pass

    async def look(*_):
        return {}

    ticks, hub = [], Hub()
    hub.watches["room:1"], hub.reads = Watched(), SimpleNamespace(run=look)
    hub.loop = SimpleNamespace(time=lambda: 2 * limits.LOOK_S + 1)
    hub._tick()
    asyncio.run(hub.reread())
    asyncio.run(hub.reread())
    assert ticks == [(2 * limits.LOOK_S + 1, False), (0, True)]


def test_the_last_page_of_a_topic_takes_the_topic_out_of_memory(server, room):
    async def story():
        page = await opened(server, room, server.sign_in())
        assert f"room:{room}" in server.do()["topics"]
        page.writer.close()
        async with stream(server.port, address(4999), session=server.sign_in()) as other:
            while f"room:{room}" in server.do()["topics"]:
                await other.event("hb")

    asyncio.run(story())


def test_two_processes_tell_a_page_the_same_version(start_server, feed, room):
    first, second = start_server(**feed), start_server(**feed)

    async def story():
        page = await opened(first, room, first.sign_in())
        second.do(facts={"count": 4}, announce={f"room:{room}": ["count"]})
        message = await page.event("")
        assert message.id == "1"
        page.writer.close()
        async with stream(second.port, address(room), session=first.sign_in(), last_id=message.id) as again:
            assert [(await again.event()).name for _ in range(2)] == ["hello", "hb"]

    asyncio.run(story())
