"""What becomes of an audit: findings are kept, told once, and gone when they are found no more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from engagements import access
from engagements.models import Role
from escalation.models import Audit, Finding
from escalation.watching.audit import Wrong
from iem_portal.accounts.models import User
from iem_portal.notifications import outbox
from iem_portal.notifications.outbox import Message

NAME = "clocks"
TEMPLATE = "escalation/mail/audit"
# One mail says so many; the page has the rest.
MOST_TOLD = 20
KEPT = timedelta(days=90)


@transaction.atomic
def keep(wrongs: Sequence[Wrong], *, now: datetime, took_ms: int) -> Audit:
    """Store what an audit found, close what it found no more, and tell what nobody was told yet."""
    seen = {wrong.key: wrong for wrong in wrongs}
    open_ones = {row.key: row for row in Finding.objects.select_for_update().filter(gone_at__isnull=True)}
    gone = [row.pk for key, row in open_ones.items() if key not in seen]
    Finding.objects.filter(pk__in=gone).update(gone_at=now)
    Finding.objects.filter(pk__in=[row.pk for key, row in open_ones.items() if key in seen]).update(
        seen_at=now
    )
    Finding.objects.bulk_create(
        Finding(
            key=wrong.key,
            kind=wrong.kind,
            params=wrong.params,
            engagement_id=wrong.engagement_id,
            found_at=now,
            seen_at=now,
        )
        for key, wrong in seen.items()
        if key not in open_ones
    )
    _tell(now)
    Finding.objects.filter(gone_at__lt=now - KEPT).delete()
    words = {"at": now, "took_ms": took_ms, "findings": len(seen)}
    return Audit.objects.update_or_create(name=NAME, defaults=words)[0]


def open_findings():
    """What was wrong at the last audit, newest first."""
    return Finding.objects.filter(gone_at__isnull=True)


def _tell(now: datetime) -> None:
    """One mail to each administrator, and to the TAMs of the engagements that are touched."""
    untold = list(Finding.objects.filter(told_at__isnull=True).order_by("pk"))
    if not untold:
        return
    admins = User.objects.filter(portal_role=User.PortalRole.ADMINISTRATOR, is_active=True, customer=None)
    members = access.members().filter(
        engagement__in={row.engagement_id for row in untold if row.engagement_id}, role=Role.TAM
    )
    told: dict[int, tuple[User, list[Finding]]] = {user.pk: (user, untold) for user in admins}
    for member in members:
        if member.user_id not in told or told[member.user_id][1] is not untold:
            mine = told.setdefault(member.user_id, (member.user, []))[1]
            mine += [row for row in untold if row.engagement_id == member.engagement_id]
    last = untold[-1].pk
    outbox.enqueue([_mail(user, mine, last) for user, mine in told.values()], now=now)
    Finding.objects.filter(pk__in=[row.pk for row in untold]).update(told_at=now)


def _mail(user: User, findings: list[Finding], last: int) -> Message:
    return Message(
        key=f"audit:{last}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        template=TEMPLATE,
        params={
            "count": len(findings),
            "findings": [_told(row) for row in findings[:MOST_TOLD]],
        },
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
    )


def _told(row: Finding) -> dict:
    at = row.params.get("at")
    return {**row.params, "kind": row.kind} | ({"at": {"at": at}} if at else {})
