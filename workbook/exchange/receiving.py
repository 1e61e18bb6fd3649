"""Takes an uploaded file in: reads it, compares it, and keeps what it wants until somebody has reviewed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import F

from engagements.models import Engagement
from iem_portal.texts import can_be_kept
from workbook import bulk, editions
from workbook.catalogue import Section, Table
from workbook.exchange import foreign, grids, keyed, lines
from workbook.exchange.parsed import Parsed, Part, parts_of
from workbook.exchange.safezip import Unreadable
from workbook.models import Import

State, Kind = Import.State, Import.Kind


def receive(*, engagement: Engagement, file: BinaryIO, file_name: str, by, now: datetime) -> Import:
    """The import of an uploaded file, ready to be reviewed, or to be mapped when it has no keys of ours.

    An earlier import of the same person that is still open is dropped. Raises Unreadable with a code.
    """
    found = grids.read(file)
    sections = editions.sections(engagement)
    if lines.is_ours(found):
        parsed = lines.parse(found[0], engagement, sections)
    elif keyed.is_ours(found):
        _check_home(keyed.base_of(found).reference, engagement)
        parsed = keyed.parse(found, engagement, sections)
    else:
        content = foreign.kept(found)
        if not content["sheets"]:
            raise Unreadable("no_cells")
        kept = {"kind": Kind.FOREIGN, "state": State.MAPPING}
        content["mapping"] = foreign.guess(content, sections, engagement.event_type)
        return _keep(engagement, kept | {"content": content}, file_name, by, now)
    return _keep(engagement, {"kind": Kind.KEYED} | _ready(engagement, parsed, now), file_name, by, now)


def _check_home(reference: str, engagement: Engagement) -> None:
    if reference and reference != engagement.reference:
        raise Unreadable("elsewhere", reference=reference[:40])


def _ready(engagement: Engagement, parsed: Parsed, now: datetime) -> dict:
    """The columns of an import that can be reviewed: what the workbook holds already is settled at once."""
    settled = {str(number): "same" for part in parsed.parts for number in _compared(engagement, part)}
    is_open = any(str(wish.number) not in settled for part in parsed.parts for wish in part.wishes)
    is_open = is_open or any(part.missing for part in parsed.parts)
    words = {"notices": parsed.notices, "untouched": parsed.untouched + len(settled)}
    if not is_open:
        return words | {"state": State.DONE, "ended_at": now, "content": {}}
    return words | {"state": State.REVIEW, "content": parsed.content(), "settled": settled, "ended_at": None}


def _compared(engagement: Engagement, part: Part) -> list[int]:
    """The wishes of a part that change nothing; those without a version get the one that they are compared with."""
    section = next(found for found in editions.sections(engagement) if found.key == part.section)
    readable = {wish.number: wish for wish in part.wishes if not wish.problem}
    edits = [wish.edit({}) for wish in readable.values()]
    outcomes = planned(engagement, section, section.table(part.table), edits)
    found = dict(zip(readable, outcomes, strict=True))
    for place, wish in enumerate(part.wishes):
        if wish.base is None and wish.row is not None and wish.number in found:
            part.wishes[place] = replace(wish, base=found[wish.number].version)
    return [number for number, outcome in found.items() if outcome.kind == "same"]


def planned(engagement: Engagement, section: Section, table: Table, edits: list) -> list[bulk.Outcome]:
    """What would become of these edits; no query for none."""
    return bulk.plan(engagement=engagement, section=section, table=table, edits=edits) if edits else []


def _keep(engagement: Engagement, words: dict, file_name: str, by, now: datetime) -> Import:
    with transaction.atomic():
        drop_open(engagement, by=by, now=now)
        return Import.objects.create(
            engagement=engagement,
            file_name=file_name[:200] if file_name and can_be_kept(file_name) else "workbook",
            created_at=now,
            by_id=by.pk,
            by_name=by.name,
            **words,
        )


def drop_open(engagement: Engagement, *, by, now: datetime) -> None:
    """End every import that this person left open; what was applied of it stays."""
    mine = Import.objects.filter(engagement=engagement, by_id=by.pk, ended_at=None)
    mine.update(state=State.DROPPED, ended_at=now, content={}, version=F("version") + 1)


def end(*, engagement: Engagement, found: Import, now: datetime) -> None:
    """Close an import; what was not applied of it is forgotten. Closing twice is fine."""
    state = State.DONE if "changed" in found.settled.values() else State.DROPPED
    open_one = Import.objects.filter(engagement=engagement, pk=found.pk, ended_at=None)
    open_one.update(state=state, ended_at=now, content={}, version=F("version") + 1)


def remap(
    *, engagement: Engagement, found: Import, mapping: list[dict], now: datetime, is_final: bool
) -> Import:
    """Keep a person's choice of tables and columns; the final one turns the file's texts into wishes.

    Nothing is done when somebody else was quicker. Raises Unreadable when too much would change.
    """
    if is_final:
        parsed = foreign.parse(found.content, mapping, engagement, editions.sections(engagement))
        words = _ready(engagement, parsed, now)
    else:
        words = {"content": found.content | {"mapping": mapping}}
    waiting = Import.objects.filter(pk=found.pk, version=found.version, state=State.MAPPING)
    waiting.update(version=F("version") + 1, **words)
    return Import.objects.get(pk=found.pk)


__all__ = ["drop_open", "end", "parts_of", "planned", "receive", "remap"]
