"""Which escalations belong together: linked, split, one a duplicate of another, or the follow-up of an old one?

All of it stays within one engagement: the other one is named by its number there, so nobody else's is ever found.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from engagements.access import Permission, check
from escalation import catalog, timing
from escalation.actions._base import lock, require_open, require_text, save, say
from escalation.actions.opening import open_escalation
from escalation.ladder import allclear, holding, telling
from escalation.models import Escalation, EscalationLink
from iem_portal.notifications import outbox

RELATED, SPLIT, DUPLICATE = EscalationLink.Kind.values
# What a part of a problem, or its return, has in common with it.
FACTS = ("impact", "account_id", "region", "service", "resources", "tried", "wanted", "workaround")


@transaction.atomic
def link(
    *, escalation: Escalation, other: int, reason: str, by, now: datetime, base_version: int | None = None
) -> EscalationLink:
    """Say that it belongs together with the escalation of this number; each keeps its own clocks.

    Raises ValidationError by field (other, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    reason = require_text("reason", reason, _("Say what connects them."))
    related = _other(escalation, other)
    if _links_between(escalation, related).exists():
        raise ValidationError({"other": _("These two are linked already.")})
    save(escalation)
    made = _link(escalation, related, RELATED, reason, by=by, now=now)
    say(escalation, "linked", by=by, now=now, params={"other": related.reference}, text=reason)
    return made


@transaction.atomic
def unlink(
    *, escalation: Escalation, link_id: int, reason: str, by, now: datetime, base_version: int | None = None
) -> EscalationLink:
    """End a link that was wrong, from either of its two; it stays on record. A duplicate is reopened instead.

    Raises ValidationError by field (link_id, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    reason = require_text("reason", reason, _("Say why they do not belong together."))
    mine = EscalationLink.objects.filter(Q(escalation=escalation) | Q(other=escalation), ended_at=None)
    found = mine.select_related("escalation", "other").filter(pk=link_id).first()
    if found is None:
        raise ValidationError({"link_id": _("There is no such link.")})
    if found.kind == DUPLICATE:
        raise ValidationError({"link_id": _("Reopen the duplicate to take it out.")})
    save(escalation)
    _end(found, reason, by=by, now=now)
    other = found.other if found.escalation_id == escalation.pk else found.escalation
    say(escalation, "unlinked", by=by, now=now, params={"other": other.reference}, text=reason)
    return found


@transaction.atomic
def merge(
    *, escalation: Escalation, into: int, reason: str, by, now: datetime, base_version: int | None = None
) -> Escalation:
    """It is the same problem as the one of this number: its clocks end there unjudged, and it is resolved.

    Breaches on record stay; `reopen` takes it back. Raises ValidationError by field (into, reason), StaleWrite,
    PermissionDenied.
    """
    parent = _other(escalation, into, field="into")
    escalation, parent = _lock_both(escalation, parent, base_version)
    check(by, escalation.engagement, Permission.HANDLE_ESCALATION)
    require_open(escalation)
    if parent.merged_into_id is not None:
        words = {"other": parent.reference, "root": parent.merged_into.reference}
        message = _("%(other)s is a duplicate itself. Choose %(root)s.") % words
        raise ValidationError({"into": message})
    if not parent.is_open:
        message = _("%(other)s is resolved. Reopen it first, or link the two.") % {"other": parent.reference}
        raise ValidationError({"into": message})
    reason = require_text("reason", reason, _("Say why it is the same problem."))
    timing.settle(escalation, now=now)
    timing.merged(escalation, by=by, now=now)
    escalation.merged_into, escalation.resolved_at, escalation.resolution = parent, now, reason
    timing.clear_wait(escalation)
    save(escalation, "merged_into", "resolved_at", "resolution", *timing.WAIT_COLUMNS)
    # Whoever was paged for it hears of the end of the other one, not of this one: nothing is over yet.
    holding.end(escalation, reason=holding.ENDED_BY_END, now=now)
    allclear.hush(escalation, now=now)
    outbox.enqueue(telling.of_merge(escalation, parent, by=by), now=now)
    _link(escalation, parent, DUPLICATE, reason, by=by, now=now)
    say(escalation, "merged", by=by, now=now, params={"other": parent.reference}, text=reason)
    return escalation


@transaction.atomic
def split(
    *,
    escalation: Escalation,
    title: str,
    reason: str,
    by,
    now: datetime,
    symptom: str = "",
    severity: str = "",
    lane: str = "",
    owner_name: str = "",
    detected_at: datetime | None = None,
    base_version: int | None = None,
) -> Escalation:
    """Open a part of it as an escalation of its own, with the facts known so far and clocks of its own.

    What is left out is as on the first one, the detection too: a part was broken as long. Returns the new one.
    Raises ValidationError by field (title, reason, severity, lane, detected_at), StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    reason = require_text("reason", reason, _("Say what is split off."))
    save(escalation)
    part = _derived(
        escalation,
        title=title,
        symptom=symptom.strip() or escalation.symptom,
        severity=severity or escalation.severity,
        lane=lane or escalation.lane,
        owner_name=owner_name.strip() or escalation.owner_name,
        detected_at=detected_at or escalation.detected_at,
        severity_reason=reason,
        by=by,
        now=now,
    )
    _link(part, escalation, SPLIT, reason, by=by, now=now)
    say(part, "split_off", by=by, now=now, params={"other": escalation.reference}, text=reason)
    return part


@transaction.atomic
def start_lane(
    *,
    escalation: Escalation,
    reason: str,
    by,
    now: datetime,
    title: str = "",
    severity: str = "",
    owner_name: str = "",
    base_version: int | None = None,
) -> Escalation:
    """Work on it in the other lane too: a part of it is split off into that lane, and this one goes on here.

    Raises ValidationError by field (title, reason, severity), StaleWrite. Returns the new escalation.
    """
    escalation = lock(escalation, base_version)
    lane = next(code for code in catalog.lanes() if code != escalation.lane)
    running = parts_of(escalation).filter(lane=lane, resolved_at=None).first()
    if running is not None:
        words = {"other": running.reference}
        raise ValidationError(_("%(other)s is in that lane already.") % words)
    return split(
        escalation=escalation,
        title=title or escalation.title,
        reason=reason,
        severity=severity,
        lane=lane,
        owner_name=owner_name,
        by=by,
        now=now,
    )


@transaction.atomic
def follow_up(
    *,
    escalation: Escalation,
    reason: str,
    by,
    now: datetime,
    title: str = "",
    detected_at: datetime | None = None,
    base_version: int | None = None,
) -> Escalation:
    """It is back long after its end: a new escalation, linked, that inherits lane, severity and facts.

    Source: AWS Support opens a related case where the old one can be reopened no more. Raises ValidationError by
    field (reason, title, severity, detected_at), StaleWrite. Returns the new one.
    """
    escalation = lock(escalation, base_version)
    if escalation.is_open:
        raise ValidationError(_("This escalation is not resolved yet."))
    reason = require_text("reason", reason, _("Say what is back."))
    save(escalation)
    again = _derived(
        escalation,
        title=title or escalation.title,
        symptom=reason,
        severity=escalation.severity,
        lane=escalation.lane,
        owner_name=escalation.owner_name,
        detected_at=detected_at or now,
        severity_reason=escalation.severity_reason,
        by=by,
        now=now,
    )
    _link(again, escalation, RELATED, reason, by=by, now=now)
    say(again, "followed", by=by, now=now, params={"other": escalation.reference}, text=reason)
    return again


def parts_of(escalation: Escalation):
    """The escalations that were split off from this one."""
    links = EscalationLink.objects.filter(other=escalation, kind=SPLIT, ended_at=None)
    return Escalation.objects.filter(pk__in=links.values("escalation"))


def end_duplicate(escalation: Escalation, reason: str, *, by, now: datetime) -> None:
    """Take back that it is a duplicate; the caller clears `merged_into`."""
    for found in escalation.links.filter(kind=DUPLICATE, ended_at=None):
        _end(found, reason, by=by, now=now)


def _other(escalation: Escalation, number: int, *, field: str = "other") -> Escalation:
    """The escalation of this number in the same engagement; raises ValidationError on the field."""
    found = None
    if isinstance(number, int) and 0 < number < 2**31:
        same = Escalation.objects.filter(engagement_id=escalation.engagement_id)
        found = same.select_related("merged_into").filter(number=number).first()
    if found is None:
        raise ValidationError({field: _("There is no escalation of this number here.")})
    if found.pk == escalation.pk:
        raise ValidationError({field: _("Choose another escalation than this one.")})
    return found


def _lock_both(escalation: Escalation, other: Escalation, base_version: int | None):
    """Both as stored, held in the order of their keys, so that two people who merge crosswise do not wait in a ring."""
    if escalation.pk < other.pk:
        held = lock(escalation, base_version)
        return held, lock(other)
    held_other = lock(other)
    return lock(escalation, base_version), held_other


def _links_between(one: Escalation, two: Escalation):
    return EscalationLink.objects.filter(
        Q(escalation=one, other=two) | Q(escalation=two, other=one), ended_at=None
    )


def _derived(escalation: Escalation, **fields) -> Escalation:
    """A new escalation with the facts of this one."""
    new = open_escalation(
        engagement=escalation.engagement,
        module=escalation.module,
        restore_target_min=escalation.restore_target_min,
        signal=escalation.signal,
        **fields,
    )
    for name in FACTS:
        setattr(new, name, getattr(escalation, name))
    save(new, *FACTS)
    return new


def _link(escalation: Escalation, other: Escalation, kind: str, reason: str, *, by, now) -> EscalationLink:
    return EscalationLink.objects.create(
        escalation=escalation,
        other=other,
        kind=kind,
        reason=reason,
        linked_at=now,
        by_id=by.pk,
        by_name=by.name,
    )


def _end(found: EscalationLink, reason: str, *, by, now: datetime) -> None:
    found.ended_at, found.end_reason = now, reason
    found.ended_by_id, found.ended_by_name = by.pk, by.name
    found.save(update_fields=["ended_at", "end_reason", "ended_by_id", "ended_by_name"])
