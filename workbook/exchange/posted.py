"""Reads the forms of an import: what was ticked and chosen on a review, which column was given which field."""

from __future__ import annotations

from django.http import QueryDict

from iem_portal.numbers import whole
from workbook.catalogue import FORM
from workbook.exchange.applying import Picks
from workbook.exchange.foreign import Candidate, fitted

MINE, THEIRS = "mine", "theirs"


def picks_of(post: QueryDict) -> Picks:
    """What was ticked: ``w`` changes, ``d`` rows to delete, ``c-<number>`` either theirs or mine-<version seen>.

    ``act`` is the button: ticked, section (all that fits of the shown one) or all (of every section).
    """
    act = post.get("act", "")
    mine, theirs = {}, set()
    for name, value in post.items():
        number = whole(name.removeprefix("c-")) if name.startswith("c-") else None
        if number is None:
            continue
        side, _dash, version = value.partition("-")
        if side == MINE and whole(version) is not None:
            mine[number] = whole(version)
        elif side == THEIRS:
            theirs.add(number)
    return Picks(
        section="" if act == "all" else post.get("shown", "")[:20],
        is_all=act in {"section", "all"},
        numbers=_numbers(post, "w"),
        mine=mine,
        theirs=frozenset(theirs),
        deleted=_numbers(post, "d"),
    )


def _numbers(post: QueryDict, name: str) -> frozenset[int]:
    return frozenset(number for text in post.getlist(name) if (number := whole(text)) is not None)


def mapping_of(post: QueryDict, content: dict, known: list[Candidate]) -> list[dict]:
    """The chosen table of each sheet and the field of each of its places; a newly chosen table is guessed anew."""
    tables = {each.key: each for each in known}
    before = content.get("mapping", [])
    return [
        _choice(post, number, sheet, before[number], tables) for number, sheet in enumerate(content["sheets"])
    ]


def _choice(post: QueryDict, number: int, sheet: dict, before: dict, tables: dict[str, Candidate]) -> dict:
    each = tables.get(post.get(f"t{number}", ""))
    if each is None:
        return {"table": "", "head": 0, "fields": {}}
    if each.key != before["table"]:
        found = fitted(sheet, each)
        return {name: found[name] for name in ("table", "head", "fields")}
    fields: dict[str, str] = {}
    for place in places(sheet, before, each):
        key = post.get(f"f{number}-{place}", "")
        if key in each.names and key not in fields.values():
            fields[str(place)] = key
    return {"table": each.key, "head": before["head"], "fields": fields}


#: How many places of a sheet one page offers for choice; a form may post no more than a thousand answers.
MAX_PLACES = 60


def places(sheet: dict, choice: dict, each: Candidate) -> dict[int, tuple[str, str]]:
    """The places of a sheet that can be given a field, with what is called there and an example.

    Columns by their heading; for a form the rows by their question.
    """
    rows = sheet["rows"]
    if each.table.kind == FORM:
        texts = {number: [text for text in row if text] for number, row in enumerate(rows)}
        found = {number: (row[0], row[1]) for number, row in texts.items() if len(row) > 1}
    else:
        head = rows[choice["head"]] if choice["head"] < len(rows) else []
        found = {
            column: (text, _example(rows[choice["head"] + 1 :], column))
            for column, text in enumerate(head)
            if text
        }
    return dict(list(found.items())[:MAX_PLACES])


def _example(rows: list[list[str]], column: int) -> str:
    return next((row[column] for row in rows if column < len(row) and row[column]), "")
