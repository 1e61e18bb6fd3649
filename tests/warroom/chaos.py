"""Kills what a war room stands on, one after another, while a game day runs and people work; says what became of it.

    script/chaos warroom [--kills 12] [--seed 1] [--database sqlite|postgres] [--no-browser]

Each process and server dies once for so long that the board must call itself stale; the other deaths are short and at
moments of the dice. Prints a table and exits 1 when the board called old things current for more than 15 s, was not
current 10 s after the return, or an entry of the timeline was lost or doubled. docs/decisions/live-chaos.md says why.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from iem_portal.preflight import free_port
from tests import migrated
from tests.escalation.chaos_services import Redis
from tests.warroom.chaos_stage import HeldPostgres, LockedSqlite, Stage

ROOT = Path(__file__).resolve().parents[2]
DATABASES = ("sqlite", "postgres")
FIRST_PORT = 21700


def main() -> int:
    """One run, or one on each database."""
    asked = arguments()
    if asked.database is None:
        command = [sys.executable, "-W", "ignore", "-m", "tests.warroom.chaos", *sys.argv[1:]]
        return max([subprocess.call([*command, "--database", name]) for name in DATABASES])
    with tempfile.TemporaryDirectory(prefix="iem-chaos-") as name:
        verdict = run(asked, Path(name))
    sys.stdout.write(f"{asked.database}, seed {asked.seed}\n{verdict.as_table()}\n\n")
    sys.stdout.write("All goals met.\n" if verdict.is_good else "SOMETHING IS WRONG.\n")
    return 0 if verdict.is_good else 1


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="script/chaos warroom", description="Kill everything, show nothing old."
    )
    parser.add_argument("--kills", type=int, default=12, help="all deaths; each kind dies long once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=DATABASES, help="without it: one after the other")
    parser.add_argument("--no-browser", action="store_true", help="only the stream client looks")
    return parser.parse_args()


def run(asked: argparse.Namespace, folder: Path):
    """With servers of its own, in this folder."""
    folder.chmod(0o711)
    data = folder / "data"
    data.mkdir()
    with ExitStack() as ending:
        url, redis, database = "", None, LockedSqlite(data)
        if asked.database == "postgres":
            database, redis = HeldPostgres(folder / "postgres"), Redis(folder / "redis")
            database.start()
            redis.start()
            url = database.url
            ending.callback(redis.stop)
        ending.callback(database.stop)
        ours = migrated.begin()
        if ours is not None:
            ending.callback(migrated.end, ours)
        named = ending.enter_context(migrated.copied(data, url, name="iem_chaos"))
        environment = surroundings(data, named, redis)
        # A shell that seeds exactly as script/up does; settings are read below, and by then the environment says which.
        seed = [sys.executable, "-W", "ignore", "manage.py", "seed_demo", "--skip-checks"]
        subprocess.run(seed, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        os.environ.update(environment)
        stage = Stage(environment, folder, database=database, redis=redis)
        ending.callback(stage.end)
        import django

        django.setup()
        from tests.warroom.chaos_story import Story

        return Story(asked, stage).told()


def surroundings(data: Path, named: dict[str, str], redis: Redis | None) -> dict[str, str]:
    """The variables of the portal's processes."""
    left_out = ("DATABASE_URL", "REDIS_URL", "AWS_ENDPOINT_URL", "IEM_REAL_AWS", "BASE_URL")
    kept = {name: value for name, value in os.environ.items() if name not in left_out}
    port = free_port("127.0.0.1", FIRST_PORT)
    ours = {
        "IEM_DATA_DIR": str(data), "PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}", "DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "iem_portal.settings", "PYTHONWARNINGS": "ignore", "LIVE_CHANNEL": f"chaos:{port}",
    }  # fmt: skip
    return kept | named | ours | ({"REDIS_URL": redis.url} if redis is not None else {})


if __name__ == "__main__":
    sys.exit(main())
