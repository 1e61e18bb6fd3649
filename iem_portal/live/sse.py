"""How a live message looks on the wire: server-sent events holding htmx partials (pure)."""

import json
import re
from datetime import datetime

_LINE_END = re.compile(r"\r\n|\r|\n")


def tile_chunk(key: str, html: str) -> bytes:
    """The data lines of one tile: swapped into #tile-<key> by morphing, so focus and typed text survive.

    Several chunks after one another, closed by `end`, make one message.
    """
    partial = f'<hx-partial hx-target="#tile-{key}" hx-swap="innerMorph">{html}</hx-partial>'
    return "".join(f"data: {line}\n" for line in _LINE_END.split(partial)).encode()


def end(version: int) -> bytes:
    """Closes a message; its id says that everything up to this version has been delivered."""
    return b"id: %d\n\n" % version


def event(name: str, data: dict, *, retry_ms: int | None = None) -> bytes:
    """A named event, seen by scripts only; without an id until `end` is put behind it.

    `retry_ms` stands in the same block, because htmx 4 ignores one that stands alone.
    """
    retry = f"retry: {retry_ms}\n" if retry_ms is not None else ""
    return f"event: {name}\n{retry}data: {json.dumps(data, separators=(',', ':'))}\n".encode()


def moment(seen_s: float, now: datetime) -> dict:
    """What a page reckons from: the server's time `now` (aware UTC) and how many seconds ago the database was seen."""
    return {"now": now.isoformat(timespec="milliseconds"), "seen_s": round(max(0.0, seen_s), 1)}
