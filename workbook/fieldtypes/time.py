"""Days and instants: dates, date-times in the event's zone, and zones themselves."""

import re
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from iem_portal import zones
from iem_portal.templatetags.portal import day_text
from workbook.types import FieldType, InvalidValue, field_types, plain

#: Nobody plans for another century; a year at the edge of the calendar cannot be shown in every zone.
YEARS = range(1900, 2200)
_DAY = re.compile(r"(\d{4})[-./년 ]+(\d{1,2})[-./월 ]+(\d{1,2})[일.]?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?")


def read_day(text: str) -> tuple[date, str]:
    """The day at the beginning of a text and what stands after it. Raises InvalidValue."""
    found = _DAY.match(text)
    try:
        day = date(*map(int, found.groups()))
    except (AttributeError, ValueError):
        day = None
    if day is None or day.year not in YEARS:
        raise InvalidValue(_("Write a date such as 2026-11-28."))
    return day, text[found.end() :]


@field_types.register
class Date(FieldType):
    """A day, the same one wherever it is read."""

    key = "date"
    input = "date"

    def clean(self, text, field, setting):
        """ISO text of the day."""
        day, rest = read_day(plain(text))
        if rest.strip():
            raise InvalidValue(_("Write a date such as 2026-11-28."))
        return day.isoformat()

    def show(self, value, field, setting):
        """As people write days."""
        return day_text(datetime.fromisoformat(value).replace(tzinfo=setting.zone))


@field_types.register
class Instant(FieldType):
    """An instant: typed and shown in the event's zone, kept in UTC."""

    key = "datetime"
    input = "datetime"

    def clean(self, text, field, setting):
        """ISO text in UTC; a time without an offset is meant in the event's zone."""
        day, rest = read_day(plain(text))
        found = _CLOCK.fullmatch(rest.lstrip("T").strip())
        try:
            hour, minute, offset = int(found[1]), int(found[2]), found[3]
            local = datetime(day.year, day.month, day.day, hour, minute, tzinfo=setting.zone)
            if offset:
                local = datetime.fromisoformat(f"{local:%Y-%m-%dT%H:%M}{offset.replace('Z', '+00:00')}")
        except (TypeError, ValueError):
            raise InvalidValue(_("Write a date and a time such as 2026-11-28 23:00.")) from None
        return f"{local.astimezone(UTC):%Y-%m-%dT%H:%MZ}"

    def show(self, value, field, setting):
        """Day, time and the zone's short name."""
        local = datetime.fromisoformat(value).astimezone(setting.zone)
        return f"{day_text(local)} {local:%H:%M} {local.tzname()}"

    def edit(self, value, field, setting):
        """Local time, as a browser's own editor wants it."""
        return f"{datetime.fromisoformat(value).astimezone(setting.zone):%Y-%m-%dT%H:%M}"


@field_types.register
class TimeZone(FieldType):
    """An IANA time zone."""

    key = "timezone"

    def clean(self, text, field, setting):
        """The zone's name, if there is one of that name."""
        if text not in zones.names():
            raise InvalidValue(_("Write a time zone such as Asia/Seoul."))
        return text

    def suggestions(self, field, setting):
        """The event's own zone and UTC."""
        return [(name, "") for name in dict.fromkeys((setting.zone.key, "Asia/Seoul", "Asia/Tokyo", "UTC"))]
