"""What the rows are called that other sections refer to: modules, contacts, accounts, risks, tests …

A reference is kept as ``#<number of the row>`` and shown by the row's name, so that renaming a module
renames it everywhere. The rows of a table can be referred to when the table says so in its ``names``.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from workbook.catalogue import Field, Section, Table
from workbook.models import Cell

#: Between the parts of a name: "Portal · requests/s".
BETWEEN = " · "
_LANGUAGES = ("en", "ko")


@dataclass(frozen=True)
class Title:
    """The name of one row: its parts, each a text or words in both languages; a deleted row is not live."""

    row: int
    parts: tuple[dict | str, ...]
    is_live: bool = True

    @property
    def key(self) -> str:
        """The stored reference."""
        return f"#{self.row}"

    @property
    def text(self) -> str:
        """The name in the active language."""
        return BETWEEN.join(pick(part) for part in self.parts)

    @cached_property
    def calls(self) -> frozenset[str]:
        """Everything the row answers to: the whole name in either language, and each part that is a text."""
        whole = {BETWEEN.join(_in(part, language) for part in self.parts) for language in _LANGUAGES}
        return frozenset(
            folded(text) for text in {*whole, *(part for part in self.parts if isinstance(part, str))}
        )


def _in(part: dict | str, language: str) -> str:
    return part[language] if isinstance(part, dict) else part


def folded(text: str) -> str:
    """A name as it is compared: no difference of case, width or spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Titles:
    """The names of all rows of one engagement that can be referred to, by kind."""

    def __init__(self, kinds: dict[str, tuple[Title, ...]] | None = None):
        self.kinds = kinds or {}

    @cached_property
    def _by_row(self) -> dict[str, dict[str, Title]]:
        return {kind: {title.key: title for title in titles} for kind, titles in self.kinds.items()}

    @cached_property
    def _by_call(self) -> dict[str, dict[str, list[Title]]]:
        found: dict = {kind: defaultdict(list) for kind in self.kinds}
        for kind, titles in self.kinds.items():
            for title in titles:
                for call in title.calls if title.is_live else ():
                    found[kind][call].append(title)
        return found

    def of(self, kind: str) -> list[Title]:
        """The live rows of a kind, in the order of their sheet."""
        return [title for title in self.kinds.get(kind, ()) if title.is_live]

    def get(self, kind: str, key: str) -> Title | None:
        """The row behind a stored reference, live or deleted; None for a text and for a row of elsewhere."""
        return self._by_row.get(kind, {}).get(key)

    def named(self, kind: str, text: str) -> list[Title]:
        """The live rows that a typed text may mean; exactly one makes it a reference."""
        return self._by_call.get(kind, {}).get(folded(text), [])


def of(engagement: Engagement, sections: Iterable[Section]) -> Titles:
    """The names of the rows that these sections let others refer to. One query."""
    tables = [(section, table) for section in sections for table in section.tables if table.names]
    wanted = {key for _section, table in tables for key in table.naming}
    cells = Cell.objects.filter(row__engagement=engagement, field__in=wanted, value__isnull=False)
    values: dict[int, dict] = defaultdict(dict)
    places: dict[tuple[str, str], dict[int, bool]] = defaultdict(dict)
    for section, table, row, deleted_at, field, value in cells.order_by(
        "row__position", "row_id"
    ).values_list("row__section", "row__table", "row_id", "row__deleted_at", "field", "value"):
        values[row][field] = value
        places[section, table][row] = deleted_at is None
    return Titles(_by_kind(tables, places, values))


def _by_kind(tables: list[tuple[Section, Table]], places: dict, values: dict) -> dict[str, tuple[Title, ...]]:
    """Tables that name their rows by another table's come after it, so that the other's names are known."""
    known: dict[str, Title] = {}
    kinds: dict[str, list[Title]] = defaultdict(list)
    for section, table in sorted(tables, key=lambda pair: _leans_on_others(pair[1])):
        for row, is_live in places[section.key, table.key].items():
            parts = [
                _part(table.by_key[key], values[row][key], known)
                for key in table.naming
                if key in values[row]
            ]
            title = Title(row, tuple(part for part in parts if part), is_live)
            known[title.key] = title
            kinds[table.names].append(title)
    return {kind: tuple(titles) for kind, titles in kinds.items()}


def _leans_on_others(table: Table) -> bool:
    return any(table.by_key[key].type == "ref" for key in table.naming)


def _part(field: Field, value, known: dict[str, Title]) -> dict | str:
    """One part of a name: a choice by its words, a reference by the other row's name, anything else as it is."""
    if field.type == "ref":
        return known[value].text if value in known else str(value)
    choice = field.choice(value) if isinstance(value, str) else None
    return choice.label if choice else str(value)
