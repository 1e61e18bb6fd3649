"""Which systems does an engagement tell besides people, and who may set that up?

Verbs of the hooks of an engagement: chat channels, signed webhooks, pagers. The caller has checked the permission.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _

from iem_portal.notifications.models import Hook

SECRET_PREFIX = "whsec_"  # noqa: S105 (of Standard Webhooks)
ESCALATION, UPDATE = "escalation", "update"
#: What a hook can be told of.
TOPICS = {ESCALATION: _("Escalations"), UPDATE: _("Status updates")}


def topics_of(kind: str) -> dict[str, str]:
    """What a hook of this kind can be told of: a pager wakes somebody up, and hears of escalations alone."""
    return {ESCALATION: TOPICS[ESCALATION]} if kind == Hook.Kind.EVENTS else TOPICS


def hooks_of(engagement_ids: Iterable[int], what: str) -> dict[int, list[Hook]]:
    """The hooks that want to hear of this, by engagement, in one query; empty lists where there are none.

    What is for AWS only goes to hooks whose `audience` is "aws". A message goes to channel `hook.kind` and
    address `address(hook)`, in `hook.language` and `hook.time_zone`.
    """
    wanted = set(engagement_ids)
    found: dict[int, list[Hook]] = {pk: [] for pk in wanted}
    for hook in Hook.objects.filter(engagement_id__in=wanted, is_active=True, removed_at=None):
        if what in hook.what:
            found[hook.engagement_id].append(hook)
    return found


def address(hook: Hook) -> str:
    """What stands in the outbox instead of the address, which is a secret."""
    return f"hook:{hook.pk}"


def label(hook: Hook) -> str:
    """How the delivery log names it."""
    return f"{hook.name} ({hook.get_kind_display()})"


def host(hook: Hook) -> str:
    """As much of its address as may be shown."""
    return urlsplit(hook.url).hostname or ""


def new_secret() -> str:
    """A secret as Standard Webhooks writes it: "whsec_" and 32 random bytes in base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def add(*, engagement_id: int, fields: dict, by, now: datetime) -> Hook:
    """A new hook; a webhook gets a secret of its own, to be shown once (`hook.secret`)."""
    secret = new_secret() if fields["kind"] == Hook.Kind.WEBHOOK else fields.get("secret", "")
    return Hook.objects.create(
        **{**fields, "secret": secret}, engagement_id=engagement_id, created_at=now, created_by_name=by.name
    )


def switch(*, hook: Hook, is_active: bool) -> None:
    """On or off."""
    Hook.objects.filter(pk=hook.pk).update(is_active=is_active)


def hear(*, hook: Hook, what: list[str]) -> None:
    """What it is told of from now on: keys of TOPICS."""
    Hook.objects.filter(pk=hook.pk).update(what=what)


def renew_secret(*, hook: Hook) -> str:
    """Another secret for a webhook; the one before ends at once. To be shown once."""
    secret = new_secret()
    Hook.objects.filter(pk=hook.pk).update(secret=secret)
    return secret


def remove(*, hook: Hook, now: datetime) -> None:
    """Never told again; its name stays for the delivery log, its address and secret do not."""
    Hook.objects.filter(pk=hook.pk).update(removed_at=now, is_active=False, url="", secret="")
