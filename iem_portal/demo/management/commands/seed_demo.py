"""Writes the demo: ``manage.py seed_demo [--if-empty] [--reset]``."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from iem_portal.demo import seeding


class Command(BaseCommand):
    """Seeds the world of the demo, once."""

    help = "Writes the demo: two customers, their people, a cutover that is live. Only while DEMO is on."

    def add_arguments(self, parser) -> None:
        """The two switches."""
        parser.add_argument("--if-empty", action="store_true", help="do nothing when the database is in use")
        parser.add_argument("--reset", action="store_true", help="empty the demo's database first")

    def handle(self, *args, **options) -> None:
        """Seed, or say why not."""
        try:
            if options["reset"]:
                seeding.wipe()
            elif seeding.is_seeded():
                self.stdout.write("The demo is already there.")
                return
            elif options["if_empty"] and not seeding.is_empty():
                self.stdout.write("The database is in use: no demo.")
                return
            done = seeding.seed(timezone.now())
        except seeding.SeedError as error:
            raise CommandError(str(error)) from error
        parts = ", ".join(f"{key} {seconds:.1f} s" for key, seconds in done.seconds.items())
        self.stdout.write(f"Demo seeded, T0 {done.world.t0:%F %H:%M} UTC ({parts or 'no parts'}).")
