"""How much does watching very many response clocks cost, and how late is a breach recorded?

`script/bench clocks [--json]`: SQLite, and PostgreSQL at DATABASE_URL or a throwaway server when one is installed.
The baseline of the same run is a tracker that scans all open escalations each tick and saves each on its own
(bench/_tracker.py); beside it stands the floor: writing the engine's rows with nothing around it. About 45 s for each
database.
"""

from __future__ import annotations

import sys

from bench._databases import on_each
from bench.report import Figure, against, at_most, print_figures

TRACKER = "scanning tracker"


def main() -> int:
    """Measure each database; the exit code says whether all goals were met."""
    figures = on_each("bench._clockwork", figures_of)
    return print_figures(figures, as_json="--json" in sys.argv)


def figures_of(database: str, seen: dict) -> list[Figure]:
    """The figures of one database beside their baselines and goals."""
    figures: list[Figure] = []
    sizes = {int(size): row for size, row in seen["sizes"].items()}
    for size, row in sizes.items():
        name = f"{database}: record {row['due']:,} due of {size:,} clocks"
        ours, theirs = row["tick_ms"] / row["due"], row["tracker_ms"] / row["due"]
        if size == max(sizes):
            figures.append(against(f"{name}, per event", ours, theirs, TRACKER, 1 / 20, "ms"))
        else:
            figures.append(Figure(f"{name}, per event", ours, "ms", theirs, TRACKER, ours / theirs))
        floor = row["inserts_ms"] / row["due"]
        name = f"{database}: write only what {row['due']:,} due of {size:,} clocks leave, per event"
        figures.append(Figure(name, floor, "ms", theirs, TRACKER, floor / theirs))
        name = f"{database}: rows read for each due, {size:,} clocks"
        read, theirs = row["rows_read"], row["tracker_rows_read"]
        figures.append(Figure(name, read, "", theirs, TRACKER, read / theirs, "<= 1.1", read <= 1.1))
        name = f"{database}: rows written for each due, {size:,} clocks"
        figures.append(Figure(name, row["rows_written"], "", _tracker_writes(), TRACKER))
    smallest, largest = sizes[min(sizes)], sizes[max(sizes)]
    empty = f"{database}: empty tick, {max(sizes):,} clocks"
    figures.append(against(empty, largest["empty_ms"], smallest["empty_ms"], f"at {min(sizes):,}", 2, "ms"))
    figures.append(at_most(f"{database}: record 10,000 due in one second", seen["burst_s"], 3, "s"))
    two = f"{database}: record 10,000 due in one second, two engines"
    figures.append(
        Figure(
            two,
            seen["burst_two_s"],
            "s",
            seen["burst_s"],
            "one engine",
            seen["burst_two_s"] / seen["burst_s"],
        )
    )
    loop, tick, tracker = seen["loop"], seen["tick"], seen["tracker"]
    name = f"{database}: lag of 1,000 due in one second"
    figures.append(Figure(f"{name}, clock loop, p50", loop["p50"], "s", tracker["p50"], TRACKER))
    figures.append(at_most(f"{name}, clock loop, p99", loop["p99"], 0.25, "s"))
    figures.append(against(f"{name}, clock loop, p99", loop["p99"], tracker["p99"], TRACKER, 0.1, "s"))
    pair = seen["two_loops"]
    figures += [
        Figure(f"{name}, two clock loops, {part}", pair[part], "s", loop[part], "one loop")
        for part in ("p50", "p99")
    ]
    figures.append(Figure(f"{name}, tick of 1 s, p50", tick["p50"], "s", tracker["p50"], TRACKER))
    figures.append(at_most(f"{name}, tick of 1 s, p99", tick["p99"], 1.2, "s"))
    figures.append(against(f"{name}, tick of 1 s, p99", tick["p99"], tracker["p99"], TRACKER, 1, "s"))
    missing = sum(1_000 - way["recorded"] for way in (loop, pair, tick))
    figures.append(at_most(f"{database}: due but not recorded", missing, 0))
    return figures


def _tracker_writes() -> int:
    """The ticket itself, an event, a line of history, and a message to each receiver."""
    return 3 + 2


if __name__ == "__main__":
    sys.exit(main())
