"""Who has it? Said by somebody who was told, and only for a while: then the pages go on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.access import Permission, permissions_of, role_of
from escalation import catalog
from escalation.actions._base import enter, lock, require_open, require_text, save, say
from escalation.ladder import holding, policies, telling
from escalation.models import Acknowledgement, Escalation, Page
from iem_portal.notifications import outbox

Kind = Acknowledgement.Kind
LONGEST_SNOOZE = timedelta(hours=24)


@transaction.atomic
def acknowledge(
    *, escalation: Escalation, by, now: datetime, note: str = "", base_version: int | None = None
) -> Acknowledgement:
    """Say that one has it: nobody is paged again before the policy's minutes are over, but then somebody is.

    When several must acknowledge, pages go on until enough have. Raises PermissionDenied, ValidationError and
    StaleWrite.
    """
    escalation = lock(escalation, base_version)
    role = _require_may(escalation, by)
    said = _put(escalation, Kind.ACKNOWLEDGE, _end(escalation, now), role, note.strip(), by, now)
    save(escalation)
    _say(escalation, "acknowledged", said, by=by, now=now)
    return said


@transaction.atomic
def snooze(
    *,
    escalation: Escalation,
    reason: str,
    until: datetime,
    by,
    now: datetime,
    base_version: int | None = None,
) -> Acknowledgement:
    """Quiet until a chosen instant (aware UTC, at most a day ahead), with a reason; never for the 15-minute class.

    Raises ValidationError by field (reason, until), PermissionDenied and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    role = _require_may(escalation, by)
    if policies.is_loud(escalation.policy["targets"], escalation.severity):
        raise ValidationError(
            _("An escalation of the 15-minute class cannot be snoozed. Acknowledge it instead.")
        )
    reason = require_text("reason", reason, _("Say why nobody needs to be told meanwhile."))
    if not now < until <= now + LONGEST_SNOOZE:
        raise ValidationError({"until": _("Give a time ahead, within the next 24 hours.")})
    said = _put(escalation, Kind.SNOOZE, until, role, reason, by, now)
    save(escalation)
    _say(escalation, "snoozed", said, by=by, now=now)
    return said


@transaction.atomic
def take(
    *, escalation: Escalation, by, now: datetime, note: str = "", base_version: int | None = None
) -> Acknowledgement:
    """Acknowledge and become the owner, in one press. Raises PermissionDenied, ValidationError and StaleWrite."""
    escalation = lock(escalation, base_version)
    role = _require_may(escalation, by)
    if catalog.is_internal(escalation.level) and not by.is_aws:
        raise ValidationError(_("It is inside AWS now, where the TAM has it. Acknowledge it instead."))
    said = _put(escalation, Kind.TAKE, _end(escalation, now), role, note.strip(), by, now)
    is_new = escalation.owner_name != by.name
    escalation.owner_name = by.name
    save(escalation, "owner_name")
    if is_new:
        enter(escalation, now=now, by=by, note=said.note)
    _say(escalation, "taken", said, by=by, now=now)
    return said


def may_answer(user, escalation: Escalation) -> bool:
    """May this person say that they have it? Whoever works on escalations, and whoever was paged and may read it."""
    allowed = permissions_of(role_of(user, escalation.engagement))
    if Permission.ESCALATE in allowed:
        return True
    return Permission.VIEW in allowed and Page.objects.filter(escalation=escalation, user_id=user.pk).exists()


def _require_may(escalation: Escalation, by) -> str:
    """The role of the one who answers; raises PermissionDenied, and ValidationError when it is resolved."""
    if not may_answer(by, escalation):
        raise PermissionDenied
    require_open(escalation)
    role = role_of(by, escalation.engagement)
    return role.value if role else ""


def _end(escalation: Escalation, now: datetime) -> datetime:
    return now + timedelta(minutes=policies.term_of(escalation).ack_min)


def _put(escalation, kind: str, until: datetime, role: str, note: str, by, now: datetime) -> Acknowledgement:
    said = holding.put(escalation, kind=kind, until=until, role=role, note=note, by=by, now=now)
    is_inside = _is_inside(escalation, by)
    outbox.enqueue(telling.of_acknowledgement(escalation, said, is_inside=is_inside, now=now), now=now)
    return said


def _say(escalation: Escalation, phrase: str, said: Acknowledgement, *, by, now: datetime) -> None:
    params = {"name": said.name, "until": {"at": said.until.isoformat()}}
    text = "" if _is_inside(escalation, by) else said.note
    say(escalation, phrase, by=by, now=now, params=params, text=text)


def _is_inside(escalation: Escalation, by) -> bool:
    """What AWS's people note while it is at a level inside AWS stays there, as on the path."""
    return by.is_aws and catalog.is_internal(escalation.level)
