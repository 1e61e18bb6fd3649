"""How people write what a step waits for: DB-03, "DB-03 SS+10", "DB-03 FS-5". Standard library only.

FS (the default) waits for the end of the other step, SS for its start; the number is the lag in minutes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

CODE = r"[^\W_][\w.-]{0,19}"
_CODE = re.compile(CODE)
_LINK = re.compile(rf"({CODE})(?:\s+(FS|SS)\s*([+-]\s*\d{{1,5}})?|\s*(\+\s*\d{{1,5}}))?", re.IGNORECASE)
LONGEST_LAG_MIN = 10 * 1440


class BadLink(ValueError):
    """The text names no predecessor; its one argument is the text."""


@dataclass(frozen=True)
class Link:
    """One predecessor: its code, whether its end (FS) or its start (SS) counts, and the lag in minutes."""

    code: str
    kind: str = "FS"
    lag_min: int = 0

    def __str__(self) -> str:
        if self.kind == "FS" and not self.lag_min:
            return self.code
        if self.kind == "FS" and self.lag_min > 0:
            return f"{self.code} +{self.lag_min}"
        return f"{self.code} {self.kind}" + (f"{self.lag_min:+d}" if self.lag_min else "")


@lru_cache(maxsize=4096)
def parse(text: str) -> Link:
    """The link a text means; raises BadLink. Codes are upper case."""
    found = _LINK.fullmatch(text.strip())
    if not found:
        raise BadLink(text)
    code, kind, lag, short_lag = found.groups()
    lag_min = int((lag or short_lag or "0").replace(" ", ""))
    if abs(lag_min) > LONGEST_LAG_MIN:
        raise BadLink(text)
    return Link(code.upper(), (kind or "FS").upper(), lag_min)


def parse_list(text: str) -> list[str]:
    """The links of a cell, separated by commas, semicolons or lines, each in its shortest form; raises BadLink."""
    parts = [part for part in re.split(r"[,;\n]", text) if part.strip()]
    return list(dict.fromkeys(str(parse(part)) for part in parts))


def codes(texts) -> list[str]:
    """The codes that well-written links name; others are left out."""
    found = []
    for text in texts:
        try:
            found.append(parse(text).code)
        except BadLink:
            continue
    return found


def is_code(text: str) -> bool:
    """Whether a step may be called so."""
    return bool(_CODE.fullmatch(text)) and len(text) <= 20
