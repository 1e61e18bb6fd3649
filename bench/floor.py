"""The floor under every live figure: the least a Python server can do. One subscription in, N bare sockets out.

No HTTP parsing, no sessions, no Django: a uvloop protocol that writes the same bytes to every socket.
Run as: python -m bench.floor PORT REDIS_URL (or "-" to be fed by datagrams on the same port).
"""

import asyncio
import json
import sys

import redis.asyncio
import uvloop

CHANNEL = "iem:bench:floor"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nevent: hello\ndata: {}\nid: 0\n\n"
PAYLOAD = "x" * 2000
transports: set[asyncio.Transport] = set()


class Viewer(asyncio.Protocol):
    """One open stream: answers the request once, then only listens for the end."""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(HEAD)
        transports.add(self.transport)

    def connection_lost(self, error):
        transports.discard(self.transport)


class Datagrams(asyncio.DatagramProtocol):
    """The feed where there is no Redis."""

    def datagram_received(self, data, address):
        fan_out(data)


def fan_out(data: bytes) -> None:
    """Writes one event of 2 kB to every socket."""
    message = f"data: {PAYLOAD}\nid: {json.loads(data)['version']}\n\n".encode()
    for transport in transports:
        transport.write(message)


async def serve(port: int, url: str) -> None:
    """Listens until it is killed."""
    loop = asyncio.get_running_loop()
    await loop.create_server(Viewer, "127.0.0.1", port, backlog=4096)
    if url == "-":
        await loop.create_datagram_endpoint(Datagrams, local_addr=("127.0.0.1", port))
        await asyncio.Event().wait()
    subscription = redis.asyncio.Redis.from_url(url).pubsub(ignore_subscribe_messages=True)
    await subscription.subscribe(CHANNEL)
    while True:
        if message := await subscription.get_message(timeout=60):
            fan_out(message["data"])


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2]))
