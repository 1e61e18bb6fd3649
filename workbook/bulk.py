"""Saves many cells of one table at once, by the rule of a single cell: paste, fill down, undo, import, AWS."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, F, JSONField, Q, Value, When
from django.utils.translation import gettext as _

from engagements.models import Engagement
from workbook import announcing, authors, editions, rows, settling, types
from workbook.bulkreading import Batch, Known, read, read_all
from workbook.catalogue import Section, Table
from workbook.edits import KINDS, Edit, Outcome
from workbook.models import Cell, CellChange, Row
from workbook.settling import Kind, Verdict

__all__ = ["KINDS", "Batch", "Edit", "Outcome", "plan", "plan_all", "save"]

#: Cells of one UPDATE: its conditions stay far from what SQLite takes in one expression.
BATCH = 100
#: How often everything is looked at again when others keep writing first.
MAX_TRIES = 20
_WRITTEN = {Kind.WRITE: "changed", Kind.MERGE: "merged"}
_KEPT = {Kind.SAME: "same", Kind.THEIRS: "merged", Kind.CONFLICT: "conflict"}


class Overtaken(Exception):
    """Somebody wrote one of the cells between our look and our write; nothing of this try is kept."""


@dataclass(frozen=True)
class _Step:
    """One edit on its way: what it means, what is there, and what is to become of it."""

    outcome: Outcome
    value: Any = None
    cell: Cell | None = None
    verdict: Verdict | None = None


def plan(*, engagement: Engagement, section: Section, table: Table, edits: list[Edit]) -> list[Outcome]:
    """What :func:`save` would do with these edits now, one outcome each, in their order. Writes nothing.

    Four queries however many edits. ``row_id`` is None for a row that would be added.
    """
    [outcomes] = plan_all(engagement=engagement, batches=[Batch(section, table, edits)])
    return outcomes


def plan_all(
    *, engagement: Engagement, batches: list[Batch], setting: types.Setting | None = None
) -> list[list[Outcome]]:
    """The same for several tables, however many: one list each, in their order; no query for no edits."""
    known = read_all(engagement, batches, setting=setting)
    return [
        [step.outcome for step in _steps(each, batch.edits)]
        for each, batch in zip(known, batches, strict=True)
    ]


def save(
    *,
    engagement: Engagement,
    section: Section,
    table: Table,
    edits: list[Edit],
    by,
    now: datetime,
    how: str,
    proposed_by_name: str = "",
) -> list[Outcome]:
    """Save all edits that fit in one transaction; one outcome each, in their order, says what became of it.

    A bad edit never spoils the others and raises nothing. Rows of new values are added at the end of the
    table with their defaults. Somebody who writes meanwhile is never overwritten: the whole is looked at again.
    """
    author = authors.of(section.key, by)
    keep = _Keeper(author, now, how, proposed_by_name if author is by else "")
    with transaction.atomic():
        for _attempt in range(MAX_TRIES):
            try:
                with transaction.atomic():
                    return _try(engagement, section, table, edits, keep)
            except (IntegrityError, Overtaken):
                continue
    return [
        replace(outcome, kind="conflict", message=_("Others keep writing this cell."))
        if outcome.kind in {"changed", "merged"}
        else outcome
        for outcome in plan(engagement=engagement, section=section, table=table, edits=edits)
    ]


def _try(engagement, section: Section, table: Table, edits: list[Edit], keep: _Keeper) -> list[Outcome]:
    """One look and one write. Raises Overtaken or IntegrityError when somebody was quicker."""
    known = read(engagement, section, table, edits, is_locking=True)
    steps = _steps(known, edits)
    writing = [step for step in steps if step.verdict and step.verdict.is_write]
    if not writing:
        return [step.outcome for step in steps]
    editions.start(engagement, section, keep.now)
    made = _make_rows(known, [step.outcome.edit for step in writing], keep)
    written = {id(step): _written(step, made) for step in writing}
    keep.cells([written[id(step)] for step in writing], known, made)
    announcing.changed(engagement, section.key, now=keep.now)
    return [written.get(id(step), step).outcome for step in steps]


def _written(step: _Step, made: dict) -> _Step:
    """The step with the row and the version that it gets."""
    edit = step.outcome.edit
    row = made[_place(edit)].pk if _place(edit) in made else step.outcome.row_id
    version = step.cell.version + 1 if step.cell else 1
    return replace(step, outcome=replace(step.outcome, row_id=row, version=version))


def _place(edit: Edit) -> tuple[str, str]:
    """What the rows that have to be made are told apart by."""
    return ("new", edit.new_row) if edit.row is None else ("row", str(edit.row))


def _as_typed(value) -> str:
    """A value from outside for showing, without halves of characters; nothing of it is kept."""
    return "" if value is None else str(value)[:200].encode("utf-8", "replace").decode()


def _starts(known: Known, edits: list[Edit]) -> dict[tuple, Any]:
    """The starts among these edits, which their ends are measured against, whatever stands first."""
    fields = {field.options.get("not_before") for field in known.table.fields} & known.table.by_key.keys()
    found = {}
    for edit in edits:
        if edit.field in fields:
            with suppress(types.InvalidValue):
                found[_place(edit), edit.field] = types.clean(
                    known.table.by_key[edit.field], edit.value, known.setting
                )
    return found


def _steps(known: Known, edits: list[Edit]) -> list[_Step]:
    """Every edit with its outcome; the first of two for one cell counts."""
    steps, seen, starts = [], set(), _starts(known, edits)
    for edit in edits:
        step = _step(known, edit, starts)
        spot = (_place(edit), edit.field)
        if spot in seen and step.outcome.kind in {"changed", "merged", "same"}:
            words = _("A second value for the same cell.")
            step = _Step(replace(step.outcome, kind="invalid", message=words))
        seen.add(spot)
        steps.append(step)
    return steps


def _step(known: Known, edit: Edit, starts: dict) -> _Step:
    spec = known.table.by_key.get(edit.field)
    row = known.row(edit)
    outcome = Outcome(edit, "unknown", row_id=row.pk if row else None, shown_to=_as_typed(edit.value))
    if spec is None:
        return _Step(replace(outcome, message=_("There is no such column.")))
    if known.is_gone(edit):
        return _Step(replace(outcome, kind="gone", message=_("This row was deleted.")))
    if known.is_locked(edit, spec):
        return _Step(
            replace(outcome, kind="locked", message=_("This value is kept or worked out elsewhere."))
        )
    cell = known.cell(row, edit.field)
    was = types.show(spec, cell.value, known.setting) if cell else ""
    outcome = replace(outcome, shown_from=was, version=cell.version if cell else 0)
    try:
        value = types.clean(spec, edit.value, known.setting)
        known.check_order(edit, spec, value, starts.get((_place(edit), spec.options.get("not_before"))))
    except types.InvalidValue as error:
        return _Step(replace(outcome, kind="invalid", message=str(error)))
    return _settled(known, edit, spec, cell, value, outcome)


def _settled(known: Known, edit: Edit, spec, cell: Cell | None, value, outcome: Outcome) -> _Step:
    """The step after the shared rule has spoken."""
    verdict = settling.decide(
        mine=value,
        theirs=cell.value if cell else None,
        version=cell.version if cell else 0,
        base_version=edit.base_version,
        base=lambda: known.base(cell, edit.base_version),
        merges=types.type_of(spec).merges,
    )
    by = cell.updated_by_name if cell and verdict.kind in {Kind.MERGE, Kind.THEIRS, Kind.CONFLICT} else ""
    kind = _WRITTEN.get(verdict.kind) or _KEPT[verdict.kind]
    words = _("Somebody changed this cell meanwhile.") if kind == "conflict" else ""
    shown = types.show(spec, verdict.value, known.setting)
    return _Step(
        replace(outcome, kind=kind, shown_to=shown, theirs_by=by, message=words), value, cell, verdict
    )


def _make_rows(known: Known, edits: list[Edit], keep: _Keeper) -> dict[tuple[str, str], Row]:
    """The rows that these edits need and that are not there yet, by place; three queries at most."""
    wanted = {_place(edit): edit for edit in edits if known.row(edit) is None}
    fixed = {
        place: rows.resolve(
            engagement=known.engagement,
            section=known.section,
            table=known.table,
            row=place[1],
            by=keep.by,
            now=keep.now,
        )
        for place in wanted
        if place[0] == "row"
    }
    given: dict = {place: set() for place in wanted if place[0] == "new"}
    for edit in edits:
        if edit.row is None:
            given[_place(edit)].add(edit.field)
    defaults = rows.defaults(known.engagement, known.table, known.setting)
    made = rows.add_many(
        engagement=known.engagement,
        section=known.section,
        table=known.table,
        values=[{key: value for key, value in defaults.items() if key not in has} for has in given.values()],
        by=keep.by,
        now=keep.now,
    )
    return fixed | dict(zip(given, made, strict=True))


@dataclass(frozen=True)
class _Keeper:
    """Writes cells and their history under one name, instant and way."""

    by: Any
    now: datetime
    how: str
    proposed_by_name: str

    @property
    def _author(self) -> dict:
        return {"updated_at": self.now, "updated_by_id": self.by.pk, "updated_by_name": self.by.name}

    def cells(self, steps: list[_Step], known: Known, made: dict) -> None:
        """Insert, update and remember. Raises Overtaken or IntegrityError when somebody was quicker."""
        Cell.objects.bulk_create(
            Cell(
                row_id=step.outcome.row_id,
                field=step.outcome.edit.field,
                value=step.verdict.value,
                **self._author,
            )
            for step in steps
            if step.cell is None
        )
        old = [step for step in steps if step.cell is not None]
        self._update([step for step in old if step.verdict.value is not None])
        self._update([step for step in old if step.verdict.value is None])
        by_pk = {row.pk: row for row in [*known.rows.values(), *made.values()]}
        CellChange.objects.bulk_create(self._line(by_pk[step.outcome.row_id], step) for step in steps)

    def _update(self, steps: list[_Step]) -> None:
        """Each cell to its value, where its version is still the one that was looked at."""
        for begin in range(0, len(steps), BATCH):
            some = steps[begin : begin + BATCH]
            seen = Q()
            for step in some:
                seen |= Q(pk=step.cell.pk, version=step.cell.version)
            values = [
                When(pk=step.cell.pk, then=Value(step.verdict.value, output_field=JSONField()))
                for step in some
            ]
            # An emptied cell is SQL's NULL; in a CASE it would be the null of JSON.
            value = None if some[0].verdict.value is None else Case(*values, output_field=JSONField())
            written = Cell.objects.filter(seen).update(value=value, version=F("version") + 1, **self._author)
            if written != len(some):
                raise Overtaken

    def _line(self, row: Row, step: _Step) -> CellChange:
        is_merge = step.verdict.kind == Kind.MERGE
        return rows.change(
            row,
            self.by,
            self.now,
            how=CellChange.How.MERGED if is_merge else self.how,
            field=step.outcome.edit.field,
            version=step.outcome.version,
            value_from=step.cell.value if step.cell else None,
            value_to=step.verdict.value,
            **({"proposed_by_name": self.proposed_by_name} if self.proposed_by_name else {}),
        )
