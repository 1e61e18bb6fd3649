"""How a text leaves in a file so that no spreadsheet runs it as a formula, and comes back. Standard library only."""

from __future__ import annotations

import re

#: What a spreadsheet may take for the beginning of a formula, plain or full-width. Source: OWASP, CSV injection.
_LED = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"''*[=+\-@\t\r＝＋－＠]")
#: A phone number or a negative number: signs and digits alone do nothing, even when they are worked out.
_HARMLESS = re.compile(r"[+-][0-9 ().,-]*[0-9%][0-9 ().,%-]*")
#: Characters that XML cannot hold, and the escape by which spreadsheets write them.
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def neutral(text: str, *, keeps_numbers: bool = False) -> str:
    """The text with an apostrophe before anything that begins like a formula.

    ``keeps_numbers`` leaves phone numbers and negative numbers alone, for files whose cells are typed as text.
    """
    if keeps_numbers and _HARMLESS.fullmatch(text):
        return text
    return f"'{text}" if _LED.match(text) else text


def restored(text: str) -> str:
    """What :func:`neutral` was given."""
    return text[1:] if _GUARDED.match(text) else text


def writable(text: str) -> str:
    """The text as XML and spreadsheets keep it: control characters become a visible sign, escapes stay words."""
    return _ESCAPE.sub("_x005F_", _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text))


def unescaped(text: str) -> str:
    """A text read from a file without the escapes that :func:`writable` and spreadsheets put before others."""
    return re.sub(r"_x005F_(?=x[0-9A-Fa-f]{4}_)", "_", text)
