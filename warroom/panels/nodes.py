"""The map of nodes: each step a box, columns by what has to come before, lines between them. Pixels throughout."""

from __future__ import annotations

from warroom.forecast import topological
from warroom.outlook import Outlook, fact

WIDTH, HEIGHT, GAP_X, GAP_Y, ROOM = 176, 74, 44, 16, 12


def nodes(view: Outlook) -> dict:
    """Boxes with their places, and the lines; no query."""
    depth = _depths(view)
    columns: dict[int, list] = {}
    for step in sorted(view.steps, key=lambda step: (depth[step.code], _lane(view, step), step.position)):
        columns.setdefault(depth[step.code], []).append(step)
    tallest = max((len(column) for column in columns.values()), default=0)
    place, boxes = {}, []
    for number, column in columns.items():
        shift = (tallest - len(column)) * (HEIGHT + GAP_Y) // 2
        for row, step in enumerate(column):
            at = (ROOM + number * (WIDTH + GAP_X), ROOM + shift + row * (HEIGHT + GAP_Y))
            place[step.code] = at
            boxes.append(_box(view, step, at))
    return {
        "boxes": boxes,
        "lines": _lines(view, place),
        "width": 2 * ROOM + len(columns) * (WIDTH + GAP_X) - GAP_X if columns else 0,
        "height": 2 * ROOM + tallest * (HEIGHT + GAP_Y) - GAP_Y if tallest else 0,
        "box_width": WIDTH,
        "box_height": HEIGHT,
    }


def _depths(view: Outlook) -> dict[str, int]:
    """How many steps lie before each one, on the longest way."""
    depth: dict[str, int] = {}
    for one in topological([fact(step) for step in view.steps]):
        before = [depth[link.code] for link in one.links if link.code in depth]
        depth[one.code] = max(before, default=-1) + 1
    return depth


def _lane(view: Outlook, step) -> int:
    keys = [stream["key"] for stream in view.runbook.streams]
    return keys.index(step.stream) if step.stream in keys else len(keys)


def _box(view: Outlook, step, at: tuple[int, int]) -> dict:
    seen = view.of(step)
    return {
        "step": step,
        "row": {"is_ready": seen.is_ready, "late_min": seen.late_min},
        "seen": seen,
        "stream": view.stream_label(step.stream),
        "x": at[0],
        "y": at[1],
        "is_critical": seen.is_critical,
        "state": step.status if step.status != "planned" else "ready" if seen.is_ready else "planned",
    }


def _lines(view: Outlook, place: dict) -> list[dict]:
    facts = {step.code: step for step in view.steps}
    found = []
    for step in view.steps:
        for link in view.links(step):
            if link.code not in facts:
                continue
            x1, y1 = place[link.code][0] + WIDTH, place[link.code][1] + HEIGHT // 2
            x2, y2 = place[step.code][0], place[step.code][1] + HEIGHT // 2
            bend = max(18, (x2 - x1) // 2)
            both = view.of(step).is_critical and view.of(facts[link.code]).is_critical
            label = f"{link.kind if link.kind != 'FS' else ''}{link.lag_min:+d}" if link.lag_min else ""
            label = label or ("SS" if link.kind == "SS" else "")
            found.append(
                {
                    "d": f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}",
                    "is_critical": both,
                    "label": label,
                    "x": (x1 + x2) // 2,
                    "y": (y1 + y2) // 2 - 4,
                }
            )
    return found
