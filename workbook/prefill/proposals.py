"""What a reading of AWS would write, before anybody decides. Standard library only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Place:
    """One part of a reading: an account, a Region and a service."""

    account_id: str
    region: str
    service: str


@dataclass(frozen=True)
class Known:
    """A row of the sheet as it is: its number and stored values by field."""

    pk: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """Values for one row: ``facts`` may replace what stands there, ``gaps`` only fill what is empty.

    ``row`` is None for a row to be added, which ``identity`` tells from all others, today and next time.
    Values are as typed. ``origins`` names the source of single fields where it is not the reader itself.
    """

    row: int | None
    facts: Mapping[str, Any] = field(default_factory=dict)
    gaps: Mapping[str, Any] = field(default_factory=dict)
    identity: str = ""
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def new_row(self) -> str:
        """The short name under which a row to be added is proposed; empty for a row that is there."""
        if self.row is not None:
            return ""
        return f"aws-{hashlib.sha256(self.identity.encode()).hexdigest()[:24]}"

    @property
    def values(self) -> dict[str, Any]:
        """All of them."""
        return {**self.gaps, **self.facts}


def decimal_text(value: float | None) -> str | None:
    """A figure of AWS as a person would type it: no exponent, no needless zeros."""
    return None if value is None else f"{value:.4f}".rstrip("0").rstrip(".")
