"""Words: short and long texts, web addresses, links to earlier engagements."""

import re
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from workbook.types import FieldType, InvalidValue, field_types

MAX_TEXT, MAX_LONG_TEXT, MAX_URL = 500, 10_000, 2_000
_REFERENCE = re.compile(r"[A-Z]{2,8}-\d{1,8}")


def _within(text: str, limit: int) -> str:
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
        return _within(text, int(field.options.get("max", MAX_TEXT)))


@field_types.register
class LongText(FieldType):
    """Paragraphs; edits of different sentences merge."""

    key = "longtext"
    input = "area"
    merges = True

    def clean(self, text, field, setting):
        """The text with plain line ends."""
        return _within(text, int(field.options.get("max", MAX_LONG_TEXT)))


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
        return _within(text, MAX_URL)


@field_types.register
class Link(Url):
    """A web address or the reference of another engagement."""

    key = "link"
    inputmode = ""

    def clean(self, text, field, setting):
        """A reference as it is, anything else as an address."""
        return text if _REFERENCE.fullmatch(text) else super().clean(text, field, setting)


@field_types.register
class Ref(FieldType):
    """A row of another section or a person, by name; ``to`` says of which kind."""

    key = "ref"

    def clean(self, text, field, setting):
        """The name."""
        return _within(text, 160)

    def suggestions(self, field, setting):
        """The engagement's people for a contact."""
        return [(name, "") for name in setting.people] if field.options.get("to") == "contact" else []
