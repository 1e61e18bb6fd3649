"""What one tile looks like for one audience in one language, as bytes that every such viewer shares."""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.db import connections
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import conditional_escape, format_html
from django.utils.translation import gettext

from iem_portal import registry
from iem_portal.live.sse import tile_chunk

logger = logging.getLogger(__name__)


class Ended(Exception):
    """A tile's word that its topic is over: the streams of the topic end, and nothing more is sent on them."""


def visible_tiles(asked: Iterable[str], audience: str) -> frozenset[str]:
    """Those of the asked tiles that exist and are meant for this audience; old pages may ask for retired ones."""
    found = (registry.tiles.get(key) for key in set(asked))
    return frozenset(tile.key for tile in found if audience in getattr(tile, "audiences", ()))


def tile_html(key: str, subject_id: int, *, audience: str, now: datetime, subject=None) -> tuple[str, bool]:
    """The HTML of one tile in the active language, and whether it is the tile itself.

    A tile that raises is logged and replaced by a visible stand-in, so that it takes nothing else down.
    A retired tile, or one that is not meant for this audience, is empty. Plain text is escaped: a tile
    says that it is HTML by answering a safe string, as templates do. Who has the subject in hand spares
    the tiles that take it (``draw``) looking it up.
    """
    if not visible_tiles([key], audience):
        return "", True
    tile = registry.tiles.get(key)
    try:
        if subject is not None and hasattr(tile, "draw"):
            html = tile.draw(subject, audience=audience, now=now)
        else:
            html = tile.render(subject_id, audience=audience, now=now)
        return conditional_escape(html), True
    except Ended:
        raise
    except Exception:  # whatever a tile does wrong must stay inside that tile
        logger.exception("Tile %s of %s could not be drawn for %s", key, subject_id, audience)
        return _stand_in(), False


def draw(topic: str, keys: Iterable[str], audience: str, language: str) -> tuple[dict[str, bytes], set[str]]:
    """The chunks of these tiles and the keys that could not be drawn; raises Ended. Runs in a thread of the hub."""
    subject_id = int(topic.partition(":")[2])
    chunks, failed = {}, set()
    with translation.override(language):
        for key in keys:
            html, is_drawn = tile_html(key, subject_id, audience=audience, now=timezone.now())
            chunks[key] = tile_chunk(key, html)
            if not is_drawn:
                failed.add(key)
    return chunks, failed


def _stand_in() -> str:
    try:
        return render_to_string("live/_tile_failed.html")
    except Exception:  # whatever broke the tile may break templates altogether
        logger.exception("Even the stand-in of a tile could not be drawn")
        return format_html("<p>{}</p>", gettext("This tile could not be drawn"))


def settle_connections() -> None:
    """Between two jobs of a hub thread: ends broken database connections and keeps the sound one open.

    One connection for each thread for as long as the process lives, whatever CONN_MAX_AGE says:
    opening one for every draw would cost more than the draw.
    """
    for connection in connections.all(initialized_only=True):
        connection.close_at = None
        connection.close_if_unusable_or_obsolete()
