"""An engine in a process of its own: says that it is ready, waits for the end of its input, and fires what is due."""

from __future__ import annotations

import sys

import django

django.setup()

from django.utils import timezone  # noqa: E402

from escalation import engine  # noqa: E402


def main() -> None:
    """Fire until nothing is due that another engine does not hold."""
    engine.run_due(timezone.now())  # the connection, and everything that is imported late
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()
    while engine.run_due(timezone.now()):
        pass


if __name__ == "__main__":
    main()
