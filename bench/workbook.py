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

import sys

from bench._databases import on_each
from bench.report import Figure, against, at_most, print_figures

PLAIN = "plain form"


def main() -> int:
    """Measure each database; the exit code says whether all goals were met."""
    figures = on_each("bench._booklet", figures_of)
    return print_figures(figures, as_json="--json" in sys.argv)


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
