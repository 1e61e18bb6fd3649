"""Numbers: whole, decimal, percent, money, lengths of time, and the period of a metric."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from iem_portal.spans import counted, minutes_text
from workbook.types import FieldType, InvalidValue, field_types, plain

_NUMBER = re.compile(r"[+-]?(\d{1,15}(\.\d{0,9})?|\.\d{1,9})")
_MONEY = re.compile(r"(?P<amount>[\d.,]+)\s*(?P<currency>[A-Za-z]{3})")
HIGH_RESOLUTION_S = (1, 5, 10, 20, 30)


def read(text: str) -> Decimal:
    """A number as people write it: thousands may be grouped by commas or spaces. Raises InvalidValue."""
    tidy = plain(text)
    grouped = re.fullmatch(r"[+-]?\d{1,3}([, ]\d{3})+(\.\d+)?", tidy)
    bare = re.sub(r"[, ]", "", tidy) if grouped else tidy
    if not _NUMBER.fullmatch(bare):
        raise InvalidValue(_("Write a number only, for example 38."))
    return Decimal(bare)


def written(number: Decimal) -> str:
    """A number without needless zeros and without an exponent."""
    return format(number.normalize() + 0, "f")


@field_types.register
class DecimalNumber(FieldType):
    """Any number; kept as text so that no digit is lost."""

    key = "decimal"
    inputmode = "decimal"
    is_number = True

    def clean(self, text, field, setting):
        """The number within the field's bounds."""
        number = read(text)
        low, high = field.options.get("min"), field.options.get("max_value")
        if low is not None and number < Decimal(low):
            raise InvalidValue(_("At least %(low)s.") % {"low": low})
        if high is not None and number > Decimal(high):
            raise InvalidValue(_("At most %(high)s.") % {"high": high})
        return written(number)

    def show(self, value, field, setting):
        """Thousands grouped."""
        return f"{Decimal(str(value)).normalize():,f}"


@field_types.register
class Integer(DecimalNumber):
    """A whole number."""

    key = "integer"
    inputmode = "numeric"

    def clean(self, text, field, setting):
        """The number as an int."""
        number = Decimal(super().clean(text, field, setting))
        if number != number.to_integral_value():
            raise InvalidValue(_("Write a whole number, without decimals."))
        return int(number)


@field_types.register
class Percent(DecimalNumber):
    """A share in percent; the sign may be typed."""

    key = "percent"

    def clean(self, text, field, setting):
        """The number before the sign."""
        return super().clean(plain(text).removesuffix("%"), field, setting)

    def show(self, value, field, setting):
        """With the sign."""
        return f"{super().show(value, field, setting)}%"


@field_types.register
class Money(FieldType):
    """An amount with its currency, such as 120000000 KRW."""

    key = "money"
    is_number = True

    def clean(self, text, field, setting):
        """Amount and ISO 4217 code in one text."""
        found = _MONEY.fullmatch(plain(text))
        if not found:
            raise InvalidValue(_("Write an amount and a currency, for example 120000000 KRW."))
        return f"{written(read(found['amount']))} {found['currency'].upper()}"

    def show(self, value, field, setting):
        """Thousands grouped."""
        amount, currency = value.split(" ")
        return f"{Decimal(amount):,f} {currency}"


@field_types.register
class Period(Integer):
    """The period of a metric in seconds. Source: CloudWatch GetMetricData, parameter Period."""

    key = "period"

    def clean(self, text, field, setting):
        """A multiple of 60, or one of the high-resolution periods."""
        seconds = super().clean(text, field, setting)
        if seconds not in HIGH_RESOLUTION_S and (seconds < 60 or seconds % 60 or seconds > 86_400):
            raise InvalidValue(_("Write a multiple of 60 up to 86400, or 1, 5, 10, 20 or 30."))
        return seconds


_LENGTH = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*([a-z가-힣]*)[\s,]*")
_UNITS = (
    (10_080, {"w", "wk", "wks", "week", "weeks", "주", "주일"}),
    (1_440, {"d", "day", "days", "일"}),
    (60, {"h", "hr", "hrs", "hour", "hours", "시간"}),
    (1, {"", "m", "min", "mins", "minute", "minutes", "분"}),
)
MAX_MINUTES = 10_080 * 520


@field_types.register
class Duration(FieldType):
    """A length of time, kept in whole minutes; a bare number means minutes."""

    key = "duration"

    def clean(self, text, field, setting):
        """Whole minutes out of "90", "1 h 30 min", "2 d" or "1시간 30분"."""
        tidy = plain(text).lower()
        parts = list(_LENGTH.finditer(tidy))
        if "".join(part[0] for part in parts) != tidy or not parts:
            raise InvalidValue(_("Write a length of time such as 90 min, 1 h 30 min or 2 d."))
        minutes = sum(Decimal(part[1]) * _minutes_of(part[2]) for part in parts)
        if minutes != minutes.to_integral_value() or minutes > MAX_MINUTES:
            raise InvalidValue(_("Write whole minutes, not more than ten years."))
        return int(minutes)

    def show(self, value, field, setting):
        """In days, hours and minutes of the active language."""
        days, rest = divmod(value, 1_440)
        words = [counted(days, "d")] if days else []
        return " ".join([*words, minutes_text(rest)] if rest or not days else words)

    def edit(self, value, field, setting):
        """As it is shown."""
        return self.show(value, field, setting)


def _minutes_of(unit: str) -> int:
    """How many minutes the unit has. Raises InvalidValue for a word that is no unit."""
    for minutes, names in _UNITS:
        if unit in names:
            return minutes
    raise InvalidValue(_("Write a length of time such as 90 min, 1 h 30 min or 2 d."))
