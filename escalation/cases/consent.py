"""May the portal write to AWS Support for this event: its own switch, and the customer's word?"""

from __future__ import annotations

from django.conf import settings

from engagements.models import Engagement
from iem_portal.registry import casework

SWITCHED_OFF, NO_CONSENT = "switched_off", "consent"


def hindrance(engagement: Engagement) -> str:
    """Why nothing may be sent: the switch, the consent, or "" when nothing stands in the way. One query at most."""
    if not settings.AWS_WRITES:
        return SWITCHED_OFF
    return "" if any(part.may_write(engagement.pk) for part in casework.all()) else NO_CONSENT


def words(engagement: Engagement) -> dict[str, str]:
    """What the workbook knows for a case: `prefix` of the subject and the `bridge`; empty where nothing is written."""
    found = {"prefix": "", "bridge": ""}
    for part in casework.all():
        found |= {key: value for key, value in part.words(engagement.pk).items() if value}
    return found
