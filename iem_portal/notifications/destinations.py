"""Where does "hook:3" lead? Addresses that are numbers, because what they stand for is a secret."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from iem_portal.notifications.models import Hook, Notification
from iem_portal.registry import destinations

NUMBERED = re.compile(r"([a-z]+):(\d{1,18})")


@dataclass(frozen=True)
class Destination:
    """Where one attempt goes. `keys` belong to a browser, `secret` signs."""

    address: str
    secret: str = ""
    keys: dict = field(default_factory=dict)


@destinations.register
class Hooks:
    """Hooks of engagements that are still switched on."""

    key = "hook"

    def find(self, ids: Iterable[int]) -> dict[int, Destination]:
        """By number; one that is off or removed is not there."""
        rows = Hook.objects.filter(pk__in=ids, is_active=True, removed_at=None)
        return {row.pk: Destination(row.url, row.secret) for row in rows}

    def gone(self, pk: int, words: str) -> None:
        """Its receiver says that the address has ended."""
        Hook.objects.filter(pk=pk).update(is_active=False)


def parse(address: str) -> tuple[str, int] | None:
    """("hook", 3) of "hook:3"; None for an address that is one itself."""
    match = NUMBERED.fullmatch(address)
    return (match[1], int(match[2])) if match else None


def resolve(rows: list[Notification]) -> None:
    """Set `to` on each row: its destination, or None when that was switched off. A query per kind of address."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if found := parse(row.address):
            wanted[found[0]].add(found[1])
    known = {
        (key, pk): destination
        for key, ids in wanted.items()
        if key in destinations
        for pk, destination in destinations.get(key).find(ids).items()
    }
    for row in rows:
        found = parse(row.address)
        row.to = known.get(found) if found else Destination(row.address)


def end(address: str, words: str) -> None:
    """Do not use this address again."""
    found = parse(address)
    if found and found[0] in destinations:
        destinations.get(found[0]).gone(found[1], words)
