"""The product's own ASGI application, with one tile of 2 kB more: what bench/warroom.py loads."""

import django

django.setup()

from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
from django.dispatch import receiver  # noqa: E402
from django.template import Context, Template  # noqa: E402

from iem_portal.asgi import application as portal  # noqa: E402
from iem_portal.registry import tiles  # noqa: E402

__all__ = ["application"]

# The hub's look at the versions comes by the clock, and not with a change.
LOOK = "FROM live_topic WHERE name IN"
statements: list[str] = []


def note(execute, sql, params, many, context):
    """Keeps what a change asks of the database."""
    if LOOK not in sql:
        statements.append(sql)
    return execute(sql, params, many, context)


@receiver(connection_created)
def listen(connection, **_words) -> None:
    """On every connection of this process."""
    connection.execute_wrappers.append(note)


async def application(scope, receive, send):
    """How many statements there were, at /bench/queries; the portal everywhere else."""
    if scope["type"] != "http" or scope["path"] != "/bench/queries":
        await portal(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"%d" % len(statements)})


PAGE = Template(
    '<section class="panel"><h2>Bench</h2><p>{{ version }}</p><ul>'
    '{% for row in rows %}<li id="bench-{{ row }}">row {{ row }} of a tile of two kilobytes</li>{% endfor %}'
    "</ul></section>"
)


@tiles.register
class BenchTile:
    """Reads one row and draws a template of 2 kB, as a small real tile does."""

    key = "bench"
    audiences = ("staff", "customer")

    def render(self, engagement_id: int, *, audience: str, now) -> str:
        """The topic's version in a list."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT version FROM live_topic WHERE name = %s", [f"engagement:{engagement_id}"])
            version = cursor.fetchone()
        return PAGE.render(Context({"version": version, "rows": range(34)}))
