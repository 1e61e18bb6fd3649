"""The write side of live updates: whoever changes something says which tiles of which topic look different now."""

from collections.abc import Iterable, Mapping
from functools import partial

from django.db import transaction

from iem_portal.live.publisher import publish
from iem_portal.live.versions import raise_versions


def announce(topic: str, *tiles: str) -> None:
    """Says that `tiles` of `topic` changed. Call it inside the transaction that changed them.

    The versions rise with the change or not at all; the names go out after the commit.
    Nothing is rendered here: each web process draws a tile once for all who watch it.
    """
    announce_many({topic: tiles})


def announce_many(changes: Mapping[str, Iterable[str]]) -> None:
    """The same for many topics at once ({topic: [tile keys]}), in topic order."""
    if not changes:
        return
    with transaction.atomic(savepoint=False):
        raised = raise_versions(changes)
        transaction.on_commit(partial(publish, raised), robust=True)
