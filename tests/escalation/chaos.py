"""Kills everything at random moments while hundreds of escalations run, then counts what became of each deadline.

    script/chaos [--kills 200] [--escalations 500] [--seed 1] [--database sqlite|postgres]

Prints a table and exits 1 when anything was lost, doubled or wrong. The dice are seeded; what the machine does between
two throws is not. docs/operations.md says what is killed, docs/decisions/clock-chaos.md why it is built like this.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests import migrated
from tests.escalation import arena
from tests.escalation.chaos_services import Postgres, Redis, Sessions

DATABASES = ("sqlite", "postgres")
SPEED = 60.0


@dataclass
class Stage:
    """Where it plays: a folder, and what of the servers may be killed."""

    folder: Path
    services: dict[str, object] = field(default_factory=dict)


def main() -> int:
    """One run, or one on each database."""
    asked = arguments()
    if asked.database is None and not asked.here:
        command = [sys.executable, "-W", "ignore", "-m", "tests.escalation.chaos", *sys.argv[1:]]
        return max([subprocess.call([*command, "--database", name]) for name in DATABASES])
    with tempfile.TemporaryDirectory(prefix="iem-chaos-") as name:
        folder = Path(name)
        if asked.here:
            verdict = here(asked, folder)
            sys.stdout.write(json.dumps(verdict.as_json()) + "\n")
            return 0
        verdict = alone(asked, folder)
    sys.stdout.write(f"{asked.database}, seed {asked.seed}\n{verdict.as_table()}\n\n")
    sys.stdout.write("Nothing was lost or doubled.\n" if verdict.is_good else "SOMETHING IS WRONG.\n")
    return 0 if verdict.is_good else 1


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="script/chaos", description="Kill everything, lose nothing.")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--escalations", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--speed", type=float, default=SPEED, help="how much faster than the world's the clock runs"
    )
    parser.add_argument("--database", choices=DATABASES, help="without it: one after the other")
    parser.add_argument(
        "--here", action="store_true", help="on the empty database of the environment; prints JSON"
    )
    return parser.parse_args()


def here(asked: argparse.Namespace, folder: Path):
    """On the database that the environment names, whose server others use too: only our sessions on it are cut."""
    stage = Stage(folder)
    url = os.environ.get("DATABASE_URL", "")
    if url.startswith("postgres"):
        stage.services["PostgreSQL"] = Sessions(url)
        if shutil.which("redis-server"):
            stage.services["Redis"] = with_redis(folder)
    return play(asked, stage)


def alone(asked: argparse.Namespace, folder: Path):
    """With servers of its own."""
    folder.chmod(0o711)
    ours = migrated.begin()
    stage, url, data = Stage(folder), "", folder / "data"
    data.mkdir()
    try:
        if asked.database == "postgres":
            server = stage.services["PostgreSQL"] = Postgres(folder / "postgres")
            server.start()
            url = server.url
        with arena.environment(data, url) as variables:
            os.environ.pop("REDIS_URL", None)
            os.environ.update(variables)
            if asked.database == "postgres":
                stage.services["Redis"] = with_redis(folder)
            return play(asked, stage)
    finally:
        if ours is not None:
            migrated.end(ours)
        for service in stage.services.values():
            service.stop()


def with_redis(folder: Path) -> Redis:
    """A Redis for the settings to find."""
    redis = Redis(folder / "redis")
    redis.start()
    os.environ["REDIS_URL"] = redis.url
    return redis


def play(asked: argparse.Namespace, stage: Stage):
    """The whole story, from the first escalation to the verdict."""
    # The pages are not needed here, and Celery would import them all to check them.
    os.environ["CELERY_SKIP_CHECKS"] = "1"
    # Settings are read when Django is set up, and by now the environment says which database and which Redis.
    import django

    django.setup()
    from tests.escalation.chaos_story import Story

    story = Story(asked, stage)
    try:
        return story.told()
    finally:
        story.end()


if __name__ == "__main__":
    sys.exit(main())
