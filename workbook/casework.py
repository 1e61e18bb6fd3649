"""What a support case is written with: the subject's prefix, the bridge, and the customer's consent to writing."""

from __future__ import annotations

from dataclasses import dataclass

from iem_portal.registry import casework
from workbook.attachments import kinds
from workbook.models import Attachment, Cell, WriteConsent

MOST_FILES = 100
_PREFIX, _BRIDGE = ("wb22", "es_case_subject"), ("wb04", "wr_bridge")


@dataclass(frozen=True)
class File:
    """A file of the event that may go along with a case; `size` in bytes, `stored_as` its place in the store."""

    key: str
    name: str
    size: int
    stored_as: str


@casework.register
class Casework:
    """Sections WB22 and WB04, and the word given on WB08's page."""

    key = "workbook"

    def may_write(self, engagement: int) -> bool:
        """Has the customer agreed that the portal asks AWS for things in its accounts? One query."""
        newest = WriteConsent.objects.filter(engagement=engagement).first()
        return newest is not None and newest.is_given

    def words(self, engagement: int) -> dict[str, str]:
        """`prefix` of a case's subject and `bridge` address, where they are written down. One query."""
        cells = Cell.objects.filter(
            row__engagement=engagement,
            row__section__in=[_PREFIX[0], _BRIDGE[0]],
            row__deleted_at=None,
            field__in=[_PREFIX[1], _BRIDGE[1]],
            value__isnull=False,
        )
        found = dict(cells.values_list("field", "value"))
        return {"prefix": str(found.get(_PREFIX[1], "")), "bridge": str(found.get(_BRIDGE[1], ""))}

    def looked_at(self, name: str, head: bytes) -> tuple[str, str | None]:
        """The name of a file as it is kept, and its media type by ending and beginning; None for one not taken."""
        name = kinds.safe_name(name)
        return name, kinds.media_type(name, head)

    def files(self, engagement: int) -> list[File]:
        """The newest files beside its answers, each of the same bytes once. One query."""
        found = Attachment.objects.filter(engagement=engagement, removed_at=None).order_by("-pk")[:MOST_FILES]
        files = {(one.name, one.stored_as): one for one in found}
        return [File(one.key, one.name, one.size, one.stored_as) for one in files.values()]
