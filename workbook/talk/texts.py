"""What may be written down at all: not nothing, not endless, no sign that cannot be kept."""

from __future__ import annotations

from django.utils.translation import gettext as _

from iem_portal.texts import can_be_kept
from workbook.types import InvalidValue

LONGEST = 4000
LONGEST_NAME = 120


def checked(text: str, *, empty: str = "", limit: int = LONGEST) -> str:
    """The text without spaces around it. Raises InvalidValue in the writer's words; ``empty`` says what is missing."""
    found = text.replace("\r\n", "\n").strip()
    if not found and empty:
        raise InvalidValue(empty)
    if len(found) > limit:
        raise InvalidValue(_("At most %(limit)d characters.") % {"limit": limit})
    if not can_be_kept(found):
        raise InvalidValue(_("This text contains a character that cannot be kept."))
    return found
