"""What an import would change in one section now, row by row, as people read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import bulk, types
from workbook.bulk import Batch
from workbook.catalogue import FORM, Section, Table
from workbook.exchange import words
from workbook.exchange.parsed import Parsed, Part, Wish, parts_of
from workbook.models import Cell, CellChange, Import
from workbook.types import Setting

#: How many changes one page shows; a form may post no more than a thousand answers.
MAX_SHOWN = 300
TAKEN, OPEN = frozenset({"changed", "merged"}), frozenset({"changed", "merged", "conflict"})


@dataclass(frozen=True)
class Change:
    """One cell of the file beside the same cell of the workbook."""

    wish: Wish
    label: dict | str
    kind: str
    before: str
    after: str
    message: str = ""
    base: str = ""
    version: int = 0
    theirs_by: str = ""

    @property
    def fits(self) -> bool:
        """Whether it can be applied as it is."""
        return self.kind in TAKEN


@dataclass
class RowChanges:
    """The changes of one row; a new row is applied as a whole or cell by cell."""

    title: str
    is_new: bool
    row: str = ""
    changes: list[Change] = field(default_factory=list)


@dataclass
class TableChanges:
    """The changes of one table, and the rows that the file has no more, as number and title."""

    table: Table
    sheet: str
    rows: list[RowChanges] = field(default_factory=list)
    missing: list[tuple[int, str]] = field(default_factory=list)


@dataclass
class SectionChanges:
    """The changes of one section; ``more`` are not shown before some of these are applied."""

    section: Section
    tables: list[TableChanges]
    counts: Counter
    more: int = 0


def open_wishes(found: Import, part: Part) -> list[Wish]:
    """The wishes of a part that nobody has applied or given up."""
    return [wish for wish in part.wishes if str(wish.number) not in found.settled]


def open_missing(found: Import, part: Part) -> list[int]:
    """The rows that could be deleted and were not yet."""
    return [row for row in part.missing if f"d{row}" not in found.settled]


def left_of(found: Import) -> dict:
    """The content of an import without what was settled; nothing of a file that was never mapped."""
    parts = [
        replace(part, wishes=open_wishes(found, part), missing=open_missing(found, part))
        for part in parts_of(found.content)
    ]
    return Parsed(parts).content() if any(part.wishes or part.missing for part in parts) else {}


def open_counts(found: Import) -> dict[str, int]:
    """How many things of each section wait for a decision, in the file's order."""
    counts: Counter = Counter()
    for part in parts_of(found.content):
        counts[part.section] += len(open_wishes(found, part)) + len(open_missing(found, part))
    return {section: count for section, count in counts.items() if count}


def of_section(
    engagement: Engagement, found: Import, section: Section, sections: list[Section]
) -> SectionChanges:
    """What the import would do to one section now. Five queries, and those of names, however many tables."""
    reviewer = _Reviewer(engagement, found, section, sections)
    reviewer.read([part for part in parts_of(found.content) if part.section == section.key])
    return reviewer.result


@dataclass(frozen=True)
class _Piece:
    """One table of the section: what the page shows of its wishes, and the rows that the file has no more."""

    part: Part
    table: Table
    wishes: list[Wish]
    missing: list[int]

    @property
    def readable(self) -> list[Wish]:
        """The wishes whose cells could be read."""
        return [wish for wish in self.wishes if not wish.problem]


