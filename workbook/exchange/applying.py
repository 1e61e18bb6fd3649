"""Applies what a person ticked of an import: by the rule of every cell, once, and the rest stays open."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import F

from engagements.models import Engagement
from workbook import bulk, editions, rows
from workbook.catalogue import Section
from workbook.exchange.parsed import Part, Wish, parts_of
from workbook.exchange.receiving import Overtaken, check_decides
from workbook.exchange.review import open_counts, open_missing, open_wishes
from workbook.models import CellChange, Import, Row

__all__ = ["Overtaken", "Picks", "apply"]

State = Import.State
#: What the file's author wanted is there.
_FULFILLED = frozenset({"changed", "merged", "same"})


@dataclass(frozen=True)
class Picks:
    """What a person wants applied: everything that fits, of one section or of all, or the ticked numbers.

    ``mine`` are conflicts to be settled with the file's value against the version that was shown; ``theirs``
    leave the workbook's; ``deleted`` are rows to be put aside.
    """

    section: str = ""
    is_all: bool = False
    numbers: frozenset[int] = frozenset()
    mine: dict[int, int] = field(default_factory=dict)
    theirs: frozenset[int] = frozenset()
    deleted: frozenset[int] = frozenset()

    def wants(self, wish: Wish) -> bool:
        """Whether this wish is to be applied."""
        return not wish.problem and (self.is_all or wish.number in self.numbers or wish.number in self.mine)


def apply(*, engagement: Engagement, found: Import, picks: Picks, by, now: datetime) -> Counter:
    """Apply what was picked; how many cells became what. Applying again writes nothing twice.

    One transaction a table. Raises PermissionDenied for anybody but the import's owner or the TAM, whose
    cells then name both; Overtaken when somebody else works on the import at the same moment: tables that were
    done before stay done. Nothing of an import that has ended is applied.
    """
    check_decides(engagement, found, by)
    if found.state != State.REVIEW:
        return Counter()
    known = {section.key: section for section in editions.sections(engagement)}
    counts: Counter = Counter()
    for part in parts_of(found.content):
        if part.section in known and picks.section in ("", part.section):
            counts += _apply_part(engagement, found, known[part.section], part, picks, by, now)
    if not open_counts(found):
        _finish(found, now)
    return counts


def _apply_part(
    engagement, found: Import, section: Section, part: Part, picks: Picks, by, now: datetime
) -> Counter:
    wishes = [wish for wish in open_wishes(found, part) if picks.wants(wish)]
    kept = [wish for wish in open_wishes(found, part) if wish.number in picks.theirs and wish not in wishes]
    gone = [row for row in open_missing(found, part) if row in picks.deleted]
    table = section.table(part.table)
    if table is None or not (wishes or kept or gone):
        return Counter()
    settled, made = dict(found.settled), dict(found.made)
    with transaction.atomic():
        _claim(found)
        outcomes = bulk.save(
            engagement=engagement,
            section=section,
            table=table,
            edits=[_edit(wish, made, picks) for wish in wishes],
            by=by,
            now=now,
            how=CellChange.How.IMPORTED,
            proposed_by_name="" if found.by_id == by.pk else found.by_name,
        )
        for wish, outcome in zip(wishes, outcomes, strict=True):
            if outcome.kind in _FULFILLED:
                settled[str(wish.number)] = outcome.kind
            if wish.new_row and outcome.row_id:
                made[wish.new_row] = outcome.row_id
        settled |= {str(wish.number): "kept" for wish in kept}
        own = _own(engagement, part, gone)
        settled |= {f"d{row}": _delete(engagement, row, by, now) if row in own else "gone" for row in gone}
        Import.objects.filter(pk=found.pk).update(settled=settled, made=made)
    found.settled, found.made = settled, made
    return Counter(outcome.kind for outcome in outcomes) + Counter(
        kept=len(kept), deleted=sum(settled[f"d{row}"] == "deleted" for row in gone)
    )


def _claim(found: Import) -> None:
    """Hold the import until the transaction ends. Raises Overtaken when its version is another one."""
    held = Import.objects.filter(pk=found.pk, version=found.version, state=State.REVIEW)
    if not held.update(version=F("version") + 1):
        raise Overtaken
    found.version += 1


def _edit(wish: Wish, made: dict[str, int], picks: Picks) -> bulk.Edit:
    """The edit of a wish; a settled conflict is written over the version that the person saw."""
    edit = wish.edit(made)
    if wish.number in picks.mine and edit.row is not None:
        return replace(edit, base_version=picks.mine[wish.number])
    return edit


def _own(engagement: Engagement, part: Part, gone: list[int]) -> set[int]:
    """Those of the rows that are this table's: the numbers stood in a file, which anybody can edit."""
    if not gone:
        return set()
    rows_here = Row.objects.filter(engagement=engagement, section=part.section, table=part.table, pk__in=gone)
    return set(rows_here.order_by().values_list("pk", flat=True))


def _delete(engagement: Engagement, row: int, by, now: datetime) -> str:
    try:
        rows.delete(engagement=engagement, row=row, by=by, now=now)
    except rows.RowMissing:
        return "gone"
    return "deleted"


def _finish(found: Import, now: datetime) -> None:
    """Nothing is left to decide."""
    last = Import.objects.filter(pk=found.pk, version=found.version, state=State.REVIEW)
    if last.update(state=State.DONE, ended_at=now, content={}, version=F("version") + 1):
        found.state, found.ended_at, found.content = State.DONE, now, {}
