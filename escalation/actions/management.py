"""Who of the customer's management is on it? A chain of its own, beside both lanes."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from escalation import chain
from escalation.actions._base import lock, require_open, require_text, save, say
from escalation.models import MANAGEMENT, Escalation, Hop


@transaction.atomic
def raise_management(
    *,
    escalation: Escalation,
    level: int,
    owner_name: str,
    by,
    now: datetime,
    note: str = "",
    base_version: int | None = None,
) -> Escalation:
    """Bring in the next level of the customer's management, named by `owner_name`; to leave one out wants a note.

    Called at the present level it names another person there. It moves no lane and no clock. Raises
    ValidationError by field (level, owner_name, note) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    owner_name = require_text("owner_name", owner_name, _("Say who is on it."))
    present = escalation.management_level
    if not max(present, 1) <= level <= chain.highest():
        raise ValidationError({"level": _("Choose this level or a higher one.")})
    if level > present + 1:
        note = require_text("note", note, _("Say why it leaves out a level."))
    if level == present and owner_name == _owner(escalation):
        raise ValidationError({"owner_name": _("This person is on it already.")})
    return _move(escalation, level, owner_name, note.strip(), "management_raised", by=by, now=now)


@transaction.atomic
def step_back_management(
    *,
    escalation: Escalation,
    level: int,
    reason: str,
    by,
    now: datetime,
    owner_name: str = "",
    base_version: int | None = None,
) -> Escalation:
    """The higher level is not needed any more; 0 sends the whole chain home.

    Without `owner_name`, whoever was on it at that level before. Raises ValidationError by field (level, reason)
    and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    if not chain.NOBODY <= level < escalation.management_level:
        raise ValidationError({"level": _("Choose a level below the present one.")})
    reason = require_text("reason", reason, _("Say why it goes back."))
    owner_name = "" if level == chain.NOBODY else owner_name.strip() or _owner(escalation, level)
    return _move(escalation, level, owner_name, reason, "management_stepped_back", by=by, now=now)


def _move(escalation, level: int, owner_name: str, note: str, phrase: str, *, by, now) -> Escalation:
    params = {
        "old": chain.label(escalation.management_level),
        "level": chain.label(level),
        "owner": owner_name or "—",
    }
    escalation.management_level = level
    save(escalation, "management_level")
    Hop.objects.create(
        escalation=escalation,
        lane=MANAGEMENT,
        level=level,
        entered_at=now,
        owner_name=owner_name,
        note=note,
        by_id=by.pk,
        by_name=by.name,
    )
    say(escalation, phrase, by=by, now=now, params=params, text=note)
    return escalation


def _owner(escalation: Escalation, level: int | None = None) -> str:
    """Who was on it last, at this level or at all."""
    found = escalation.hops.filter(lane=MANAGEMENT).order_by("-entered_at", "-pk")
    if level is not None:
        found = found.filter(level=level)
    return found.values_list("owner_name", flat=True).first() or ""
