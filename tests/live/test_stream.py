"""What a browser gets from the stream route of the real server."""

import asyncio
import json

import pytest

from tests.live.streams import stream


def address(room: int, tiles: str = "count,moody") -> str:
    """The stream of a room."""
    return f"/live/room/{room}/?tiles={tiles}"


def test_a_stream_says_hello_and_then_shows_the_tiles_as_they_are(server, room):
    server.do(facts={"count": 0})

    async def story():
        async with stream(server.port, address(room), session=server.sign_in()) as page:
            hello, snapshot = await page.event(), await page.event()
            assert page.headers["content-type"].startswith("text/event-stream")
            assert hello.name == "hello"
            assert hello.retry == 500
            assert hello.id is None, "an id before the tiles would lose them"
            assert json.loads(hello.data)["version"] == 0
            assert '<hx-partial hx-target="#tile-count" hx-swap="innerMorph">' in snapshot.data
            assert "moody staff en n=0" in snapshot.data
            assert snapshot.id == "0"

    asyncio.run(story())


def test_a_change_reaches_the_page_with_the_new_version(fed_server, room):
    async def story():
        async with stream(fed_server.port, address(room), session=fed_server.sign_in()) as page:
            await page.event("")
            fed_server.do(facts={"count": 7}, announce={f"room:{room}": ["count"]})
            message = await page.event("")
            assert "count staff en n=7" in message.data
            assert "moody" not in message.data, "only what changed is sent"
            assert message.id == "1"

    asyncio.run(story())


@pytest.mark.parametrize(
    ("last_id", "gets_tiles"), [("1", False), ("0", True), ("rubbish", True), ("99", True)]
)
def test_a_page_that_comes_back_gets_tiles_only_when_it_lacks_them(server, last_id, gets_tiles, room):
    server.do(announce={f"room:{room}": ["count"]})

    async def story():
        async with stream(server.port, address(room), session=server.sign_in(), last_id=last_id) as page:
            await page.event("hello")
            assert ((await page.event()).name == "") is gets_tiles

    asyncio.run(story())


def test_each_audience_and_language_is_drawn_once_however_many_watch(server, room):
    sessions = [
        server.sign_in("a@example.com"),
        server.sign_in("b@example.com", language="ko"),
        server.sign_in("c@example.com", side="acme", language="ko"),
    ]

    async def story():
        async with asyncio.TaskGroup() as group:
            pages = [group.create_task(opened(server, room, sessions[n % 3])) for n in range(30)]
        before = server.do()["drawn"]
        server.do(facts={"count": 1}, announce={f"room:{room}": ["count"]})
        seen = [(await page.result().event("")).data for page in pages]
        after = server.do()["drawn"]
        assert {key: after[key] - before.get(key, 0) for key in after if after[key] != before.get(key, 0)} == {
            "count staff en": 1, "count staff ko": 1, "count customer ko": 1,
        }  # fmt: skip
        assert ["count staff en" in seen[0], "count staff ko" in seen[1], "count customer ko" in seen[2]] == [
            True
        ] * 3
        assert len(set(seen)) == 3, "all who see the same get the same bytes"
        for page in pages:
            page.result().writer.close()

    asyncio.run(story())


async def opened(server, room, session, tiles="count,moody"):
    """A page that has its first tiles."""
    manager = stream(server.port, address(room, tiles), session=session)
    page = await manager.__aenter__()
    page.manager = manager
    await page.event("")
    return page


def test_a_burst_is_drawn_a_few_times_and_ends_with_the_newest(fed_server, room):
    async def story():
        page = await opened(fed_server, room, fed_server.sign_in())
        for count in range(1, 31):
            fed_server.do(facts={"count": count}, announce={f"room:{room}": ["count"]})
        messages = [await page.event("")]
        while messages[-1].id != "30":
            messages.append(await page.event(""))
        assert "n=30<" in messages[-1].data
        assert len(messages) < 30
        page.writer.close()

    asyncio.run(story())


def test_an_internal_tile_is_never_sent_to_a_customer(server, room):
    async def story():
        staff = await opened(server, room, server.sign_in(), "count,secret")
        customer = await opened(server, room, server.sign_in("c@example.com", side="acme"), "count,secret")
        server.do(facts={"count": 3}, announce={f"room:{room}": ["secret", "count"]})
        assert "secret staff" in (await staff.event("")).data
        assert "secret" not in (await customer.event("")).data
        assert not any(key.startswith("secret customer") for key in server.do()["drawn"])

    asyncio.run(story())


@pytest.mark.parametrize(
    ("path", "side", "status"),
    [
        (address(1), "", 401),
        ("/live/room/1/?tiles=count", "forged", 401),
        ("/live/room/5000/?tiles=count", "acme", 404),
        ("/live/room/77777/?tiles=count", "aws", 404),
        ("/live/nothing/1/?tiles=count", "aws", 404),
        ("/live/room/one/", "aws", 404),
        ("/live/", "aws", 404),
    ],
)
def test_who_may_not_listen_is_told_so_without_a_stream(server, path, side, status):
    session = server.sign_in(f"{side}@example.com", side=side) if side in {"aws", "acme"} else side

    async def story():
        async with stream(server.port, path, session=session) as page:
            assert page.status == status

    asyncio.run(story())


def test_after_signing_out_a_page_cannot_come_back(server, room):
    session = server.sign_in()

    async def story():
        (await opened(server, room, session)).writer.close()
        server.do(forget=session)
        async with stream(server.port, address(room), session=session, last_id="0") as page:
            assert page.status == 401

    asyncio.run(story())


def test_only_get_opens_a_stream(server, room):
    async def story():
        async with stream(server.port, address(room), session=server.sign_in(), method="POST") as page:
            assert page.status == 405

    asyncio.run(story())


def test_other_addresses_are_answered_by_django(server, room):
    async def story():
        async with stream(server.port, "/healthz") as page:
            assert page.status == 200

    asyncio.run(story())


def test_a_tile_that_cannot_be_drawn_leaves_the_others_alone_and_comes_back(server, room):
    server.do(facts={"is_broken": True})

    async def story():
        page = await opened(server, room, server.sign_in())
        server.do(facts={"count": 2}, announce={f"room:{room}": ["count", "moody"]})
        # a broken tile is tried again every now and then, so a message of its own may come between
        message = await page.message_with("count staff en n=2")
        assert "This tile could not be drawn" in message.data
        server.do(facts={"is_broken": False})
        await page.message_with("moody staff en n=2")  # tried again without an announcement
        page.writer.close()

    asyncio.run(story())
    assert "this tile is broken on purpose" in server.log.read_text()
