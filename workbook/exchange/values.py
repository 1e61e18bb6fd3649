"""A value in a spreadsheet's cell: the stored one as number, date or words, and what was found there as typed text."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from workbook import types
from workbook.catalogue import Field
from workbook.exchange.neutral import neutral, restored, unescaped, writable
from workbook.fieldtypes.number import DecimalNumber, Percent
from workbook.fieldtypes.time import Date, Instant
from workbook.types import InvalidValue, Setting

TEXT, GENERAL, DAY, MINUTE = "@", "General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm"
#: A spreadsheet keeps 15 digits; a longer number would come back as another one.
DIGITS = 15
#: Its calendar begins here without the 29 February 1900 that it invents.
FIRST_DAY = date(1900, 3, 1)
#: A cell holds no more characters.
LONGEST = 32_000
#: Kinds whose values are no text that could be typed back.
_KEPT_ELSEWHERE = frozenset({"file"})


@dataclass(frozen=True)
class Sheeted:
    """What is written into a cell, and how it is to be formatted."""

    value: str | float | date
    format: str = TEXT


def is_secret(field: Field) -> bool:
    """Whether the value never leaves the portal in a file, and is never taken from one."""
    return field.type == "secret"


def is_kept_elsewhere(field: Field) -> bool:
    """Whether the column is for reading only: worked out, the engagement's own, or a file."""
    return field.is_formula or bool(field.bound) or field.type in _KEPT_ELSEWHERE


def to_sheet(field: Field, value, setting: Setting) -> Sheeted:
    """The best cell for a stored value in the active language: the first that means the same when read again."""
    kind = types.type_of(field)
    for make in (_maker(kind), _typed):
        made = make(field, value, setting)
        if made is not None and _means(field, made, value, setting):
            return made
    return _text(types.show(field, value, setting))


def _means(field: Field, made: Sheeted, value, setting: Setting) -> bool:
    try:
        return types.clean(field, text_of(field, made.value, made.format), setting) == value
    except InvalidValue:
        return False


def _maker(kind) -> Callable[[Field, Any, Setting], Sheeted | None]:
    for family, make in _MAKERS:
        if isinstance(kind, family):
            return make
    return _words


def _typed(field: Field, value, setting: Setting) -> Sheeted:
    return _text(types.edit(field, value, setting))


def _words(field: Field, value, setting: Setting) -> Sheeted:
    return _text(types.show(field, value, setting))


def _text(words: str) -> Sheeted:
    return Sheeted(as_written(words[:LONGEST]))


def _number(_field: Field, value, _setting: Setting, *, percent: bool = False) -> Sheeted | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    exact = number.normalize().as_tuple()
    if not number.is_finite() or len(exact.digits) > DIGITS:
        return None
    places = max(0, -exact.exponent)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    # Python writes the shortest digits that mean this number, which is what a spreadsheet reads.
    return Sheeted(float(number / 100), f"{pattern}%") if percent else Sheeted(float(number), pattern)


def _percent(field: Field, value, setting: Setting) -> Sheeted | None:
    return _number(field, value, setting, percent=True)


def _day(_field: Field, value, _setting: Setting) -> Sheeted | None:
    day = date.fromisoformat(value)
    return Sheeted(day, DAY) if day >= FIRST_DAY else None


def _instant(_field: Field, value, setting: Setting) -> Sheeted | None:
    local = datetime.fromisoformat(value).astimezone(setting.zone).replace(tzinfo=None)
    return Sheeted(local, MINUTE) if local.date() >= FIRST_DAY else None


_MAKERS = ((Percent, _percent), (DecimalNumber, _number), (Date, _day), (Instant, _instant))


def blank_format(field: Field) -> str:
    """How the empty cells of a column are formatted, so that what is typed there is not turned into something else."""
    kind = types.type_of(field)
    if isinstance(kind, Percent):
        return "0.##%"
    if isinstance(kind, DecimalNumber):
        return GENERAL
    if isinstance(kind, Date):
        return DAY
    return MINUTE if isinstance(kind, Instant) else TEXT


def as_written(text: str) -> str:
    """A text ready for a cell of type text: nothing in it begins a formula, and XML can hold it."""
    return writable(neutral(text, keeps_numbers=True))


def as_line(field: Field, value, setting: Setting) -> str:
    """A stored value as it stands in a CSV file."""
    made = to_sheet(field, value, setting)
    text = text_of(field, made.value, made.format)
    return text if isinstance(types.type_of(field), DecimalNumber) else neutral(text)


def text_of(field: Field | None, value, number_format: str = GENERAL) -> str:
    """What was found in a cell as it could have been typed; texts come without their guard."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return _digits(value, number_format)
    if isinstance(value, datetime | date):
        return _calendar(field, value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, timedelta):
        return _hours(value)
    plain = unescaped(str(value).replace("_x000D_\n", "\n"))
    return restored(plain).replace("\r\n", "\n").strip()


def _digits(value: float | Decimal, number_format: str) -> str:
    number = Decimal(f"{value:.{DIGITS}g}")
    if not number.is_finite():
        return str(value)
    if "%" in number_format and '"%"' not in number_format and "\\%" not in number_format:
        number *= 100
    return format(number.normalize() + 0, "f")


def _calendar(field: Field | None, value: date | datetime) -> str:
    if not isinstance(value, datetime):
        return value.isoformat()
    # Serial numbers of instants are fractions: half a minute either way is the same minute.
    local = (value + timedelta(seconds=30)).replace(second=0, microsecond=0)
    is_midnight = not local.hour and not local.minute
    if is_midnight and not (field and isinstance(types.type_of(field), Instant)):
        return f"{local:%Y-%m-%d}"
    return f"{local:%Y-%m-%d %H:%M}"


def _hours(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def digest(text: str) -> str:
    """A short sign of a cell's text as exported, so that an untouched cell is known again.

    Escapes that programs add or drop, and ends of lines, make no difference.
    """
    tidy = text.replace("x005F_", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return hashlib.sha256(tidy.encode("utf-8", "replace")).hexdigest()[:10]
