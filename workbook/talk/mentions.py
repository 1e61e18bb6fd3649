"""Who is meant by "@Name" in a text: a text becomes words and people's numbers, and is put together again by name.

Standard library only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Texts, and the numbers of people in between.
Body = list


def split(text: str, people: Mapping[int, str]) -> Body:
    """The text as parts: a name after "@" that somebody of ``people`` (name by number) bears becomes the number.

    The longest name wins; "@" inside a word, as in an address, mentions nobody.
    """
    by_length = sorted(people.items(), key=lambda item: -len(item[1]))
    parts: Body = []
    start = place = 0
    while (place := text.find("@", place)) >= 0:
        found = None if _is_inside_a_word(text, place) else _named(text, place + 1, by_length)
        if found is None:
            place += 1
            continue
        number, end = found
        parts += [text[start:place], number] if place > start else [number]
        start = place = end
    return [*parts, text[start:]] if start < len(text) else parts


def _is_inside_a_word(text: str, place: int) -> bool:
    return place > 0 and _is_latin(text[place - 1])


def _named(text: str, start: int, people: Sequence[tuple[int, str]]) -> tuple[int, int] | None:
    """Whose name begins here, and where it ends."""
    for number, name in people:
        end = start + len(name)
        if name and text[start:end].casefold() == name.casefold() and not _goes_on(text, end):
            return number, end
    return None


def _goes_on(text: str, end: int) -> bool:
    """Whether the word goes on after a Latin letter; Korean particles follow a name without a gap."""
    return end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])


def _is_latin(sign: str) -> bool:
    return sign.isascii() and sign.isalnum()


def people_of(body: Body) -> list[int]:
    """The numbers of everybody mentioned, once each, in order."""
    return list(dict.fromkeys(part for part in body if isinstance(part, int)))


def text_of(body: Body, names: Mapping[int, str]) -> str:
    """The text with names, as it is read and edited; somebody unknown is shown as "@?"."""
    return "".join(f"@{names.get(part, '?')}" if isinstance(part, int) else part for part in body)
