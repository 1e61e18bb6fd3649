"""A moment counted from T0, the start of the event: moving the event moves everything that hangs on it.

Source: planning workbook, section WB13, "time (relative to T0 and absolute)".
"""

import re
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _

from workbook.fieldtypes.number import Duration
from workbook.fieldtypes.time import Instant
from workbook.types import FieldType, InvalidValue, field_types, plain

#: Nothing of a plan is further from its event than this.
MAX_MINUTES = 366 * 1440
_FROM_T0 = re.compile(r"(?P<from>[TD])?\s*(?P<sign>[+-])?\s*(?P<size>.*)", re.IGNORECASE)
# Year, month and day, whatever stands between them: not a count from T0.
_DATE = re.compile(r"\d{4}[-./년 ]")


@field_types.register
class Offset(FieldType):
    """Kept as whole minutes from T0; typed as T-240, T+4h, D-3 or as a date and a time."""

    key = "offset"

    def clean(self, text, field, setting):
        """Minutes, negative before T0."""
        tidy = plain(text)
        minutes = _between(tidy, field, setting) if _DATE.match(tidy) else _counted(tidy, field, setting)
        if abs(minutes) > MAX_MINUTES:
            raise InvalidValue(_("Write a time within a year of the event."))
        return minutes

    def show(self, value, field, setting):
        """From T0 and, where T0 is known, as a clock would show it."""
        t0 = setting.starts_at
        if t0 is None:
            return _written(value)
        at = t0 + timedelta(minutes=value)
        clock = Instant().show(f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}", field, setting)
        return f"{_written(value)}, {clock}"

    def edit(self, value, field, setting):
        """From T0."""
        return _written(value).replace("−", "-")


def _between(text: str, field, setting) -> int:
    """The minutes between T0 and a date with a time."""
    at = datetime.fromisoformat(Instant().clean(text, field, setting))
    if setting.starts_at is None:
        raise _unreadable()
    return round((at - setting.starts_at).total_seconds() / 60)


def _counted(text: str, field, setting) -> int:
    """Minutes out of "T-4h 30m", "+30" or "D-3"; after a D a bare number means days."""
    found = _FROM_T0.fullmatch(text)
    size = found["size"].strip()
    if not size or size == "0":
        if found["from"] and not found["sign"]:
            return 0
        if size != "0":
            raise _unreadable()
        return 0
    is_days = (found["from"] or "").upper() == "D"
    try:
        length = Duration().clean(f"{size}d" if is_days and size.isdecimal() else size, field, setting)
    except InvalidValue:
        raise _unreadable() from None
    return -length if found["sign"] == "-" else length


def _unreadable() -> InvalidValue:
    return InvalidValue(_("Write a time from T0 such as T-4h or T+30, or a date and a time."))


def _written(minutes: int) -> str:
    """As people say it on the bridge: "T−1d 4h", "T+30m", "T0"."""
    if not minutes:
        return "T0"
    days, rest = divmod(abs(minutes), 1440)
    hours, left = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (left, "m"))
    size = " ".join(f"{count}{unit}" for count, unit in parts if count)
    return f"T{'−' if minutes < 0 else '+'}{size}"
