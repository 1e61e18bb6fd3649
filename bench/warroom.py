"""Does the war room keep up: its viewers, its reading of AWS, its board?

`script/bench warroom [viewers] [polling] [board] [--json]`: the parts that are named, or all three, on a machine with
nothing else running. Viewers, 100 to 2,000 of them (about two minutes): the real server's streams beside the least
server that could feed as many, see bench/_streams.py. Polling and board, each on SQLite, and on PostgreSQL at
DATABASE_URL or a throwaway server when one is installed: what reading 10, 500 and 5,000 metrics costs beside one
GetMetricStatistics for each, over real HTTP against the simulated AWS, whose own ledger is held against ours (about a
minute for each database; without the database it is measured once); and the board of a large event beside the board of
a small one, read in turns.
"""

import argparse
import os
import sys

from bench._databases import on_each
from bench._streams import streams
from bench.report import Figure, against, at_most, print_figures

EACH = "one by one"
PAGES = {"board": "the board", "metrics": "its metrics", "rest": "its lower half", "runbook": "the runbook"}


def polling(database: str, seen: dict) -> list[Figure]:
    """Calls and CPU of reading metrics: the layer by itself, whole polls, and many targets at once."""
    figures: list[Figure] = []
    sizes = {int(size): row for size, row in seen["sizes"].items()}
    for size, row in sizes.items():
        name, chunks = f"{size:,} metrics", -(-size // 500)
        one, overlap = row["one_s"], row["overlap_s"]
        figures += [
            _exactly(f"{name}, GetMetricData calls on the wire", row["wire"], chunks, row["each_calls"]),
            _exactly(f"{name}, the same in our ledger", row["calls"], row["wire"]),
            _exactly(f"{name}, metrics asked for on the wire", row["wire_metrics"], size),
            _exactly(f"{name}, the same in our ledger", row["metrics"], row["wire_metrics"]),
            _exactly(f"{name}, other calls (ListMetrics and all else)", row["others"], 0),
            Figure(f"{name}, client CPU of one window", one, "s", row["each_s"], EACH, one / row["each_s"]),
            Figure(f"{name}, client CPU of ten minutes", overlap, "s"),
        ]
        figures.append(Figure(f"{name}, US$ a day, once a minute", row["usd"] * 1440, "$"))
        if size == 5_000:
            figures += [
                at_most(f"{name}, client CPU of one window", one, 0.6, "s"),
                at_most(f"{name}, client CPU of ten minutes", overlap, 1.8, "s"),
            ]
    for size, row in ((int(size), row) for size, row in seen["polls"].items()):
        name = f"{database}: a whole poll of {size:,} metrics"
        each = sizes[size]["each_s"] if sizes else None
        beside = (each, EACH, row["cpu_s"] / each) if each else ()
        figures += [
            _exactly(f"{name}, calls on the wire", row["wire"], -(-size // 500)),
            _exactly(f"{name}, calls in the stored ledger", row["calls"], row["wire"]),
            _exactly(f"{name}, metrics in the stored ledger", row["metrics"], size),
            _exactly(f"{name}, other calls (ListMetrics and all else)", row["others"], 0),
            Figure(
                f"{name}, CPU with its database work ({row['stored']:,} new points)",
                row["cpu_s"],
                "s",
                *beside,
            ),
        ]
    crowd = seen["crowd"]
    name = f"{database}: {crowd['targets']} targets at 80 ms"
    return [
        *figures,
        at_most(f"{name}, one round stored", crowd["s"], 1.5, "s"),
        at_most(f"{name}, the others while one hangs", crowd["others_s"], 5, "s"),
        _exactly(f"{name}, how many others while one hangs", crowd["others"], crowd["targets"] - 1),
    ]


def _exactly(name: str, value: float, wanted: float, each: float | None = None) -> Figure:
    label = EACH if each is not None else ""
    return Figure(name, value, "", each, label, None, f"= {wanted:,.0f}", value == wanted)


def board(database: str, seen: dict) -> list[Figure]:
    """What a page of a large event costs beside the same page of a small one.

    What is drawn grows (tiles, steps), so a page may cost more; but no more than its rows do, and what is not drawn,
    like the older 4,900 entries of the timeline, may cost nothing.
    """
    figures: list[Figure] = []
    small, large = seen["small"], seen["large"]
    few, many = ("{:,}/{:,}/{:,}".format(*one["size"]) for one in (small, large))
    for page, words in PAGES.items():
        name = f"{database}: {words}, {many} tiles/steps/entries"
        tiles, steps, _entries = (
            most / least for most, least in zip(large["size"], small["size"], strict=True)
        )
        grown = {"board": steps, "metrics": tiles, "rest": 1.5, "runbook": steps}[page]
        mine, base = large[page], small[page]
        figures += [
            against(f"{name}, CPU", mine["ms"], base["ms"], f"at {few}", grown, "ms"),
            at_most(f"{name}, queries", mine["queries"], 12),
            Figure(
                f"{name}, queries", mine["queries"], "", base["queries"], f"at {few}", None, "the same",
                mine["queries"] == base["queries"],
            ),
            Figure(f"{name}, size", mine["bytes"] / 1000, "kB", base["bytes"] / 1000, f"at {few}"),
        ]  # fmt: skip
    return figures


PARTS = {
    "viewers": streams,
    "polling": lambda: on_each("bench._polling", polling),
    "board": lambda: on_each("bench._board", board),
}


def main(argv: list[str]) -> int:
    """Measures, prints, and answers 1 when a goal is missed."""
    parser = argparse.ArgumentParser(prog="script/bench warroom", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", action="store_true", help="figures as JSON")
    options = parser.parse_args(argv)
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"{', '.join(sorted(unknown))}: a part is one of {', '.join(PARTS)}")
    busy = os.getloadavg()[0] / os.cpu_count()
    if busy > 0.5:
        print(
            f"This machine is busy (load {busy:.1f} per core): trust the ratios, not the milliseconds.",
            file=sys.stderr,
        )
    figures = [figure for part in options.parts or PARTS for figure in PARTS[part]()]
    return print_figures(figures, options.json)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
