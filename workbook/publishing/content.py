"""The content of a template's version as plain data: what stands where, and new keys that were never used.

Content is ``{"sections": [as in the data files], "off": [keys], "used": [keys of fields that were removed]}``.
Standard library only.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from workbook import catalogue

Content = dict[str, Any]
#: What an edit changes: finds the part in the content, raises LookupError when it is gone.
Part = Callable[[Content], Any]
OWN = "own_"
_LONGEST_KEY = 30


def standard() -> Content:
    """The newest version of the portal's own template, as data, with shared rows in their place."""
    newest: dict[str, dict] = {}
    for path in sorted(catalogue.FOLDER.glob("*.json")):
        data = catalogue.with_fixed_rows(json.loads(path.read_text(encoding="utf-8")))
        if data["key"] not in newest or data["version"] > newest[data["key"]]["version"]:
            newest[data["key"]] = data
    ordered = sorted(newest.values(), key=lambda data: (data["number"], data["key"]))
    return {"sections": ordered, "off": [], "used": []}


def digest(part: Any) -> str:
    """A short mark of a part, by which an edit says what it saw."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def section(content: Content, key: str) -> dict:
    """The data of a section. Raises LookupError."""
    return _one(content["sections"], key)


def table(content: Content, section_key: str, key: str) -> dict:
    """The data of a table. Raises LookupError."""
    return _one(section(content, section_key)["tables"], key)


def field(content: Content, section_key: str, table_key: str, key: str) -> dict:
    """The data of a field. Raises LookupError."""
    return _one(table(content, section_key, table_key)["fields"], key)


def _one(things: list[dict], key: str) -> dict:
    found = next((thing for thing in things if thing["key"] == key), None)
    if found is None:
        raise LookupError(key)
    return found


#: What has pages of its own, or is counted by the portal.
_NOT_WORDS = {"tables", "fields", "starters", "fixed_rows", "number", "version", "release"}


def words_of(thing: dict) -> dict:
    """The part of a section or table that its form edits."""
    return {key: value for key, value in thing.items() if key not in _NOT_WORDS}


def arrangement(content: Content) -> list:
    """Order and choice of the sections."""
    return [[section["key"] for section in content["sections"]], sorted(content.get("off", []))]


def field_order(table: dict) -> list[str]:
    """The keys of the fields in order."""
    return [field["key"] for field in table["fields"]]


def arrange(content: Content, order: list[str], on: set[str]) -> None:
    """Put the sections into this order and ask only those of ``on``; sections that are not named stay last."""
    content["sections"].sort(
        key=lambda each: order.index(each["key"]) if each["key"] in order else len(order)
    )
    content["off"] = [each["key"] for each in content["sections"] if each["key"] not in on]
    number(content)


def number(content: Content) -> None:
    """Count the sections that are asked from 1; the others after them."""
    off = set(content.get("off", ()))
    ordered = sorted(content["sections"], key=lambda each: each["key"] in off)
    for place, each in enumerate(ordered, start=1):
        each["number"] = place


def all_fields(content: Content) -> Iterator[tuple[dict, dict, dict]]:
    """Every field with its section and table."""
    for each in content["sections"]:
        for table in each["tables"]:
            for field in table["fields"]:
                yield each, table, field


def new_key(words: str, taken: Iterable[str], *, prefix: str = OWN) -> str:
    """A key out of English words that nobody had before; keys are kept for ever."""
    stem = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[: _LONGEST_KEY - len(prefix) - 4] or "new"
    return _free(f"{prefix}{stem}".strip("_"), set(taken), "_")


def _free(stem: str, taken: set[str], joint: str) -> str:
    number = 1
    key = stem
    while key in taken:
        number += 1
        key = f"{stem}{joint}{number}"
    return key


def new_field_key(content: Content, words: str) -> str:
    """A key for a new field: none of this template, of the fields it once had, or of the portal's own template."""
    own = {field["key"] for _section, _table, field in all_fields(content)}
    standard_keys = {key for each in catalogue.editions().values() for key in each.table_of}
    return new_key(words, own | standard_keys | set(content.get("used", ())))


def new_section_key(content: Content) -> str:
    """s1, s2 …: a key for a new section."""
    taken = {each["key"] for each in content["sections"]} | set(content.get("used", ()))
    return next(f"s{count}" for count in range(1, len(taken) + 2) if f"s{count}" not in taken)


def new_template_key(words: str, taken: Iterable[str]) -> str:
    """A short key for a template, such as retail-sale."""
    stem = re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:10].strip("-") or "own"
    return _free(stem, {"standard", *taken}, "-")


def remove_field(content: Content, section_key: str, table_key: str, key: str) -> None:
    """Ask the field no longer, and forget it wherever the table names it. Raises LookupError."""
    home = table(content, section_key, table_key)
    home["fields"].remove(_one(home["fields"], key))
    content.setdefault("used", []).append(key)
    for name in ("columns", "named_by"):
        if name in home:
            home[name] = [each for each in home[name] if each != key]
    for name in ("title", "subtitle"):
        if home.get(name) == key:
            del home[name]
    if home.get("attention", {}).get("field") == key:
        del home["attention"]
    for row in (*home.get("starters", ()), *home.get("fixed_rows", ())):
        row.get("values", {}).pop(key, None)
        row.get("bound", {}).pop(key, None)


def remove_table(content: Content, section_key: str, key: str) -> None:
    """Ask a whole table no longer. Raises LookupError."""
    home = section(content, section_key)
    gone = _one(home["tables"], key)
    home["tables"].remove(gone)
    content.setdefault("used", []).extend(field["key"] for field in gone["fields"])


def versioned(content: Content, before: Content | None, release: int) -> Content:
    """The content as it is published: sections that changed since the version before get this version's number."""
    number(content)
    earlier = {each["key"]: each for each in before["sections"]} if before else {}
    for each in content["sections"]:
        was = earlier.get(each["key"])
        is_same = was is not None and _bare(was) == _bare(each)
        each |= {
            "version": was["version"] if is_same else release,
            "release": was["release"] if is_same else release,
        }
    return content


def _bare(section: dict) -> dict:
    return {key: value for key, value in section.items() if key not in {"version", "release", "number"}}
