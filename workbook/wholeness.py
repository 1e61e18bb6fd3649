"""What is wrong with a section's data, in words for whoever edits its file. Standard library only."""

from __future__ import annotations

from collections.abc import Iterable

from workbook.catalogue import FORM, PANEL, REFERABLE, SHEET, WHO, Section, Table


def faults(section: Section, known_types: Iterable[str]) -> list[str]:
    """What is wrong with a section's data, in words for whoever edits the file."""
    known = set(known_types)
    words: list[str] = []
    keys = [field.key for table in section.tables for field in table.fields]
    words += [f"field {key} appears twice" for key in sorted({key for key in keys if keys.count(key) > 1})]
    for table in section.tables:
        if table.kind not in {FORM, SHEET, PANEL}:
            words.append(f"table {table.key}: unknown kind {table.kind}")
        words += [f"table {table.key}: {fault}" for fault in _table_faults(table, known)]
    return words


def _table_faults(table: Table, known_types: set[str]) -> list[str]:
    words = []
    named = [*table.columns, *table.named_by, *(key for key in (table.title, table.subtitle) if key)]
    words += [f"no field {key}" for key in named if key not in table.by_key]
    for row in table.fixed_rows:
        given = [*row.values, *row.bound]
        words += [f"fixed row {row.key} names no field {key}" for key in given if key not in table.by_key]
    for starter in table.starters:
        words += [f"starter names no field {key}" for key in starter.values if key not in table.by_key]
    for field in table.fields:
        if field.type not in known_types:
            words.append(f"field {field.key}: unknown type {field.type}")
        words += [f"field {field.key}: nobody is called {who}" for who in field.who if who not in WHO]
        if not field.depends_on <= table.by_key.keys():
            words.append(f"field {field.key}: depends on a field that is not there")
        if field.type in {"ref", "refs"} and field.options.get("to") not in REFERABLE:
            words.append(f"field {field.key}: refers to nothing that is known")
        for label in filter(None, (field.label, field.help, field.short, *(c.label for c in field.choices))):
            if set(label) != {"en", "ko"}:
                words.append(f"field {field.key}: a text is not in both languages")
    return words
