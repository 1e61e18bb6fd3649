"""Words: short and long texts, web addresses, links to earlier engagements."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from workbook.types import FieldType, InvalidValue, field_types

MAX_TEXT, MAX_LONG_TEXT, MAX_URL = 500, 10_000, 2_000
_REFERENCE = re.compile(r"[A-Z]{2,8}-\d{1,8}")


def within(text: str, limit: int) -> str:
    """The text, unless it has more characters than ``limit``. Raises InvalidValue."""
    if len(text) > limit:
        raise InvalidValue(
            _("At most %(limit)s characters; this has %(count)s.") % {"limit": limit, "count": len(text)}
        )
    return text


@field_types.register
class Text(FieldType):
    """One line."""

    key = "text"

    def clean(self, text, field, setting):
        """The line, if it is not too long."""
        return within(text, int(field.options.get("max", MAX_TEXT)))


@field_types.register
class LongText(FieldType):
    """Paragraphs; edits of different sentences merge."""

    key = "longtext"
    input = "area"
    merges = True

    def clean(self, text, field, setting):
        """The text with plain line ends."""
        return within(text, int(field.options.get("max", MAX_LONG_TEXT)))


@field_types.register
class Url(FieldType):
    """A web address; nothing but http and https, so that it can be shown as a link."""

    key = "url"
    inputmode = "url"

    def clean(self, text, field, setting):
        """The address as typed."""
        try:
            parts = urlsplit(text)
        except ValueError:
            parts = None
        if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
            raise InvalidValue(_("Write a web address that begins with https://."))
        return within(text, MAX_URL)


@field_types.register
class Link(Url):
    """A web address or the reference of another engagement."""

    key = "link"
    inputmode = ""

    def clean(self, text, field, setting):
        """A reference as it is, anything else as an address."""
        return text if _REFERENCE.fullmatch(text) else super().clean(text, field, setting)


@field_types.register
class Secret(Text):
    """A line that nobody should read over a shoulder, such as the PIN of a bridge; never exported."""

    key = "secret"

    def show(self, value, field, setting):
        """Dots, always as many."""
        return "••••••"
