"""How people are reached: mail, phone, the language they work in, and members of the engagement."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _

from workbook.fieldtypes.choice import OneOf
from workbook.fieldtypes.text import within
from workbook.types import FieldType, InvalidValue, field_types, plain

MAX_EMAIL, MAX_NAME = 254, 120
_IS_EMAIL = EmailValidator()
#: E.164: a plus sign and at most 15 digits, of which the first is no zero. Source: ITU-T E.164.
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
#: Korean numbers are dialled with a leading zero: 010-1234-5678 is +82 10 1234 5678.
_KOREAN = re.compile(r"0(?:1[016789][0-9]{7,8}|2[0-9]{7,8}|[3-7][0-9]{8,9})")


@field_types.register
class Email(FieldType):
    """A mail address."""

    key = "email"
    inputmode = "email"

    def clean(self, text, field, setting):
        """The address, if mail could go there."""
        address = within(plain(text), MAX_EMAIL)
        try:
            _IS_EMAIL(address)
        except ValidationError:
            raise InvalidValue(_("Write a mail address such as sojin.lim@example.com.")) from None
        return address


@field_types.register
class Phone(FieldType):
    """A phone number, kept as E.164 so that it can be dialled from every country."""

    key = "phone"
    inputmode = "tel"

    def clean(self, text, field, setting):
        """A plus sign and digits; a Korean number may be written as it is dialled at home."""
        digits = re.sub(r"[\s().\-‐‑–/]", "", plain(text))
        digits = f"+{digits[2:]}" if digits.startswith("00") else digits
        if setting.zone.key == "Asia/Seoul" and _KOREAN.fullmatch(digits):
            digits = f"+82{digits[1:]}"
        if not _E164.fullmatch(digits):
            raise InvalidValue(_("Write the number with its country, for example +82 10 1234 5678."))
        return digits

    def show(self, value, field, setting):
        """Korean mobile numbers in groups, others as they are dialled."""
        mobile = re.fullmatch(r"(\+82)(1\d)(\d{3,4})(\d{4})", value)
        return " ".join(mobile.groups()) if mobile else value


@field_types.register
class Person(FieldType):
    """A person by name; the members of the engagement are offered."""

    key = "person"

    def clean(self, text, field, setting):
        """The name."""
        return within(text, MAX_NAME)

    def suggestions(self, field, setting):
        """The members."""
        return [(person, "") for person in setting.people] if setting.offers_names else []


@field_types.register
class Language(OneOf):
    """The language somebody works in: one of the field's choices."""

    key = "language"
