"""An empty database with all tables, made once for a run of the tests and copied wherever a portal begins with one.

Migrating takes many seconds of a processor, a copy milliseconds, and up to nine databases begin in half a run.

    TEST_MIGRATED=<folder> python -m tests.migrated

makes the ones of that folder beforehand: SQLite always, PostgreSQL when DATABASE_URL names a server. The SQLite file
is also kept for later runs, under the digest of everything it comes from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
# The folder of this run; worker processes and their children find it in their environment.
FOLDER = "TEST_MIGRATED"
FILE = "portal.sqlite3"
# Where migrated files outlive a run, and what they are made of: nothing else changes what a migration writes.
KEPT = ROOT / "var" / "migrated"
SOURCES = (
    "*/migrations/*.py",
    "iem_portal/*/migrations/*.py",
    "*/data/*.json",
    "requirements/*.lock",
)


def begin() -> Path | None:
    """Name a folder for this run, unless somebody has; the folder if it is ours to remove with `end`."""
    if FOLDER in os.environ:
        return None
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="iem-migrated-")
    return Path(os.environ[FOLDER])


def end(folder: Path) -> None:
    """Remove what `begin` named."""
    made = folder / "postgres"
    if made.exists():
        on_server(made.read_text(), f'DROP DATABASE IF EXISTS "{_name(folder)}" WITH (FORCE)')
    shutil.rmtree(folder, ignore_errors=True)
    os.environ.pop(FOLDER, None)


def sqlite_file() -> Path:
    """The migrated SQLite file; the first process that asks gets it, the others wait."""
    with _alone("sqlite") as folder:
        file = folder / FILE
        if not file.exists():
            with _kept_file() as kept:
                shutil.copyfile(kept, folder / "copy")
            (folder / "copy").rename(file)
    return file


@contextmanager
def _kept_file() -> Iterator[Path]:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    KEPT.mkdir(parents=True, exist_ok=True)
    file = KEPT / f"{digest.hexdigest()[:16]}.sqlite3"
    with _locked(KEPT / "lock"):
        if not file.exists():
            for old in KEPT.glob("*.sqlite3"):
                old.unlink()
            with tempfile.TemporaryDirectory(dir=KEPT) as making:
                _migrate(Path(making), "")
                (Path(making) / FILE).rename(file)
        yield file


def postgres_database(url: str) -> str:
    """The name of the migrated database on this server; the first process that asks makes it."""
    with _alone("postgres") as folder:
        name, made = _name(folder), folder / "postgres"
        if not made.exists():
            on_server(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            on_server(url, f'CREATE DATABASE "{name}"')
            _migrate(folder, _beside(url, name))
            made.write_text(url)
    return name


@contextmanager
def copied(data_dir: Path, url: str, *, name: str) -> Iterator[dict[str, str]]:
    """A copy for one portal whose data lie in `data_dir`, of the kind that `url` names (empty: SQLite): its variables.

    On PostgreSQL the database is called `name`, and gone in the end.
    """
    if not url.startswith("postgres"):
        shutil.copyfile(sqlite_file(), data_dir / FILE)
        yield {}
        return
    on_server(url, f'CREATE DATABASE "{name}" TEMPLATE "{postgres_database(url)}"')
    try:
        yield {"DATABASE_URL": _beside(url, name)}
    finally:
        on_server(url, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def in_memory(name: str) -> Iterator[None]:
    """A copy in the shared memory of this process under SQLite's URI `name`, for as long as this lasts."""
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(name, uri=True)) as memory:
        file = shutil.copyfile(sqlite_file(), Path(folder) / FILE)
        with closing(sqlite3.connect(file)) as source:
            # A database in memory has no write-ahead log, and its first page must not claim one.
            source.execute("PRAGMA journal_mode=DELETE")
            source.backup(memory)
        yield


def on_server(url: str, statement: str) -> None:
    """Run one statement on the PostgreSQL that `url` names, outside any transaction."""
    # The driver is there only where PostgreSQL is used.
    import psycopg2

    with closing(psycopg2.connect(url)) as connection:
        connection.autocommit = True
        connection.cursor().execute(statement)


def _migrate(data_dir: Path, url: str) -> None:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    ours = {"IEM_DATA_DIR": str(data_dir), "DEMO": "0", "DJANGO_SETTINGS_MODULE": "iem_portal.settings"}
    named = {"DATABASE_URL": url} if url else {}
    command = [sys.executable, "-W", "ignore", "manage.py", "migrate", "--verbosity=0", "--skip-checks"]
    subprocess.run(command, cwd=ROOT, env=kept | ours | named, check=True)


@contextmanager
def _alone(kind: str) -> Iterator[Path]:
    folder = Path(os.environ[FOLDER])
    with _locked(folder / f"{kind}.lock"):
        yield folder


@contextmanager
def _locked(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _name(folder: Path) -> str:
    return re.sub(r"\W", "_", folder.name)


def _beside(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


if __name__ == "__main__":
    sqlite_file()
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        postgres_database(os.environ["DATABASE_URL"])
