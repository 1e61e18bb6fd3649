"""Where does "contact:12" lead? To a phone, a chat or a browser of a person."""

from __future__ import annotations

from collections.abc import Iterable

from iem_portal.accounts.models import Contact
from iem_portal.notifications.destinations import Destination
from iem_portal.registry import destinations


@destinations.register
class Contacts:
    """Proved contacts of active people."""

    key = "contact"

    def find(self, ids: Iterable[int]) -> dict[int, Destination]:
        """By number; one that is off or not proved is not there."""
        rows = Contact.objects.filter(
            pk__in=ids, is_active=True, proved_at__isnull=False, user__is_active=True
        )
        return {row.pk: Destination(row.address, keys=row.keys) for row in rows}

    def gone(self, pk: int, words: str) -> None:
        """Its receiver says that the address has ended."""
        Contact.objects.filter(pk=pk).update(is_active=False, problem=words[:200])
