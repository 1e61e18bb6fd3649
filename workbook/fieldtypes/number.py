"""Numbers: whole, decimal, percent, money, and the period of a metric."""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

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
