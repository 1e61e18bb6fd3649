"""A supervisor over two tiny children, started by test_supervisor as a process of its own."""

import sys
from pathlib import Path

from iem_portal.supervisor import Child, Supervisor

# A child that leaves a grandchild behind, so that a clean sweep can be told from a lucky one.
SLEEPER = (
    "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
)
SLEEP = "import time; time.sleep(600)\n"


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    family = [
        Child("sleeper", (sys.executable, "-c", SLEEPER + SLEEP)),
        Child("plain", (sys.executable, "-c", SLEEP)),
    ]
    sys.exit(Supervisor(family, Path(sys.argv[1]), say=tell).run())
