"""Looks over all clocks and prints what is wrong; the exit code is 1 when anything is."""

from __future__ import annotations

import sys

from django.core.management.base import BaseCommand
from django.utils import timezone

from escalation.watching.audit import wrongs


class Command(BaseCommand):
    """`manage.py audit_clocks`"""

    help = __doc__

    def handle(self, **options) -> None:
        """Print one line for each finding; changes nothing."""
        found = wrongs(timezone.now())
        for wrong in found:
            self.stdout.write(f"{wrong.kind:12} {wrong.key}  {wrong.params}")
        self.stdout.write("nothing is wrong" if not found else f"{len(found)} found")
        if found:
            sys.exit(1)