class _Reviewer:
    """Collects the tables of one section."""

    def __init__(self, engagement: Engagement, found: Import, section: Section, sections: list[Section]):
        self.engagement = engagement
        self.found = found
        self.section = section
        self.setting = Setting.of(engagement, sections)
        self.result = SectionChanges(section, [], Counter())
        self.room = MAX_SHOWN

    def read(self, parts: list[Part]) -> None:
        """All tables at once: what is asked of the database is asked for all of them together."""
        pieces = [piece for part in parts if (piece := self._piece(part))]
        batches = [
            Batch(self.section, piece.table, [wish.edit(self.found.made) for wish in piece.readable])
            for piece in pieces
        ]
        planned = bulk.plan_all(engagement=self.engagement, batches=batches, setting=self.setting)
        outcomes = {
            wish.number: outcome
            for piece, found in zip(pieces, planned, strict=True)
            for wish, outcome in zip(piece.readable, found, strict=True)
        }
        bases, titles = self._bases(outcomes), self._titles(pieces)
        for piece in pieces:
            changes = [
                self._change(piece.table, wish, outcomes.get(wish.number), bases) for wish in piece.wishes
            ]
            gone = [(row, titles.get(row, f"#{row}")) for row in piece.missing]
            view = TableChanges(piece.table, piece.part.sheet, missing=gone)
            self._group(view, changes, titles)
            self.result.counts.update(change.kind for change in changes)
            self.result.tables.append(view)

    def _piece(self, part: Part) -> _Piece | None:
        """One table of the file; None when nothing of it waits."""
        table = self.section.table(part.table)
        wishes, missing = open_wishes(self.found, part), open_missing(self.found, part)
        if table is None or not (wishes or missing):
            return None
        self.result.more += max(0, len(wishes) - self.room)
        wishes = wishes[: self.room]
        self.room -= len(wishes)
        return _Piece(part, table, wishes, missing)

    def _change(self, table: Table, wish: Wish, outcome: bulk.Outcome | None, bases: dict) -> Change:
        spec = table.by_key.get(wish.field)
        label = spec.heading if spec else wish.field
        if outcome is None:
            return Change(wish, label, "invalid", "", wish.text, words.problem(wish.problem))
        base = bases.get((outcome.row_id, wish.field, wish.base)) if outcome.kind == "conflict" else None
        return Change(
            wish=wish,
            label=label,
            kind=outcome.kind,
            before=outcome.shown_from,
            after=outcome.shown_to,
            message=outcome.message,
            base=types.show(spec, base, self.setting) if spec else "",
            version=outcome.version,
            theirs_by=outcome.theirs_by,
        )

    def _bases(self, outcomes: dict[int, bulk.Outcome]) -> dict:
        """What conflicting cells held when the file left. One query, or none."""
        torn = [outcome for outcome in outcomes.values() if outcome.kind == "conflict"]
        if not torn:
            return {}
        lines = CellChange.objects.filter(
            engagement_id=self.engagement.pk,
            section=self.section.key,
            row_id__in={outcome.row_id for outcome in torn},
            field__in={outcome.edit.field for outcome in torn},
        )
        found = lines.order_by().values_list("row_id", "field", "version", "value_to")
        return {(row, key, version): value for row, key, version, value in found}

    def _titles(self, pieces: list[_Piece]) -> dict[int, str]:
        """What rows are called. One query."""
        specs = {
            piece.table.title: piece.table.by_key[piece.table.title]
            for piece in pieces
            if piece.table.title in piece.table.by_key
        }
        rows = {number for piece in pieces for wish in piece.wishes if (number := whole(wish.row or ""))}
        rows |= {row for piece in pieces for row in piece.missing} | set(self.found.made.values())
        if not specs or not rows:
            return {}
        cells = Cell.objects.filter(row__in=rows, row__engagement=self.engagement, field__in=specs)
        found = cells.exclude(value=None).values_list("row_id", "field", "value")
        return {row: types.show(specs[field], value, self.setting) for row, field, value in found}

    def _group(self, view: TableChanges, changes: list[Change], titles: dict[int, str]) -> None:
        groups: dict[str, RowChanges] = {}
        for change in changes:
            wish = change.wish
            key = wish.row if wish.row is not None else wish.new_row
            if key not in groups:
                groups[key] = self._row(view.table, wish, titles)
            group = groups[key]
            if group.is_new and wish.field == view.table.title:
                group.title = change.after
            group.changes.append(change)
        view.rows = list(groups.values())

    def _row(self, table: Table, wish: Wish, titles: dict[int, str]) -> RowChanges:
        row = wish.row if wish.row is not None else str(self.found.made.get(wish.new_row, ""))
        if table.kind == FORM:
            return RowChanges("", is_new=False, row=row)
        return RowChanges(titles.get(whole(row), ""), is_new=not row, row=row)
