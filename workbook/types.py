"""How a value of each kind is read from what a person typed, shown, and edited again."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from dataclasses import field as default_of
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from iem_portal.registry import Registry
from iem_portal.texts import can_be_kept
from workbook.catalogue import Field

field_types = Registry("field type", "fieldtypes")


class InvalidValue(ValueError):
    """A value that does not fit its field; the message is in the reader's words."""


@dataclass(frozen=True)
class Setting:
    """What reading and showing a value depends on besides the field: the engagement's zone, accounts and people."""

    zone: ZoneInfo = default_of(default_factory=lambda: ZoneInfo("UTC"))
    accounts: tuple[tuple[str, str], ...] = ()
    regions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    @classmethod
    def bare(cls, engagement) -> Setting:
        """The setting without accounts and people. No query."""
        return cls(zone=ZoneInfo(engagement.time_zone), regions=tuple(engagement.regions))

    @classmethod
    def of(cls, engagement) -> Setting:
        """The setting of an engagement. Two queries: accounts and members."""
        members = engagement.memberships.select_related("user", "invitation")
        return cls(
            zone=ZoneInfo(engagement.time_zone),
            accounts=tuple((account.account_id, account.name) for account in engagement.aws_accounts.all()),
            regions=tuple(engagement.regions),
            people=tuple(sorted({(member.user or member.invitation).name for member in members} - {""})),
        )


class FieldType:
    """One kind of value. ``input`` names the editor: text, area, select, multi, date or datetime."""

    key = ""
    input = "text"
    inputmode = ""
    is_number = False
    #: Whether two edits of different places may be merged.
    merges = False

    def clean(self, text: str, field: Field, setting: Setting):
        """The stored (JSON) value of a typed text, never empty. Raises InvalidValue."""
        return text

    def show(self, value, field: Field, setting: Setting) -> str:
        """The value as people read it, in the active language."""
        return str(value)

    def edit(self, value, field: Field, setting: Setting) -> str:
        """The value as it stands in its editor; cleaning it again gives the same value."""
        return str(value)

    def suggestions(self, field: Field, setting: Setting) -> list[tuple[str, str]]:
        """Likely answers, as value and words."""
        return []


def type_of(field: Field) -> FieldType:
    """The type of a field; an unknown one reads and shows plain text."""
    found = field_types.get(field.type)
    return found if isinstance(found, FieldType) else FieldType()


def clean(field: Field, raw, setting: Setting):
    """The stored value of what was typed or sent (text, number, list, bool or None); None for nothing.

    Full-width digits and letters of an East Asian keyboard count as plain ones. Raises InvalidValue.
    """
    text = _as_text(raw)
    kind = type_of(field)
    text = text.replace("\r\n", "\n").strip() if kind.input == "area" else " ".join(text.split())
    if not can_be_kept(text):
        raise InvalidValue(_("This text contains a character that cannot be kept."))
    if not text:
        return None
    return kind.clean(text, field, setting)


def _as_text(raw) -> str:
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, list | tuple):
        return ", ".join(
            "=".join(map(str, item)) if isinstance(item, list | tuple) else str(item) for item in raw
        )
    if isinstance(raw, dict):
        raise InvalidValue(_("Send one value, not an object."))
    return str(raw)


def plain(text: str) -> str:
    """Full-width letters, digits and signs as their plain twins (NFKC), and a real minus as a hyphen."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def show(field: Field, value, setting: Setting) -> str:
    """The value as people read it; nothing for None."""
    return "" if value is None else type_of(field).show(value, field, setting)


def edit(field: Field, value, setting: Setting) -> str:
    """The value as it stands in its editor; nothing for None."""
    return "" if value is None else type_of(field).edit(value, field, setting)
