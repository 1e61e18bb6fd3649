"""Somebody else's system: takes messages over HTTP, remembers every one, and drops what it has under the same key.

It is slow now and then, and sometimes hangs up after it has taken a message, as such systems do.
"""

from __future__ import annotations

import json
import random
import threading
import time
import urllib.request
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST_THOUGHT_S = 0.03
HANGS_UP = 0.02


class Memory:
    """What has come: how often under each key, which facts were told under it, and what was taken as new."""

    def __init__(self, seed: int):
        self.lock, self.random = threading.Lock(), random.Random(seed)
        self.arrivals: Counter[str] = Counter()
        self.facts: dict[str, str] = {}
        self.accepted = self.contradictions = self.hang_ups = 0

    def take(self, key: str, fact: str) -> tuple[float, bool]:
        """Remember one; how long to think, and whether to hang up without an answer."""
        with self.lock:
            self.arrivals[key] += 1
            if self.arrivals[key] == 1:
                self.accepted += 1
                self.facts[key] = fact
            elif self.facts[key] != fact:
                self.contradictions += 1
            is_rude = self.arrivals[key] == 1 and self.random.random() < HANGS_UP
            self.hang_ups += is_rude
            return self.random.uniform(0, LONGEST_THOUGHT_S), is_rude

    def told(self) -> bytes:
        """Everything, as JSON."""
        with self.lock:
            names = ("arrivals", "accepted", "contradictions", "hang_ups")
            return json.dumps({name: getattr(self, name) for name in names}).encode()


def serve(server: ThreadingHTTPServer, seed: int) -> None:
    """Answer until killed."""
    memory = Memory(seed)

    class Handler(BaseHTTPRequestHandler):
        """POST takes a message, GET tells what has come."""

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fact = json.dumps([body["type"], body["params"]], sort_keys=True)
            thought_s, is_rude = memory.take(self.headers["Idempotency-Key"], fact)
            time.sleep(thought_s)
            if is_rude:
                self.close_connection = True
                return
            self._answer(b"{}")

        def do_GET(self) -> None:
            self._answer(memory.told())

        def _answer(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words) -> None:
            """Nothing is printed."""

    server.RequestHandlerClass = Handler
    server.serve_forever()


def listening() -> ThreadingHTTPServer:
    """A server on a free port of this machine, for a child to `serve`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    return server


def seen(port: int) -> dict:
    """What the receiver remembers."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as answer:
        return json.load(answer)
