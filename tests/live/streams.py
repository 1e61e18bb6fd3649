"""A small client for the streams: opens one over a raw socket and reads its events one by one."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass

PATIENCE_S = 150


@dataclass
class Event:
    """One server-sent event."""

    name: str = ""
    data: str = ""
    id: str | None = None
    retry: int | None = None


class Stream:
    """An answer that is read piece by piece."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.status = 0
        self.headers: dict[str, str] = {}
        self._text = ""

    async def open(self, path, *, session="", last_id=None, method="GET"):
        """Sends the request and reads the head of the answer."""
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost"]
        lines += [f"Cookie: sessionid={session}"] if session else []
        lines += [f"Last-Event-ID: {last_id}"] if last_id is not None else []
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        async with asyncio.timeout(PATIENCE_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        self.status = int(head[0].split()[1])
        self.headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:] if line)}
        return self

    async def event(self, name: str | None = None) -> Event | None:
        """The next event (of this name, "" for a message with tiles); None when the stream has ended."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                while "\n\n" not in self._text:
                    if not (chunk := await self._chunk()):
                        return None
                    self._text += chunk
                block, _, self._text = self._text.partition("\n\n")
                event = parse(block)
                if name is None or event.name == name:
                    return event

    async def message_with(self, words: str) -> Event:
        """The next message with tiles that says this; others before it are passed over."""
        async with asyncio.timeout(PATIENCE_S):
            while message := await self.event(""):
                if words in message.data:
                    return message
        raise AssertionError(f"the stream ended without {words!r}")

    async def _chunk(self) -> str:
        try:
            size = int(await self.reader.readuntil(b"\r\n"), 16)
            return (await self.reader.readexactly(size + 2))[:-2].decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""


def parse(block: str) -> Event:
    """The fields of one event."""
    event, data = Event(), []
    for line in block.split("\n"):
        field, _, value = line.partition(": ")
        if field == "data":
            data.append(value)
        elif field == "event":
            event.name = value
        elif field == "id":
            event.id = value
        elif field == "retry":
            event.retry = int(value)
    event.data = "\n".join(data)
    return event


@asynccontextmanager
async def stream(port: int, path: str, **options):
    """An open stream, closed in the end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    try:
        yield await Stream(reader, writer).open(path, **options)
    finally:
        writer.close()
