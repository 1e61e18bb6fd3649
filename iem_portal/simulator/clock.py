"""What time is it in the simulation, and when is T0 of its story?"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

LEAD_MIN = 75  # the newcomer arrives 75 minutes after T0, in the middle of the cutover


class SimClock:
    """Real time plus an offset that tests move; T0 comes from `<data-dir>/demo.json`, read again when it changes."""

    def __init__(self, data_dir: Path, *, lead_min: int = LEAD_MIN) -> None:
        self.anchor_file = data_dir / "demo.json"
        self.gameday_file = data_dir / "gamedays.json"
        self.offset_s = 0.0
        self._lock = threading.Lock()
        self._own_t0 = int(time.time() - lead_min * 60) // 60 * 60
        self._seen: tuple[int, int] | None = None
        self._file_t0: int | None = None

    def now(self) -> float:
        """Epoch seconds in the simulation."""
        return time.time() + self.offset_s

    def advance(self, seconds: float) -> None:
        with self._lock:
            self.offset_s += seconds

    def reset(self) -> None:
        with self._lock:
            self.offset_s = 0.0

    def t0(self) -> int:
        """Epoch seconds of T0, a whole minute."""
        try:
            stat = self.anchor_file.stat()
        except OSError:
            return self._own_t0
        seen = (stat.st_mtime_ns, stat.st_size)
        if seen != self._seen:
            self._file_t0 = _read_anchor(self.anchor_file, self._file_t0)
            self._seen = seen
        return self._own_t0 if self._file_t0 is None else self._file_t0


def _read_anchor(path: Path, fallback: int | None) -> int | None:
    """T0 of the demo file; a half-written file keeps the one before."""
    try:
        moment = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["t0"])
    except (OSError, ValueError, KeyError, TypeError):
        return fallback
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()) // 60 * 60
