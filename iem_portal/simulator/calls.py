"""Which calls arrived? The ledger that tests and cost checks compare themselves with."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

KEPT = 20_000


class Calls:
    """The newest calls, numbered from 1."""

    def __init__(self) -> None:
        self._rows: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._lock = threading.Lock()
        self._number = 0

    def add(self, row: dict[str, Any]) -> None:
        with self._lock:
            self._number += 1
            self._rows.append({"n": self._number, **row})

    def read(self, *, since: int = 0, **wanted: str) -> list[dict[str, Any]]:
        """Calls numbered above `since` whose fields equal `wanted`."""
        with self._lock:
            rows = list(self._rows)
        return [row for row in rows if row["n"] > since and all(row.get(k) == v for k, v in wanted.items())]

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()
