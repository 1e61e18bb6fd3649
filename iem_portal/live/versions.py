"""How the versions of live topics are raised in the writer's transaction and read by the hub.

Plain SQL because an upsert that adds one and answers the new number cannot be said in the ORM,
and announcing must stay at two statements. It runs as written on SQLite (3.35+) and PostgreSQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection

_CHUNK = 400  # rows per statement; SQLite allows 32,766 variables

_RAISE = (
    "INSERT INTO live_topic (name, version) VALUES {rows} "
    "ON CONFLICT (name) DO UPDATE SET version = live_topic.version + 1 RETURNING id, name, version"
)
_MARK = (
    "INSERT INTO live_topictile (topic_id, tile, version) VALUES {rows} "
    "ON CONFLICT (topic_id, tile) DO UPDATE SET version = excluded.version"
)
# Both in one trip, where the database can: the announcement of one edit is most of what an edit costs.
_BOTH = (
    "WITH raised AS (" + _RAISE + "), marked AS ("  # noqa: S608 — our own names only
    "INSERT INTO live_topictile (topic_id, tile, version) "
    "SELECT raised.id, wanted.tile, raised.version FROM raised JOIN (VALUES {tiles}) AS wanted (name, tile) "
    "ON wanted.name = raised.name "
    "ON CONFLICT (topic_id, tile) DO UPDATE SET version = excluded.version) SELECT id, name, version FROM raised"
)
_READ = "SELECT name, version FROM live_topic WHERE name IN ({rows})"
_CHANGED = (
    "SELECT t.version, k.tile FROM live_topic t "
    "LEFT JOIN live_topictile k ON k.topic_id = t.id AND k.version > %s WHERE t.name = %s"
)


@dataclass(frozen=True)
class Raised:
    """A topic's new version and the tiles that changed with it."""

    topic: str
    version: int
    tiles: tuple[str, ...]


def raise_versions(changes: Mapping[str, Iterable[str]]) -> list[Raised]:
    """Adds one to each topic and marks its tiles, in topic order so that two writers cannot deadlock."""
    tiles = {topic: tuple(dict.fromkeys(changes[topic])) for topic in sorted(changes)}
    raised: list[Raised] = []
    with connection.cursor() as cursor:
        for names in _chunks(list(tiles)):
            pairs = [word for name in names for tile in tiles[name] for word in (name, tile)]
            head = ", ".join(["(%s, 1)"] * len(names))
            if pairs and connection.vendor == "postgresql":
                each = ", ".join(["(%s, %s)"] * (len(pairs) // 2))
                cursor.execute(_BOTH.format(rows=head, tiles=each), names + pairs)
                raised += [Raised(name, version, tiles[name]) for _, name, version in cursor.fetchall()]
                continue
            cursor.execute(_RAISE.format(rows=head), names)
            rows = cursor.fetchall()
            raised += [Raised(name, version, tiles[name]) for _, name, version in rows]
            _mark(cursor, [(pk, tile, version) for pk, name, version in rows for tile in tiles[name]])
    return raised


def read_versions(topics: Iterable[str]) -> dict[str, int]:
    """The version of each topic that was ever announced; a topic without a row is at 0 and left out."""
    found: dict[str, int] = {}
    with connection.cursor() as cursor:
        for names in _chunks(list(topics)):
            cursor.execute(_READ.format(rows=", ".join(["%s"] * len(names))), names)
            found.update(cursor.fetchall())
    return found


def changed_since(topic: str, version: int) -> tuple[int, set[str]]:
    """The topic's version now and the tiles that changed after `version`, in one consistent read."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [version, topic])
        rows = cursor.fetchall()
    return (rows[0][0] if rows else 0), {tile for _, tile in rows if tile is not None}


def _mark(cursor, rows: list[tuple[int, str, int]]) -> None:
    for part in _chunks(rows):
        cursor.execute(
            _MARK.format(rows=", ".join(["(%s, %s, %s)"] * len(part))), [v for row in part for v in row]
        )


def _chunks(items: list) -> list[list]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
