"""How quickly is a cell saved, a large workbook opened, a block pasted and a file imported?

`script/bench workbook [--json]`: SQLite, and PostgreSQL at DATABASE_URL or a throwaway server when one is installed.
The baseline of the same run is a form of Django's own that saves one row behind the same middleware and the same
check of who may fill the engagement's workbook (bench/_plain.py), in turns with ours. Ours also compares versions,
keeps history, raises the live tile's version and answers with every cell of the row that may look different now.
A page of a workbook with 5,000 filled cells is held, in turns, against the same page of one with 500; the measured
section is equally long in both, so what grows is everything around it. Median of 15 reads, warm. What the page loads
beside itself (the list of sections, tiles) counts as the list of sections. An import changes every text in the file
to one that its field takes, and applies them all. About 40 s each on an idle machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.report import Figure, against, at_most, print_figures
from bench.throwaway import postgres

ROOT = Path(__file__).resolve().parent.parent
PLAIN = "plain form"


def main() -> int:
    """Measure each database in a process of its own; the exit code says whether all goals were met."""
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="iem-bench-") as name:
        folder = Path(name)
        figures += figures_of("SQLite", measure(folder / "sqlite", ""))
        given = os.environ.get("DATABASE_URL", "")
        if given.startswith("postgres"):
            figures += figures_of("PostgreSQL", measure(folder / "postgres", given))
        else:
            with postgres(folder / "server") as url:
                if url:
                    figures += figures_of("PostgreSQL", measure(folder / "postgres", url))
                else:
                    sys.stderr.write("No PostgreSQL here: its figures are left out.\n")
    return print_figures(figures, as_json="--json" in sys.argv)


def measure(data_dir: Path, url: str) -> dict:
    """What bench/_booklet.py saw on this database, which must be empty."""
    kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    variables = kept | {
        "IEM_DATA_DIR": str(data_dir),
        "DEMO": "0",
        "LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "iem_portal.settings",
    }
    if url:
        variables["DATABASE_URL"] = url
    command = [sys.executable, "-W", "ignore", "-m", "bench._booklet"]
    done = subprocess.run(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def figures_of(database: str, seen: dict) -> list[Figure]:
    """The figures of one database beside their baselines and goals."""
    ours, plain = seen["save"], seen["plain"]
    figures = [
        against(f"{database}: acknowledge a cell, {which}", ours[which], plain[which], PLAIN, 1.5, "ms")
        for which in ("p50", "p95")
    ]
    size = f"{seen['sections']} sections and {seen['cells']:,} cells"
    for name, words in (("section", "a section of"), ("index", "the list of")):
        large, small = seen["large"][name], seen["small"][name]
        figures += [
            against(f"{database}: open {words} {size}", large["ms"], small["ms"], "at 500 cells", 1.3, "ms"),
            at_most(f"{database}: queries to open {words} {size}", large["queries"], 12),
            Figure(f"{database}: bytes of {words} {size}", large["bytes"] / 1000, "kB"),
        ]
    pasted = seen["paste"]
    figures += [
        Figure(f"{database}: paste {pasted['asked']:,} cells in one request", pasted["ms"] / 1000, "s"),
        at_most(f"{database}: queries for 100 pasted cells", pasted["queries"] / (pasted["saved"] / 100), 12),
        at_most(f"{database}: pasted cells not saved", pasted["asked"] - pasted["saved"], 0),
    ]
    trip = seen["import"]
    figures += [
        Figure(
            f"{database}: export the workbook ({trip['bytes'] / 1000:,.0f} kB)", trip["export_ms"] / 1000, "s"
        ),
        Figure(
            f"{database}: compare a file with {trip['changed']:,} changed cells",
            trip["import_ms"] / 1000,
            "s",
        ),
        Figure(f"{database}: apply its {trip['changed']:,} changes", trip["apply_ms"] / 1000, "s"),
        at_most(f"{database}: imported cells not saved", trip["changed"] - trip["applied"], 0),
    ]
    return figures


if __name__ == "__main__":
    sys.exit(main())
