"""How a verb of engagements says no: refused by a rule, wrong values, or somebody was faster."""

from __future__ import annotations


class Refused(Exception):
    """A rule of the trade stands against it; the message is for the person, in their language."""


class InvalidValue(Exception):
    """Values that cannot be kept; ``errors`` maps a field name to a message for the person."""

    def __init__(self, errors: dict[str, str]):
        super().__init__(", ".join(errors.values()))
        self.errors = errors


class Conflict(Exception):
    """Somebody saved first. ``mine`` and ``theirs`` are both kept, so that nothing typed is lost."""

    def __init__(self, current, *, field: str = "", mine=None, theirs=None):
        super().__init__(f"version conflict on {current!r} {field}")
        self.current = current
        self.field = field
        self.mine = mine
        self.theirs = theirs
