"""Has the data of a template the shape that the portal can read at all? Standard library only.

Says where it has not, as paths like ``sections[2].tables[0].fields[4].due``; what is in the right shape may
still be wrong, which is for ``faults``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from iem_portal.texts import can_be_kept

Check = Callable[[Any, str], Iterator[str]]
LONGEST_TEXT = 4000
MOST = {"sections": 60, "tables": 20, "fields": 120, "rows": 300, "choices": 200}
KEY = re.compile(r"[a-z0-9_]{1,40}")
SECTION_KEY = re.compile(r"wb\d\d|s\d{1,3}")
_TABLE_KEY = re.compile(r"(?!add$)[a-z0-9_]{1,30}")
_ROW_KEY = re.compile(r"[a-z0-9_]{1,20}")


def wrong(content: Any) -> list[str]:
    """The places with a wrong shape; at most twenty, for one mistake often repeats."""
    found = []
    for place in _CONTENT(content, ""):
        found.append(place)
        if len(found) == 20:
            break
    return found


def _text(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or not can_be_kept(value):
        yield at


def _key(pattern: re.Pattern = KEY) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield at

    return check


def _words(value: Any, at: str) -> Iterator[str]:
    """A text in both languages."""
    if not isinstance(value, dict) or set(value) != {"en", "ko"}:
        yield at
        return
    for language, text in value.items():
        yield from _text(text, f"{at}.{language}")


def _either(value: Any, at: str) -> Iterator[str]:
    """A text in both languages, or a name that is not translated."""
    yield from _words(value, at) if isinstance(value, dict) else _text(value, at)


def _whole(low: int, high: int) -> Check:
    def check(value: Any, at: str) -> Iterator[str]:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            yield at

    return check


def _yes_or_no(value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield at


def _plain(value: Any, at: str) -> Iterator[str]:
    """A setting or an answer: text, number, yes or no, or a short list of texts; words in both languages."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        if not -(10**15) <= value <= 10**15:
            yield at
    elif isinstance(value, list):
        yield from _list(_text, MOST["choices"])(value, at)
    else:
        yield from _either(value, at)


def _setting(value: Any, at: str) -> Iterator[str]:
    """A setting of a kind of field or table that only the parts know; or several by their names."""
    if isinstance(value, dict) and set(value) != {"en", "ko"}:
        if len(value) > 20:
            yield at
        for key, item in value.items():
            yield from _text(key, f"{at}.{key[:40]}")
            yield from _either(item, f"{at}.{key[:40]}")
        return
    yield from _plain(value, at)


def _rule(value: Any, at: str, depth: int = 0) -> Iterator[str]:
    """A condition of ``required_if``; conditions of conditions only a few levels deep."""
    for word in ("any", "all"):
        if isinstance(value, dict) and set(value) == {word} and depth < 3:
            yield from _list(lambda item, place: _rule(item, place, depth + 1), 20)(
                value[word], f"{at}.{word}"
            )
            return
    yield from _simple_rule(value, at)


def _simple_rule(value: Any, at: str) -> Iterator[str]:
    tests = {"in": _list(_plain, 50), "starts": _text, "filled": _yes_or_no, "at_least": _plain}
    used = set(value) & set(tests) if isinstance(value, dict) else set()
    if len(used) != 1 or set(value) != used | {"field"}:
        yield at
        return
    test = used.pop()
    yield from _key()(value["field"], f"{at}.field")
    yield from tests[test](value[test], f"{at}.{test}")


def _attention(value: Any, at: str) -> Iterator[str]:
    yield from _dict({"field": _key(), "in": _list(_plain, 50)}, {})(value, at)


def _list(check: Check, most: int) -> Check:
    def checked(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, list) or len(value) > most:
            yield at
            return
        for place, item in enumerate(value):
            yield from check(item, f"{at}[{place}]")

    return checked


def _map(check: Check) -> Check:
    """Values by the key of a field."""

    def checked(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict) or len(value) > MOST["fields"]:
            yield at
            return
        for key, item in value.items():
            yield from _key()(key, f"{at}.{key[:40]}")
            yield from check(item, f"{at}.{key[:40]}")

    return checked


def _dict(needed: dict[str, Check], allowed: dict[str, Check], others: Check | None = None) -> Check:
    def checked(value: Any, at: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield at or "."
            return
        at = f"{at}." if at else ""
        yield from (f"{at}{key}" for key in needed if key not in value)
        for key, item in value.items():
            check = needed.get(key) or allowed.get(key) or others
            if check is None or not KEY.fullmatch(key):
                yield f"{at}{key[:40]}"
            elif item is not None or key in needed:
                yield from check(item, f"{at}{key}")

    return checked


_DAYS = _whole(-400, 400)
_CHOICE = _dict({"value": _text, "en": _text, "ko": _text}, {"status": _text})
_FIELD = _dict(
    {"key": _key(), "type": _key(), "label": _words, "due": _DAYS, "who": _list(_text, 10)},
    {
        "required": _yes_or_no,
        "required_if": _rule,
        "short": _words,
        "help": _words,
        "choices": _list(_CHOICE, MOST["choices"]),
        "default": _text,
        "bound": _text,
        "home": _text,
        "part_of": _key(),
        "events": _list(_text, 20),
    },
    others=_setting,
)
_STARTER = _dict({"label": _either, "values": _map(_plain)}, {"note": _words})
_FIXED_ROW = _dict(
    {"key": _key(_ROW_KEY)},
    {
        "home": _text,
        "note": _words,
        "help": _words,
        "code": _text,
        "due": _DAYS,
        "events": _list(_text, 20),
        "values": _map(_plain),
        "bound": _map(_text),
    },
)
_TABLE = _dict(
    {
        "key": _key(_TABLE_KEY),
        "kind": _text,
        "label": _words,
        "fields": _list(_FIELD, MOST["fields"]),
    },
    {
        "help": _words,
        "title": _key(),
        "subtitle": _key(),
        "columns": _list(_key(), MOST["fields"]),
        "min_rows": _whole(0, 200),
        "starters": _list(_STARTER, MOST["rows"]),
        "fixed_rows": _list(_FIXED_ROW, MOST["rows"]),
        "attention": _attention,
        "home": _text,
        "names": _text,
        "named_by": _list(_key(), MOST["fields"]),
    },
    others=_setting,
)
_SECTION = _dict(
    {
        "key": _key(SECTION_KEY),
        "code": _text,
        "label": _words,
        "lead": _words,
        "owner": _text,
        "events": _list(_text, 20),
        "due": _DAYS,
        "tables": _list(_TABLE, MOST["tables"]),
    },
    {"version": _whole(1, 10**6), "release": _whole(1, 10**6), "number": _whole(1, 10**6)},
)
_CONTENT = _dict(
    {"sections": _list(_SECTION, MOST["sections"])},
    {
        "off": _list(_key(SECTION_KEY), MOST["sections"]),
        "used": _list(_key(), 5000),
        "name": _words,
        "format": _text,
    },
)
