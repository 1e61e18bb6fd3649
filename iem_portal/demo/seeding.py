"""How the demo's world gets into the database: all of it or nothing, and out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter
from types import SimpleNamespace

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from engagements.models import Engagement
from iem_portal.accounts.models import Customer, User
from iem_portal.demo import world as story
from iem_portal.registry import demo_parts


class SeedError(Exception):
    """Why the demo is not seeded; the message is for the person at the terminal."""


@dataclass
class Seeded:
    """What was written: the world, and how many seconds each part took."""

    world: SimpleNamespace
    seconds: dict[str, float] = field(default_factory=dict)


def is_seeded() -> bool:
    """Whether the demo's cutover is in the database."""
    return Engagement.objects.filter(reference=story.REFERENCE, customer__slug="garamsoop").exists()


def is_empty() -> bool:
    """Whether nobody uses this database yet."""
    return not (User.objects.exists() or Customer.objects.exists() or Engagement.objects.exists())


def seed(now: datetime) -> Seeded:
    """Write the world and every app's part in one transaction, so that an interrupted run leaves nothing.

    Raises SeedError outside a demo or in a database that is in use.
    """
    if not settings.DEMO:
        raise SeedError("This is not a demo (DEMO is off): its people have public passwords and stay out.")
    if not is_empty():
        raise SeedError("The database is in use. Start with an empty IEM_DATA_DIR, or use --reset on a demo.")
    with transaction.atomic():
        done = Seeded(story.build(now))
        for part in demo_parts.all():
            started = perf_counter()
            with transaction.atomic():
                part.seed(done.world, now)
            done.seconds[part.key] = perf_counter() - started
    story.write_t0(settings.DATA_DIR, done.world.t0)
    return done


def wipe() -> None:
    """Empty every table of a demo and forget its mail. Raises SeedError when this is no demo's database."""
    if not settings.DEMO:
        raise SeedError("This is not a demo (DEMO is off): nothing is deleted.")
    if not is_seeded() and not is_empty():
        raise SeedError("This database does not hold the demo: nothing is deleted.")
    call_command("flush", interactive=False, verbosity=0)
    for path in settings.EMAIL_FILE_PATH.glob("*.log"):
        path.unlink(missing_ok=True)
