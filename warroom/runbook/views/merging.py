"""Two people in one header: each field is compared with what its writer saw, and only what was typed is written."""

from __future__ import annotations

import json

from django.http import QueryDict

#: What is not typed: the version of the runbook, and what the writer saw.
CARRIED = frozenset({"version", "seen"})
LONGEST_SEEN = 40_000


def shown(form) -> dict[str, list[str]]:
    """Each open field of a form as a browser would send it back untouched."""
    return {
        name: _posted(form[name])
        for name, field in form.fields.items()
        if name not in CARRIED and not field.disabled
    }


def _posted(bound) -> list[str]:
    value = bound.field.widget.format_value(bound.field.prepare_value(bound.initial))
    several = value if isinstance(value, list | tuple) else [value]
    return _plain(["" if one is None else str(one) for one in several])


def seen(text: str) -> dict[str, list[str]] | None:
    """What the writer saw, from the hidden field; None when it says nothing that can be read."""
    try:
        found = json.loads(text) if len(text) <= LONGEST_SEEN else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(_is_words(value) for value in found.values()):
        return None
    return found


def _is_words(value) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def merge(data: QueryDict, now_there: dict[str, list[str]]) -> tuple[QueryDict, set[str] | None, set[str]]:
    """What to write: the posted words with every untouched field as it stands now.

    Gives the words, the fields that were typed in (None: the writer did not say what they saw), and those of them
    that somebody else changed to something different meanwhile, or froze.
    """
    before = seen(data.get("seen", ""))
    if before is None:
        return data, None, set()
    merged, touched = data.copy(), set()
    clashes = {
        name
        for name in before.keys() - now_there - CARRIED
        if name in data and _plain(data.getlist(name)) != before[name]
    }
    for name, there in now_there.items():
        typed, was = _plain(data.getlist(name)), _plain(before.get(name, there))
        if typed == was:
            merged.setlist(name, there)
            continue
        touched.add(name)
        if there not in (was, typed):
            clashes.add(name)
    return merged, touched, clashes


def _plain(values: list[str]) -> list[str]:
    """Without what a browser adds by itself: carriage returns, and nothing for an empty choice."""
    return sorted(filter(None, (one.replace("\r\n", "\n").strip() for one in values)))
