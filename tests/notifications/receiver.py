"""Somebody else's system over real HTTP: keeps what it was sent, answers as it is told."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Receiver:
    """`got` holds (path, headers, body); `answers` are used up one by one, then 200 "ok"."""

    port: int = 0
    got: list = field(default_factory=list)
    answers: deque = field(default_factory=deque)
    #: Requests wait for it before they are answered.
    gate: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/in") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def json(self, place: int = -1):
        return json.loads(self.got[place][2])


def start() -> tuple[Receiver, ThreadingHTTPServer]:
    """A receiver on a free port, in a thread."""
    receiver = Receiver()
    receiver.gate.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.got.append((self.path, dict(self.headers), body))
            receiver.gate.wait(20)
            status, headers, text = receiver.answers.popleft() if receiver.answers else (200, {}, "ok")
            self.send_response_only(status)
            for name, value in {"Content-Length": str(len(text)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    return receiver, server
