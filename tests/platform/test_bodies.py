"""Is a request that sends too much stopped before it fills memory or disk?"""

import asyncio

from iem_portal.bodies import BodyLimit


def ask(bodies, *, announced=None, longest=10, path="/"):
    """The status sent, and the messages the application behind the limit received."""
    received, sent, waiting = [], [], list(bodies)

    async def application(scope, receive, send):
        while not received or received[-1].get("more_body"):
            received.append(await receive())

    async def receive():
        body = waiting.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    headers = [] if announced is None else [(b"content-length", announced)]
    scope = {"type": "http", "headers": headers, "path": path}
    asyncio.run(BodyLimit(application, longest, {"/e/[^/]+/import/": 20})(scope, receive, send))
    return (sent[0]["status"] if sent else None), [message["type"] for message in received]


def test_a_body_within_the_limit_passes():
    assert ask([b"12345", b"67890"], announced=b"10") == (None, ["http.request", "http.request"])


def test_a_body_that_says_it_is_too_long_is_refused_unread():
    assert ask([b"x"], announced=b"11") == (413, [])


def test_a_body_that_grows_too_long_is_refused_when_it_is():
    assert ask([b"12345", b"67890", b"1", b"2"]) == (413, ["http.request", "http.request", "http.disconnect"])


def test_an_address_that_takes_files_has_a_limit_of_its_own():
    assert ask([b"x" * 15], announced=b"15", path="/e/IEM-1/import/")[0] is None
    assert ask([b"x"], announced=b"21", path="/e/IEM-1/import/") == (413, [])
    assert ask([b"x"], announced=b"15", path="/e/IEM-1/import/x") == (413, [])
