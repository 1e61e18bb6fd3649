"""What a newer version of a section changes, item by item. Standard library only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from workbook.catalogue import Field, Section, Table

ALWAYS, SOMETIMES, NEVER = "always", "sometimes", "never"


@dataclass(frozen=True)
class Change:
    """One difference. ``what`` names the thing changed (bilingual), ``before`` and ``after`` are as in the data."""

    kind: str
    what: Any = None
    before: Any = None
    after: Any = None
    table: str = ""
    field: str = ""

    @property
    def sign(self) -> str:
        """Whether something came ("add"), went ("remove") or became other ("change")."""
        return {"added": "add", "removed": "remove"}.get(self.kind.rpartition("_")[2], "change")


def is_same(old: Section, new: Section) -> bool:
    """Whether two versions of a section ask the same; their numbers and places in the list do not count."""
    return _bare(old) == _bare(new)


def _bare(section: Section) -> Section:
    return replace(section, version=0, release=0, number=0)


def changes(old: Section, new: Section) -> list[Change]:
    """Every difference: of the section itself, then table by table in the order of the newer version."""
    found = [
        Change(f"section_{name}", new.label, getattr(old, name), getattr(new, name))
        for name in ("label", "lead", "due", "owner", "events")
        if getattr(old, name) != getattr(new, name)
    ]
    for table in new.tables:
        before = old.table(table.key)
        found += _table(before, table) if before else _whole(table, "added")
    for table in old.tables:
        if new.table(table.key) is None:
            found += _whole(table, "removed")
    return found


def _whole(table: Table, verb: str) -> list[Change]:
    fields = [
        Change(f"field_{verb}", field.label, None, field, table.key, field.key) for field in table.fields
    ]
    return [Change(f"table_{verb}", table.label, table=table.key), *fields]


def _table(old: Table, new: Table) -> list[Change]:
    found = [
        Change(f"table_{name}", new.label, getattr(old, name), getattr(new, name), new.key)
        for name in ("label", "help", "min_rows")
        if getattr(old, name) != getattr(new, name)
    ]
    for field in new.fields:
        before = old.by_key.get(field.key)
        found += (
            _field(before, field, new)
            if before
            else [Change("field_added", field.label, None, field, new.key, field.key)]
        )
    found += [
        Change("field_removed", field.label, field, None, new.key, field.key)
        for field in old.fields
        if field.key not in new.by_key
    ]
    return [*found, *_order(old, new), *_given_rows(old, new)]


def _order(old: Table, new: Table) -> Iterator[Change]:
    """Fields that both have, in another order; and other main columns."""
    kept_old = [field.key for field in old.fields if field.key in new.by_key]
    kept_new = [field.key for field in new.fields if field.key in old.by_key]
    if kept_old != kept_new:
        yield Change("table_order", new.label, table=new.key)
    if _main(old) != _main(new):
        yield Change("table_columns", new.label, old.main_fields, new.main_fields, new.key)


def _main(table: Table) -> tuple:
    """What makes the look of a table's rows, by field key; with no columns chosen every field is one."""
    return (set(table.columns), table.title, table.subtitle, table.attention)


def _given_rows(old: Table, new: Table) -> Iterator[Change]:
    """Rows that every workbook has, and rows that are offered."""
    for name, key in (("fixed_rows", lambda row: row.key), ("starters", lambda row: _text(row.label))):
        was = {key(row): _of_fields(row, new) for row in getattr(old, name)}
        now = {key(row): _of_fields(row, new) for row in getattr(new, name)}
        word = name.removesuffix("s")
        added = [now[each] for each in now if each not in was]
        removed = [was[each] for each in was if each not in now]
        changed = [now[each] for each in now if each in was and was[each] != now[each]]
        for verb, rows in (("added", added), ("removed", removed), ("changed", changed)):
            if rows:
                yield Change(f"{word}_{verb}", new.label, None, rows, new.key)


def _of_fields(row, table: Table):
    """The row without answers to fields that are no longer asked: that is told of the field already."""
    return replace(row, values={key: value for key, value in row.values.items() if key in table.by_key})


def _text(label) -> str:
    return label.get("en", "") if isinstance(label, dict) else str(label)


def _field(old: Field, new: Field, table: Table) -> list[Change]:
    pairs = {
        "label": (old.label, new.label),
        "short": (old.short, new.short),
        "help": (old.help, new.help),
        "type": (old.type, new.type),
        "required": (need(old), need(new)),
        "due": (old.due, new.due),
        "who": (old.who, new.who),
        "events": (old.events, new.events),
        "limits": (old.options, new.options),
        "default": (old.default, new.default),
        "part_of": (old.part_of, new.part_of),
    }
    found = [
        Change(f"field_{name}", new.label, before, after, table.key, new.key)
        for name, (before, after) in pairs.items()
        if before != after
    ]
    if need(old) == need(new) == SOMETIMES and old.required_if != new.required_if:
        found.append(Change("field_condition", new.label, table=table.key, field=new.key))
    return [*found, *_choices(old, new, table)]


def _choices(old: Field, new: Field, table: Table) -> Iterator[Change]:
    was = {choice.value: choice for choice in old.choices}
    now = {choice.value: choice for choice in new.choices}
    added = [choice for value, choice in now.items() if value not in was]
    removed = [choice for value, choice in was.items() if value not in now]
    reworded = [choice for value, choice in now.items() if value in was and was[value] != choice]
    for verb, choices in (("added", added), ("removed", removed), ("changed", reworded)):
        if choices:
            yield Change(f"choices_{verb}", new.label, None, choices, table.key, new.key)


def need(field: Field) -> str:
    """Whether an answer is required: always, sometimes (under a condition) or never."""
    if field.required:
        return ALWAYS
    return SOMETIMES if field.required_if else NEVER


def removed_fields(old: Section, new: Section) -> list[Field]:
    """The fields that are no longer asked."""
    return [field for table in old.tables for field in table.fields if new.field(field.key) is None]


def changed_answers(old: Section, new: Section) -> list[tuple[Field, Field]]:
    """Fields (before, after) whose stored answers may no longer fit: another type, other choices, other limits."""
    both = ((field, new.field(field.key)) for table in old.tables for field in table.fields)
    return [
        (field, other)
        for field, other in both
        if other
        and not other.is_formula
        and (field.type, _values(field), field.options) != (other.type, _values(other), other.options)
    ]


def _values(field: Field) -> tuple[str, ...]:
    return tuple(choice.value for choice in field.choices)
