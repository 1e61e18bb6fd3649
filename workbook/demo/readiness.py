"""The demo's way to readiness: colours over six weeks, a colour set by hand, freezes and both signatures."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from engagements.models import Engagement
from iem_portal.registry import demo_parts
from workbook.models import CellChange, Freeze, Override, Reading, Row, Signature
from workbook.readiness import progress
from workbook.scorecard import board, freezing
from workbook.scorecard.content import content_of
from workbook.scorecard.freezing import day_of, plain_progress

DAY = timedelta(days=1)
#: Never in a freeze, so never taken back in one.
SECRETS = {"wr_bridge_pin", "ac_external_id"}
#: Days from T0 and the colour from then on; grey before, what the rules say at the end.
PATHS = {
    "availability": ((-28, "RED"), (-20, "YELLOW")),
    "stability": ((-35, "YELLOW"), (-8, "GREEN")),
    "capacity": ((-28, "RED"), (-12, "YELLOW")),
    "load_balancers": ((-21, "YELLOW"), (-3, "GREEN")),
    "load_test": ((-28, "YELLOW"), (-19, "RED"), (-9, "YELLOW")),
    "trusted_advisor": ((-30, "RED"), (-16, "YELLOW")),
    "ddos": ((-24, "YELLOW"), (-10, "GREEN")),
    "monitoring": ((-21, "RED"), (-14, "YELLOW")),
    "runbook": ((-16, "YELLOW"),),
    "people": ((-40, "YELLOW"), (-9, "GREEN")),
    "data": ((-21, "YELLOW"), (-8, "GREEN")),
    "third_parties": ((-28, "YELLOW"), (-6, "GREEN")),
    "risks": ((-28, "RED"), (-11, "YELLOW")),
    "health": ((-14, "YELLOW"),),
}
#: From this day on the colours are those of today.
SETTLED = -4
#: Name, kind, days from T0, who made it, percent that was filled. The gates freeze by themselves.
FREEZES = (
    ("Before the second load test", Freeze.Kind.HAND, -12, "customer", 78),
    ("", Freeze.Kind.SIGNING, -7, "tam", 90),
)


@demo_parts.register
class ReadinessPart:
    """Written as rows, because the story's days have passed; what was answered then is read from the history."""

    key = "workbook_readiness"
    #: After the workbook, before the gate to the execute phase.
    order = 24

    def seed(self, world: SimpleNamespace, now: datetime) -> None:
        """Readings day by day, an override, two freezes and both signatures."""
        engagement = Engagement.objects.select_related("customer").get(pk=world.engagement.pk)
        self._override(engagement, world)
        whole = progress(engagement, now)
        lines = board.lines(engagement, whole.outline, now)
        content = content_of(engagement, whole.outline)
        for name, kind, days, who, percent in FREEZES:
            at = world.t0 + days * DAY
            Freeze.objects.create(
                engagement=engagement, number=freezing.next_number(engagement), name=name, kind=kind,
                **_then(engagement, content, at), **_as_it_stood(whole, lines, days, percent),
                made_at=at, made_by_id=world.people[who].pk, made_by_name=world.people[who].name,
            )  # fmt: skip
        self._readings(engagement, world.t0, whole.percent, {line.key: line.colour for line in lines})
        self._signatures(engagement, world)

    def _override(self, engagement: Engagement, world: SimpleNamespace) -> None:
        Override.objects.create(
            engagement=engagement, line="stability", colour="GREEN", worked_out="GREY",
            reason="No case is open. The two throttling cases of October had one cause, fixed on the 14th.",
            by_id=world.people["tam"].pk, by_name=world.people["tam"].name, at=world.t0 - 8 * DAY,
        )  # fmt: skip

    def _readings(self, engagement: Engagement, t0: datetime, percent: int, today: dict[str, str]) -> None:
        freezes = {
            freeze.made_at: freeze for freeze in Freeze.objects.filter(engagement=engagement, reading=None)
        }
        moments = [(t0 - days * DAY, None) for days in range(42, 0, -1)] + list(freezes.items())
        Reading.objects.bulk_create(
            Reading(
                engagement=engagement, day=day_of(engagement, at), freeze=freeze, taken_at=at,
                colours={
                    line: {"colour": colour, "worked_out": colour}
                    for line, colour in colours_at((at - t0).days, today).items()
                },
                percent=max(4, round(percent * (1 - (t0 - at) / (43 * DAY)))), late=0,
            )
            for at, freeze in moments
        )  # fmt: skip

    def _signatures(self, engagement: Engagement, world: SimpleNamespace) -> None:
        freeze = Freeze.objects.get(engagement=engagement, kind=Freeze.Kind.SIGNING)
        said = (
            ("aws", "go", "", "tam", 0, timedelta(0)),
            ("customer", "conditions", "The sending quota is granted before the first mail leaves, and the load test "
             "of the second exam fleet is repeated.", "customer", 3, 5 * timedelta(hours=1)),
        )  # fmt: skip
        for side, result, words, who, seen, later in said:
            person = world.people[who]
            Signature.objects.create(
                engagement=engagement, side=side, result=result, words=words, freeze=freeze, changes_seen=seen,
                by_id=person.pk, by_name=person.name, at=freeze.made_at + later,
            )  # fmt: skip


