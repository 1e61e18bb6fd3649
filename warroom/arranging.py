"""In which order everybody sees the metric tiles of a board, and which are put away."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from engagements import timeline
from engagements.models import Engagement
from iem_portal.live.announce import announce
from warroom.models import BoardLayout
from workbook.watches import Watch

TILES = ("metrics",)


class Conflict(Exception):
    """Somebody arranged the tiles meanwhile; ``layout`` is how they stand now."""

    def __init__(self, layout: BoardLayout):
        super().__init__(layout.version)
        self.layout = layout


def layout_of(engagement: Engagement) -> BoardLayout:
    """The layout, or an unsaved one of version 0: the workbook's order, everything shown. One query."""
    return BoardLayout.objects.filter(engagement=engagement).first() or BoardLayout(engagement=engagement)


def in_order(watches: Iterable[Watch], layout: BoardLayout | None) -> list[Watch]:
    """The watches in the layout's order; those it does not name yet follow in the workbook's."""
    place = {row: number for number, row in enumerate(layout.order if layout else ())}
    return sorted(watches, key=lambda watch: place.get(watch.row_id, len(place)))


def is_hidden(watch: Watch, layout: BoardLayout | None) -> bool:
    """Whether this tile is put away."""
    return layout is not None and watch.row_id in layout.hidden


def moved(order: list[int], row: int, by: int) -> list[int]:
    """The order with one row ``by`` places further down (negative: up); at an end it stays."""
    if row not in order:
        return order
    rest = [other for other in order if other != row]
    place = min(max(order.index(row) + by, 0), len(rest))
    return [*rest[:place], row, *rest[place:]]


def arrange(
    *, engagement: Engagement, order: list[int], hidden: list[int], version: int, by, now: datetime
) -> BoardLayout:
    """Save order and what is put away for everybody, unless somebody saved since ``version``: raises Conflict.

    ``order`` and ``hidden`` are rows of watches; saving what is so already writes nothing.
    """
    fields = {"order": order, "hidden": sorted(hidden), "changed_by_name": by.name, "changed_at": now}
    with transaction.atomic():
        before = layout_of(engagement)
        if before.version != version:
            raise Conflict(before)
        if (before.order, before.hidden) == (fields["order"], fields["hidden"]):
            return before
        if not _written(engagement, version, fields):
            raise Conflict(layout_of(engagement))
        announce(engagement.topic, *TILES)
        if before.hidden != fields["hidden"]:
            params = {"count": len(hidden)}
            timeline.record(engagement, "board.tiles", by=by, now=now, params=params)
    return layout_of(engagement)


def _written(engagement: Engagement, version: int, fields: dict) -> bool:
    """Whether this was the version before: compared by the database, so that one of two writers loses."""
    if version:
        rows = BoardLayout.objects.filter(engagement=engagement, version=version)
        return bool(rows.update(version=version + 1, **fields))
    try:
        with transaction.atomic():
            BoardLayout.objects.create(engagement=engagement, version=1, **fields)
    except IntegrityError:
        return False
    return True
