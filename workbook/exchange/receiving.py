"""Takes an uploaded file in: reads it, compares it, and keeps what it wants until somebody has reviewed it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

from django.db import transaction
from django.db.models import F

from engagements.access import Permission, check
from engagements.models import Engagement
from iem_portal.texts import can_be_kept
from workbook import bulk, editions
from workbook.bulk import Batch
from workbook.exchange import foreign, grids, keyed, lines
from workbook.exchange.parsed import Parsed, Part
from workbook.exchange.review import TAKEN, left_of
from workbook.exchange.safezip import Unreadable
from workbook.models import Import, Row

State, Kind = Import.State, Import.Kind


class Overtaken(Exception):
    """Somebody else applied or closed this import at the same moment; look at it again."""


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
    settled = {str(number): "same" for number in _compared(engagement, parsed.parts)}
    _keep_own_rows(engagement, parsed.parts)
    is_open = any(str(wish.number) not in settled for part in parsed.parts for wish in part.wishes)
    is_open = is_open or any(part.missing for part in parsed.parts)
    words = {"notices": parsed.notices, "untouched": parsed.untouched + len(settled)}
    if not is_open:
        return words | {"state": State.DONE, "ended_at": now, "content": {}}
    return words | {"state": State.REVIEW, "content": parsed.content(), "settled": settled, "ended_at": None}


def _compared(engagement: Engagement, parts: list[Part]) -> list[int]:
    """The wishes that change nothing; those without a version get the one that they are compared with."""
    sections = {section.key: section for section in editions.sections(engagement)}
    readable = [[wish for wish in part.wishes if not wish.problem] for part in parts]
    batches = [
        Batch(
            sections[part.section], sections[part.section].table(part.table), [each.edit({}) for each in some]
        )
        for part, some in zip(parts, readable, strict=True)
    ]
    found = {
        wish.number: outcome
        for some, outcomes in zip(
            readable, bulk.plan_all(engagement=engagement, batches=batches), strict=True
        )
        for wish, outcome in zip(some, outcomes, strict=True)
    }
    for part in parts:
        for place, wish in enumerate(part.wishes):
            if wish.base is None and wish.row is not None and wish.number in found:
                part.wishes[place] = replace(wish, base=found[wish.number].version)
    return [number for number, outcome in found.items() if outcome.kind == "same"]


def _keep_own_rows(engagement: Engagement, parts: list[Part]) -> None:
    """Offer only rows of the very table for deletion: the numbers come from the file, and files can be edited."""
    gone = {row for part in parts for row in part.missing}
    live = Row.objects.filter(engagement=engagement, pk__in=gone, key="", deleted_at=None) if gone else None
    homes = {pk: home for pk, *home in live.values_list("pk", "section", "table")} if gone else {}
    for part in parts:
        part.missing = [row for row in part.missing if homes.get(row) == [part.section, part.table]]


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
    """Close every import that this person left open; what was applied stays, and so does what was not, to be read."""
    for found in Import.objects.filter(engagement=engagement, by_id=by.pk, ended_at=None):
        _close(found, by, now)


def check_decides(engagement: Engagement, found: Import, by) -> None:
    """An import is its uploader's: raises PermissionDenied for anybody else but the TAM or an administrator."""
    if found.by_id != by.pk:
        check(by, engagement, Permission.DRIVE)


def close(*, engagement: Engagement, found: Import, base_version: int, by, now: datetime) -> None:
    """End an import; what was not applied of it stays readable. Closing one that has ended is fine.

    ``base_version`` is what the person saw when they were asked. Raises PermissionDenied for anybody but its
    owner or the TAM, Overtaken when something was applied since.
    """
    check_decides(engagement, found, by)
    if found.ended_at is None and (found.version != base_version or not _close(found, by, now)):
        raise Overtaken


def _close(found: Import, by, now: datetime) -> int:
    """How many imports were closed: none when somebody was quicker."""
    is_applied = not TAKEN.isdisjoint(found.settled.values())
    last = Import.objects.filter(pk=found.pk, version=found.version, ended_at=None)
    return last.update(
        state=State.DONE if is_applied else State.DROPPED,
        ended_at=now,
        ended_by_name=by.name,
        content=left_of(found),
        version=F("version") + 1,
    )


def remap(
    *, engagement: Engagement, found: Import, mapping: list[dict], by, now: datetime, is_final: bool
) -> Import:
    """Keep a person's choice of tables and columns; the final one turns the file's texts into wishes.

    Nothing is done when somebody else was quicker. Raises Unreadable when too much would change,
    PermissionDenied for anybody but the import's owner or the TAM.
    """
    check_decides(engagement, found, by)
    if is_final:
        parsed = foreign.parse(found.content, mapping, engagement, editions.sections(engagement))
        words = _ready(engagement, parsed, now)
    else:
        words = {"content": found.content | {"mapping": mapping}}
    waiting = Import.objects.filter(pk=found.pk, version=found.version, state=State.MAPPING)
    waiting.update(version=F("version") + 1, **words)
    return Import.objects.get(pk=found.pk)