def colours_at(days: int, today: dict[str, str]) -> dict[str, str]:
    """The colour of every line so many days from T0; a line that nobody can judge today never could."""
    found = {}
    for line, last in today.items():
        passed = [colour for since, colour in PATHS[line] if since <= days]
        earlier = "GREY" if last == "GREY" or not passed else passed[-1]
        found[line] = last if days >= SETTLED else earlier
    return found


def _then(engagement: Engagement, content: dict, at: datetime) -> dict:
    """The content as it was at an instant: later rows left out, later values taken back by the history."""
    later = set(Row.objects.filter(engagement=engagement, created_at__gt=at).values_list("pk", flat=True))
    keys = {
        (row.section, row.table, row.key): row.pk
        for row in Row.objects.filter(engagement=engagement).exclude(key="")
    }
    changes = (
        CellChange.objects.filter(engagement_id=engagement.pk, at__lte=at)
        .exclude(field="")
        .order_by("at", "pk")
    )
    values = {(one.row_id, one.field): one for one in changes}
    rows = []
    for row in content["rows"]:
        pk = int(row["row"]) if row["row"].isdigit() else keys.get((row["section"], row["table"], row["row"]))
        if row["row"].isdigit() and pk in later:
            continue
        cells = {
            field: cell if field in SECRETS else _cell(values.get((pk, field)), cell)
            for field, cell in row["cells"].items()
        }
        rows.append(row | {"cells": {field: cell for field, cell in cells.items() if cell}})
    count = sum(len(row["cells"]) for row in rows)
    return {"content": content | {"rows": rows}, "cell_count": count}


def _cell(change: CellChange | None, cell: list) -> list | None:
    if not cell[1]:
        # What the engagement itself answers has no history here.
        return cell
    if change is None or change.value_to is None:
        return None
    return [change.value_to, change.version, change.by_name, change.at.isoformat(timespec="seconds")]


def _as_it_stood(whole, lines: list, days: int, percent: int) -> dict:
    """Progress and scorecard of an earlier day, scaled from today's."""
    share = percent / max(whole.percent, percent, 1)
    kept = plain_progress(whole)
    for part in (kept, *kept["sections"]):
        part["filled"] = int(part["filled"] * share)
        part["percent"] = part["filled"] * 100 // part["required"] if part["required"] else 100
        part["late"] = 0
    colours = colours_at(days, {line.key: line.colour for line in lines})
    return {
        "progress": kept,
        "scorecard": [
            {"key": line, "colour": colour, "worked_out": colour, "reasons": []}
            for line, colour in colours.items()
        ],
    }
