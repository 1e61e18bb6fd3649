"""A game day: trouble laid over the story from one minute on, in one account, for a team that rehearses."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from .scenario import HealthSpec, SeriesSpec

FOLDER = Path(__file__).with_name("gamedays")
BACK_MIN = 2  # a metric returns to its story this long after the last point


@dataclass(frozen=True)
class Twist:
    """What a game day does to a metric; minutes count from its beginning."""

    namespace: str
    metric: str
    dimensions: dict[str, str] = field(default_factory=dict)  # empty: every metric of that name
    points: list[list[float]] = field(default_factory=list)  # [minute, value]
    silent: list[list[float]] = field(default_factory=list)  # [from minute, to minute]: no data

    def meets(self, spec: SeriesSpec) -> bool:
        """Whether this is about that metric; ``*`` stands for every namespace and metric."""
        return (
            self.namespace in ("*", spec.namespace)
            and self.metric in ("*", spec.metric)
            and self.dimensions.items() <= spec.dimensions.items()
        )


@dataclass(frozen=True)
class GameDay:
    """One scenario file: titles and stories by language, and the moments at which the board says something."""

    key: str
    title: dict[str, str]
    story: dict[str, str]
    minutes: int
    region: str
    series: list[Twist]
    health: list[dict[str, Any]]
    moments: list[dict[str, Any]]  # {at_min, where, says: {en, ko}}

    def told(self) -> dict[str, Any]:
        """What the portal may know: all but what is done to the metrics."""
        return {key: value for key, value in asdict(self).items() if key not in ("series", "health")}


@dataclass(frozen=True)
class Injection:
    """A game day that was begun in an account, at an epoch second."""

    key: str
    account: str
    at: int


def known() -> dict[str, GameDay]:
    """Every game day that ships, by key; an unknown word in a file is an error."""
    return {path.stem: _load(path) for path in sorted(FOLDER.glob("*.toml"))}


def _load(path: Path) -> GameDay:
    with path.open("rb") as file:
        data = tomllib.load(file)
    twists = [Twist(**row) for row in data.pop("series", [])]
    return GameDay(key=path.stem, series=twists, health=data.pop("health", []), **data)


def twisted(spec: SeriesSpec, twist: Twist, start: int, base) -> SeriesSpec:
    """The metric's story until minute ``start``, then the game day's, then its own again."""
    points = spec.points
    if twist.points:
        end = start + twist.points[-1][0] + BACK_MIN
        points = [
            *([point for point in spec.points if point[0] < start] or [[start - 1, spec.level]]),
            [start, base(start)],
            *([start + minute, value] for minute, value in twist.points),
            [end, base(end)],
            *(point for point in spec.points if point[0] > end),
        ]
    silent = [[start + begin, start + end] for begin, end in twist.silent]
    until = None if twist.points else spec.until_min
    return replace(spec, points=points, gaps=[*spec.gaps, *silent], until_min=until)


def events(day: GameDay, injection: Injection, start: int) -> list[HealthSpec]:
    """The game day's own AWS Health events, in the scenario's minutes, about the account alone."""
    found = []
    for row in day.health:
        timeline = [{**entry, "at_min": start + entry["at_min"]} for entry in row["timeline"]]
        entities = [
            {
                "account": injection.account,
                "value": entity["value"],
                "states": [[start + minute, status] for minute, status in entity["states"]],
            }
            for entity in row.get("entities", [])
        ]
        words = row | {
            "id": f"{row['id']}-{start}",
            "accounts": [injection.account],
            "start_min": start + row["start_min"],
            "timeline": timeline,
            "entities": entities,
        }
        found.append(HealthSpec(**words))
    return found


def kept(file: Path) -> list[Injection]:
    """What was begun and not ended, from a file that outlives the process."""
    try:
        return [Injection(**row) for row in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def keep(file: Path, injections: list[Injection]) -> None:
    """Write it down for the next start."""
    file.write_text(json.dumps([asdict(one) for one in injections]), encoding="utf-8")
