"""The HTTP server of the simulated AWS: loopback only, a thread per connection, HTTP/1.1 with keep-alive.

The standard library's server is used directly: werkzeug's closes every connection, which is not how AWS behaves,
and the fault layer needs the socket itself for resets, cuts and drips.
"""

from __future__ import annotations

import socket
import struct
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from .app import Simulator
from .wire import Reply, Request

HOST = "127.0.0.1"
DRIPS = 10


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server_version = "SimulatedAWS"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = 64 * 1024
    simulator: Simulator

    def handle_any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = Request(self.command, parts.path, parts.query, headers, self.rfile.read(length))
        self._send(self.simulator.answer(request))

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = do_PATCH = handle_any

    def _send(self, reply: Reply) -> None:
        if reply.wait_s:
            time.sleep(reply.wait_s)
        if reply.is_reset:
            self._reset()
            return
        self.send_response_only(reply.status)
        self.send_header("Server", self.version_string())
        # A fault may say another time; what a service behind us says is the time of this machine anyway.
        self.send_header("Date", reply.headers.get("Date") or self.date_time_string())
        for name, value in reply.headers.items():
            if name.lower() not in ("content-length", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        if self.command == "HEAD":
            return
        if reply.cut_after is not None:
            self.wfile.write(reply.body[: reply.cut_after])
            self.wfile.flush()
            self._reset()
        elif reply.drip_s:
            self._drip(reply)
        else:
            self.wfile.write(reply.body)

    def _drip(self, reply: Reply) -> None:
        step = len(reply.body) // DRIPS + 1
        for start in range(0, len(reply.body), step):
            time.sleep(reply.drip_s)
            self.wfile.write(reply.body[start : start + step])
            self.wfile.flush()

    def _reset(self) -> None:
        """A true TCP reset: a plain close would leave the client waiting for its timeout."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            pass  # the client went away, or a fault closed the socket

    def handle(self) -> None:
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ValueError):
            pass  # ValueError: flush of a socket that a fault has closed

    def log_message(self, format: str, *args: object) -> None:
        """The ledger is the log."""


class Server(ThreadingHTTPServer):
    """Threads die with the process; many clients may knock at once."""

    daemon_threads = True
    request_queue_size = 128
    allow_reuse_address = True


def serve(simulator: Simulator, port: int) -> Server:
    """A server bound to the loopback address, not yet answering (call `serve_forever`)."""
    handler = type("BoundHandler", (Handler,), {"simulator": simulator})
    return Server((HOST, port), handler)
