"""How a benchmark says its figures: each beside its baseline from the same run and the goal it is held to."""

import json
import sys
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured number; `ratio` is value / baseline, `goal` is said in words, `ok` None means "no goal"."""

    name: str
    value: float | None
    unit: str = ""
    baseline: float | None = None
    baseline_name: str = ""
    ratio: float | None = None
    goal: str = ""
    ok: bool | None = None


def at_most(name: str, value: float, limit: float, unit: str = "") -> Figure:
    """A figure held to an absolute limit in its own unit."""
    return Figure(name, value, unit, goal=f"<= {_number(limit)} {unit}".strip(), ok=value <= limit)


def against(
    name: str, value: float, baseline: float, baseline_name: str, times: float, unit: str = ""
) -> Figure:
    """A figure held to at most `times` its baseline of the same run; a baseline of zero cannot be met."""
    ratio = value / baseline if baseline else None
    return Figure(
        name, value, unit, baseline, baseline_name, ratio,
        goal=f"<= {_number(times)} x {baseline_name}", ok=ratio is not None and ratio <= times,
    )  # fmt: skip


def print_figures(figures: list[Figure], as_json: bool = False) -> int:
    """Prints the table (or JSON) on standard output and answers the exit code: 1 when a goal is missed."""
    missed = [figure.name for figure in figures if figure.ok is False]
    if as_json:
        json.dump({"figures": [asdict(figure) for figure in figures], "missed": missed}, sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.write(_table(figures))
        sys.stdout.write(
            f"{len(missed)} goal(s) missed: {', '.join(missed)}\n" if missed else "All goals met.\n"
        )
    return 1 if missed else 0


def _table(figures: list[Figure]) -> str:
    rows = [("figure", "value", "baseline", "ratio", "goal", "")]
    rows += [_row(figure) for figure in figures]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines) + "\n"


def _row(figure: Figure) -> tuple[str, ...]:
    baseline = (
        f"{_number(figure.baseline)} {figure.baseline_name}".strip() if figure.baseline is not None else ""
    )
    ratio = f"{figure.ratio:.2f}x" if figure.ratio is not None else ""
    verdict = {True: "ok", False: "MISSED", None: ""}[figure.ok]
    return (
        figure.name,
        f"{_number(figure.value)} {figure.unit}".strip(),
        baseline,
        ratio,
        figure.goal,
        verdict,
    )


def _number(value: float | None) -> str:
    if value is None:
        return "n/a"
    if isinstance(value, int) or (float(value).is_integer() and abs(value) >= 100):
        return f"{value:,.0f}"
    return f"{value:,.3g}" if abs(value) < 100 else f"{value:,.0f}"
