"""Warns when people with a public password are in the database of a real deployment."""

from django.conf import settings
from django.core.checks import Tags, Warning, register
from django.db import DatabaseError

from iem_portal.accounts.models import User


@register(Tags.database)
def demo_people_outside_a_demo(app_configs, databases=None, **kwargs) -> list:
    """Runs with ``migrate`` and ``check --database default``."""
    if settings.DEMO or not databases:
        return []
    try:
        count = User.objects.filter(is_demo=True).count()
    except DatabaseError:
        return []  # before the first migration there is nobody
    if not count:
        return []
    return [
        Warning(
            f"{count} demo people with a public password are in this database while DEMO is off.",
            hint="They cannot sign in. Use a fresh database for real work, or set DEMO=1 for a demo.",
            id="demo.W001",
        )
    ]
