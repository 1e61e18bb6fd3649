"""What became of the messages? The log of a thing, and what was given up, for those who must do something."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import HttpRequest

from iem_portal.notifications.models import Hook, Notification
from iem_portal.registry import channels

LOUD_FOR = timedelta(days=3)
MOST, MOST_OF_HOOKS = 200, 20
SEE_INTERNAL = "see_internal"


def log(about: str, request: HttpRequest) -> list[Notification]:
    """The newest messages about a thing, with `.tries`; a customer reads of their own people and hooks only."""
    rows = Notification.objects.filter(about=about).prefetch_related("tries")
    return [_dressed(row) for row in _readable(rows, request)[:MOST]]


def dead_about(about: str) -> list[Notification]:
    """Given-up messages about this very thing ("escalation:12", never "escalation:123"), newest first."""
    found = Notification.objects.filter(about=about, dead_at__isnull=False)
    return [_dressed(row) for row in found[:MOST]]


def dead_of(engagement_id: int, *, now: datetime) -> list[Notification]:
    """What was given up in an engagement in the last three days: a banner for AWS's side."""
    found = Notification.objects.filter(
        engagement_id=engagement_id, dead_at__isnull=False, dead_at__gt=now - LOUD_FOR
    )
    return [_dressed(row) for row in found.order_by("-dead_at")[:MOST]]


def _readable(rows, request: HttpRequest):
    """Who was told inside AWS is AWS's business."""
    if SEE_INTERNAL in getattr(request, "permissions", ()):
        return rows
    own = get_user_model().objects.filter(customer__isnull=False, customer=request.user.customer_id)
    hooks = Hook.objects.filter(
        engagement_id=request.engagement.pk, audience=Hook.Audience.CUSTOMER
    ).values_list("pk", flat=True)
    addresses = [f"hook:{pk}" for pk in hooks]
    return rows.filter(Q(user_id__in=own.values("pk")) | Q(address__in=addresses))


def _dressed(row: Notification) -> Notification:
    row.channel_label = channels.get(row.channel).label
    row.who = row.label or row.address
    return row


def of_hooks(hooks: list[Hook]) -> list[Notification]:
    """The newest messages to these hooks, with their failed tries. Two queries."""
    addresses = [f"hook:{hook.pk}" for hook in hooks]
    rows = Notification.objects.filter(address__in=addresses).prefetch_related("tries")
    return [_dressed(row) for row in rows[:MOST_OF_HOOKS]] if hooks else []
