"""How a value of each kind is read from what a person typed, shown, and edited again."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.registry import Registry
from iem_portal.texts import can_be_kept
from workbook import editions, titles
from workbook.catalogue import Field, Section
from workbook.models import Attachment
from workbook.titles import Titles

UTC = ZoneInfo("UTC")
field_types = Registry("field type", "fieldtypes")


class InvalidValue(ValueError):
    """A value that does not fit its field; the message is in the reader's words."""


class Setting:
    """What reading and showing a value depends on besides the field: the engagement's zone, accounts, people, rows.

    Nothing is read from the database before a value asks for it, and then once.
    """

    #: Whether people and rows of other sections may be offered as answers: not to a guest, who sees one section.
    offers_names = True

    def __init__(
        self,
        zone: ZoneInfo = UTC,
        *,
        regions: Iterable[str] = (),
        accounts: Iterable[tuple[str, str]] | None = None,
        people: Iterable[str] | None = None,
        titles: Titles | None = None,
        engagement: Engagement | None = None,
        sections: Iterable[Section] | None = None,
    ):
        self.zone = zone
        self.regions = tuple(regions)
        self._engagement = engagement
        self._sections = sections
        given = {"accounts": accounts, "people": people, "titles": titles}
        # A cached property is filled by what was given, or looked up on first use.
        vars(self).update({name: value for name, value in given.items() if value is not None})

    @classmethod
    def of(cls, engagement: Engagement, sections: Iterable[Section] | None = None) -> Setting:
        """The setting of an engagement; its sections save a query where they are known."""
        return cls(
            ZoneInfo(engagement.time_zone),
            regions=engagement.regions,
            engagement=engagement,
            sections=sections,
        )

    @property
    def is_bounded(self) -> bool:
        """Whether this reader sees one section only: they may name rows of elsewhere, but not find them by number."""
        return bool(getattr(self._engagement, "reach", ""))

    #: The same: nothing is read before it is needed.
    bare = of

    @property
    def starts_at(self) -> datetime | None:
        """T0, from which plans count; None without an engagement."""
        return self._engagement.starts_at if self._engagement else None

    @cached_property
    def accounts(self) -> tuple[tuple[str, str], ...]:
        """Number and name of the engagement's AWS accounts. One query."""
        found = self._engagement.aws_accounts.all() if self._engagement else ()
        return tuple((account.account_id, account.name) for account in found)

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The names of the engagement's members. One query."""
        if not self._engagement:
            return ()
        members = self._engagement.memberships.select_related("user", "invitation")
        return tuple(sorted({(member.user or member.invitation).name for member in members} - {""}))

    @cached_property
    def titles(self) -> Titles:
        """What the rows are called that can be referred to. Two queries, one with known sections."""
        if not self._engagement:
            return Titles()
        if self._sections is None:
            self._sections = editions.sections(self._engagement)
        return titles.of(self._engagement, self._sections)

    @cached_property
    def files(self) -> dict[int, str]:
        """The names of the engagement's files by number. One query."""
        if not self._engagement:
            return {}
        live = Attachment.objects.filter(engagement=self._engagement, removed_at=None)
        return dict(live.values_list("pk", "name"))


class FieldType:
    """One kind of value. ``input`` names the editor: text, area, select, multi, date or datetime."""

    key = ""
    input = "text"
    inputmode = ""
    is_number = False
    #: Whether the value is a list of several answers, typed with commas between them.
    is_list = False
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

    def doubt(self, value, field: Field, setting: Setting) -> str:
        """What is odd about a value that is kept all the same, in the reader's words; nothing for a good one."""
        return ""


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
    # Some twins begin with a space of their own.
    return " ".join(unicodedata.normalize("NFKC", text).replace("−", "-").split())


def show(field: Field, value, setting: Setting) -> str:
    """The value as people read it; nothing for None."""
    return "" if value is None else type_of(field).show(value, field, setting)


def edit(field: Field, value, setting: Setting) -> str:
    """The value as it stands in its editor; nothing for None."""
    return "" if value is None else type_of(field).edit(value, field, setting)


def doubt(field: Field, value, setting: Setting) -> str:
    """What is odd about a value that is kept all the same ("not in the list"); nothing for a good one."""
    return "" if value is None else type_of(field).doubt(value, field, setting)
