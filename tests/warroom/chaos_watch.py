"""Who looks at the board during chaos: a stream client that reckons as the page does, and a page in Chromium."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Error

SCRIPTS = Path(__file__).resolve().parents[2] / "static/js/live"
#: The page's own limits, from its own source.
STALE_S, CUT_S = (
    int(re.search(rf"const {name} = (\d+);", (SCRIPTS / "connection.js").read_text())[1]) / 1000
    for name in ("STALE_MS", "CUT_MS")
)
PULSE = re.compile(r'data-age-of="([^"]+)" data-stale-after="(\d+)"')
NOTE = re.compile(r"note-[0-9a-f]{10}")
#: As htmx does: from the retry the server names to the longest that the page allows.
FIRST_RETRY_S, LONGEST_RETRY_S = 0.5, 5.0
EACH_S = 0.1


class Look:
    """What the board says from one moment on: stale as a whole, AWS not read; monotonic seconds."""

    def __init__(self, at: float, is_stale: bool, is_unread: bool):
        self.at, self.is_stale, self.is_unread = at, is_stale, is_unread

    @property
    def is_warning(self) -> bool:
        """Whether somebody who looks knows that something stands still."""
        return self.is_stale or self.is_unread


class StreamClient:
    """A browser without a browser: keeps one stream, comes back when it ends, and notes what it would show."""

    def __init__(self, port: int, path: str, session: str):
        self.port, self.path, self.session = port, path, session
        self.looks: list[Look] = []
        self.notes: dict[str, float] = {}
        self.answers: Counter[int] = Counter()
        self.true_at, self.pulse_at, self.pulse_limit_s = float("-inf"), 0.0, 0.0
        self._last_id = ""
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._stay, self._judge)]

    def __enter__(self) -> StreamClient:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()

    def is_current(self, since: float) -> bool:
        """Whether it warns of nothing, and a round of AWS and somebody's new note came after `since` (monotonic)."""
        is_read = self.pulse_at > time.time() - (time.monotonic() - since)
        return not self.now().is_warning and is_read and any(at >= since for at in [*self.notes.values()])

    def now(self) -> Look:
        """What it shows."""
        is_unread = bool(self.pulse_at) and time.time() - self.pulse_at > self.pulse_limit_s
        return Look(time.monotonic(), time.monotonic() - self.true_at > STALE_S, is_unread)

    def _judge(self) -> None:
        while not self._stop.wait(EACH_S):
            seen, before = self.now(), self.looks[-1] if self.looks else None
            if before is None or (seen.is_stale, seen.is_unread) != (before.is_stale, before.is_unread):
                self.looks.append(seen)

    def _stay(self) -> None:
        delay = FIRST_RETRY_S
        while not self._stop.is_set():
            try:
                delay = self._connected() or delay
            except (OSError, http.client.HTTPException):
                pass
            self._stop.wait(delay * random.uniform(0.7, 1.0))
            delay = min(delay * 2, LONGEST_RETRY_S)

    def _connected(self) -> float | None:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LONGEST_RETRY_S)
        last = {"Last-Event-ID": self._last_id} if self._last_id else {}
        wire.request("GET", self.path, headers={"Cookie": f"sessionid={self.session}", **last})
        answer = wire.getresponse()
        self.answers[answer.status] += 1
        if answer.status != 200:
            return None
        wire.sock.settimeout(CUT_S)
        name, data = "", []
        while (line := answer.readline()) and not self._stop.is_set():
            field, _, value = line.decode().rstrip("\n").partition(": ")
            if field == "event":
                name = value
            elif field == "data":
                data.append(value)
            elif field == "id":
                self._last_id = value
            elif not field:
                self._hear(name, "\n".join(data))
                name, data = "", []
        wire.close()
        return FIRST_RETRY_S

    def _hear(self, name: str, data: str) -> None:
        at = time.monotonic()
        if name in ("hello", "hb"):
            self.true_at = at - json.loads(data)["seen_s"]
        elif not name:
            for note in NOTE.findall(data):
                self.notes.setdefault(note, at)
            tile = data.partition('hx-target="#tile-pulse"')[2].partition("</hx-partial>")[0]
            if found := PULSE.search(tile):
                self.pulse_at = datetime.fromisoformat(found[1]).timestamp()
                self.pulse_limit_s = float(found[2])


LOG = """addEventListener("DOMContentLoaded", () => setInterval(() => {
  if (document.hidden) return;
  const log = JSON.parse(localStorage.getItem("looks") || "[]");
  const look = [document.body.classList.contains("live-stale"), !!document.querySelector("#tile-pulse .is-old")];
  const last = log.at(-1);
  if (last && last[1] === look[0] && last[2] === look[1]) return;
  log.push([performance.timeOrigin + performance.now(), ...look]);
  localStorage.setItem("looks", JSON.stringify(log));
}, 100))"""


class Chromium:
    """The board in a real browser; it writes down each change of what it says."""

    def __init__(self, page):
        self.page = page
        self.navigations: list[str] = []
        self._told: list[list] = []
        page.on("framenavigated", lambda frame: self.navigations.append(frame.url))
        page.on("response", self._note)
        self.refusals: Counter[str] = Counter()

    def _note(self, answer) -> None:
        if answer.status >= 400:
            self.refusals[f"{answer.status} {urlsplit(answer.url).path}"] += 1

    def looks(self) -> list[Look]:
        """Every change so far."""
        ahead = time.monotonic() - time.time()
        try:
            self._told = json.loads(self.page.evaluate('localStorage.getItem("looks")') or "[]")
        except Error:  # it is loading another page
            pass
        told = self._told
        return [Look(at_ms / 1000 + ahead, is_stale, is_unread) for at_ms, is_stale, is_unread in told]

    def breathe(self, seconds: float) -> None:
        """Let it run."""
        self.page.wait_for_timeout(seconds * 1000)


@contextmanager
def in_chromium(url: str, session: str):
    """The board of this address in Chromium; None where there is no browser."""
    # Only this program needs a browser, and it does without one.
    from tests.journeys.stack import CHROMIUM, chromium

    if not Path(CHROMIUM).exists():
        yield None
        return
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        context.add_cookies(
            [{"name": "sessionid", "value": session, "url": f"http://{urlsplit(url).netloc}"}]
        )
        context.add_init_script(LOG)
        page = context.new_page()
        page.goto(url)
        yield Chromium(page)
        context.close()
