"""The product's own ASGI application, with one tile of 2 kB more: what bench/warroom.py loads."""

import django

django.setup()

from django.db import connection  # noqa: E402
from django.template import Context, Template  # noqa: E402

from iem_portal.asgi import application  # noqa: E402
from iem_portal.registry import tiles  # noqa: E402

__all__ = ["application"]

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
