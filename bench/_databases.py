"""Measures the same thing on SQLite and on PostgreSQL, each in a process of its own on an empty database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from bench.report import Figure
from bench.throwaway import postgres

ROOT = Path(__file__).resolve().parent.parent


def on_each(module: str, figures_of: Callable[[str, dict], list[Figure]]) -> list[Figure]:
    """The figures of both: what ``python -m <module>`` printed as JSON, told by ``figures_of(database, seen)``.

    PostgreSQL at DATABASE_URL, or a throwaway server when one is installed; without one it is left out, in words.
    """
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="iem-bench-") as name:
        folder = Path(name)
        figures += figures_of("SQLite", _measure(module, folder / "sqlite", ""))
        given = os.environ.get("DATABASE_URL", "")
        if given.startswith("postgres"):
            return figures + figures_of("PostgreSQL", _measure(module, folder / "postgres", given))
        with postgres(folder / "server") as url:
            if url:
                figures += figures_of("PostgreSQL", _measure(module, folder / "postgres", url))
            else:
                sys.stderr.write("No PostgreSQL here: its figures are left out.\n")
    return figures


def _measure(module: str, data_dir: Path, url: str) -> dict:
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    variables = kept | {
        "IEM_DATA_DIR": str(data_dir),
        "DEMO": "0",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "iem_portal.settings",
    }
    if url:
        variables["DATABASE_URL"] = url
    command = [sys.executable, "-W", "ignore", "-m", module]
    done = subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])
