"""Who is called at which level, and after how many minutes the next one is: the rows of WB22."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Q

from iem_portal.numbers import whole
from iem_portal.registry import matrices
from iem_portal.templatetags.portal import pick
from workbook.catalogue import newest
from workbook.models import Cell

SECTION, TABLE = "wb22", "levels"
# Where the people are whom a row may refer to.
CONTACTS, NAME, WHO = "wb03", "ct_name", "es_who"
_MINUTES = {
    "es_when": "critical",
    "es_when_urgent": "urgent",
    "es_when_high": "high",
    "es_when_normal": "normal",
    "es_when_low": "low",
}
_FIELDS = {"es_lane", "es_level", "es_node", WHO, "es_contact", "es_info", *_MINUTES}


@dataclass(frozen=True)
class Node:
    """One row: `lane` is tech, non-tech or customer-management; `minutes` at this level by severity code."""

    lane: str
    level: int
    node: str
    who: str
    contact: str
    info: str
    minutes: dict[str, int] = field(default_factory=dict)


@matrices.register
class Matrix:
    """The escalation matrix of the planning workbook, section WB22."""

    key = "workbook"

    def of(self, engagement: int) -> list[Node]:
        """Its rows in the order of the sheet; those without lane, level or person are not finished. One query."""
        own = Q(row__section=SECTION, row__table=TABLE, field__in=_FIELDS)
        people = Q(row__section=CONTACTS, field=NAME)
        cells = Cell.objects.filter(
            own | people, row__engagement=engagement, row__deleted_at=None, value__isnull=False
        ).order_by("row__position", "row_id")
        rows: dict[int, dict] = defaultdict(dict)
        names: dict[str, str] = {}
        for row, name, value in cells.values_list("row_id", "field", "value"):
            if name == NAME:
                names[f"#{row}"] = str(value)
            else:
                rows[row][name] = value if name == WHO else _plain(value)
        for row in rows.values():
            row[WHO] = _names(row.get(WHO), names)
        return [
            _node(row) for row in rows.values() if row.get("es_lane") and row[WHO] and _level(row) is not None
        ]


def _plain(value) -> str:
    """A text or number as text. A published template may ask for anything else here, of which nothing is read."""
    return str(value) if isinstance(value, str | int) else ""


def _names(who, names: dict[str, str]) -> str:
    """A contact of WB03 is kept by its row, and anybody else by name; one whose row is gone is nobody."""
    found = [_plain(one) for one in (who if isinstance(who, list) else [who])]
    found = [names.get(one, "") if one.startswith("#") else one for one in found]
    return ", ".join(filter(None, found))


def _level(row: dict) -> int | None:
    return whole(row.get("es_level", ""))


@cache
def _proposed() -> dict[str, dict]:
    """Both wordings of what the starter rows propose, by either of them."""
    tables = newest()[SECTION].tables
    starters = [one for table in tables if table.key == TABLE for one in table.starters]
    words = [value for one in starters for value in one.values.values() if isinstance(value, dict)]
    return {text: value for value in words for text in value.values()}


def _in_words(text: str) -> str:
    """What stands as the portal proposed it is read in the reader's language; what a person wrote stays."""
    return pick(_proposed().get(text, text))


def _node(row: dict) -> Node:
    minutes = {severity: whole(row.get(name, "")) for name, severity in _MINUTES.items()}
    return Node(
        lane=row["es_lane"],
        level=_level(row),
        node=row.get("es_node", ""),
        who=row[WHO],
        contact=_in_words(row.get("es_contact", "")),
        info=_in_words(row.get("es_info", "")),
        minutes={code: value for code, value in minutes.items() if value is not None},
    )
