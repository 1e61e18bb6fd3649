"""Which systems does an engagement tell? The verbs of its hooks, each written into the timeline."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.models import Engagement, TimelineEntry
from iem_portal.accounts.models import User
from iem_portal.notifications import hooks, outbox
from iem_portal.notifications.models import Hook, Notification

TEST_TEMPLATE = "accounts/mail/contact_test"
TESTS_A_MINUTE = 5


def add(*, engagement: Engagement, fields: dict, by, now: datetime) -> Hook:
    """A new hook; a webhook's secret is in it, to be shown once."""
    with transaction.atomic():
        hook = hooks.add(
            engagement_id=engagement.pk, fields=fields | {"time_zone": engagement.time_zone}, by=by, now=now
        )
        _note(engagement, hook, "hook.added", by, now)
    return hook


def switch(*, engagement: Engagement, hook: Hook, is_active: bool, by, now: datetime) -> None:
    """On or off."""
    with transaction.atomic():
        hooks.switch(hook=hook, is_active=is_active)
        _note(engagement, hook, "hook.on" if is_active else "hook.off", by, now)


def hear(*, engagement: Engagement, hook: Hook, what: list[str], by, now: datetime) -> None:
    """What it is told of from now on. Raises ValidationError for nothing at all, or something unknown."""
    if not what or not set(what) <= set(hooks.topics_of(hook.kind)):
        raise ValidationError(_("Choose at least one, or switch it off."))
    with transaction.atomic():
        hooks.hear(hook=hook, what=what)
        _note(engagement, hook, "hook.hears", by, now)


def renew_secret(*, engagement: Engagement, hook: Hook, by, now: datetime) -> str:
    """Another secret, to be shown once; the one before ends at once."""
    with transaction.atomic():
        _note(engagement, hook, "hook.secret", by, now)
        return hooks.renew_secret(hook=hook)


def remove(*, engagement: Engagement, hook: Hook, by, now: datetime) -> None:
    """Never told again."""
    with transaction.atomic():
        hooks.remove(hook=hook, now=now)
        _note(engagement, hook, "hook.removed", by, now)


@transaction.atomic
def test(*, engagement: Engagement, hook: Hook, by, now: datetime) -> None:
    """A message that says it is a test; five a minute of one person. Raises ValidationError beyond that."""
    about = f"hook-test:{by.pk}"
    # The person is held, so that clicks at the same moment are counted one after the other.
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)
    recent = Notification.objects.filter(about=about, created_at__gt=now - timedelta(minutes=1))
    if recent.count() >= TESTS_A_MINUTE:
        raise ValidationError(_("These were five tests within a minute. Wait a little, then test again."))
    message = outbox.Message(
        key=f"hook:{hook.pk}:test:{by.pk}:{now.isoformat()}",
        channel=hook.kind,
        address=hooks.address(hook),
        template=TEST_TEMPLATE,
        language=hook.language,
        time_zone=hook.time_zone,
        engagement_id=engagement.pk,
        about=about,
        label=hooks.label(hook),
    )
    outbox.enqueue([message], now=now)


def _note(engagement: Engagement, hook: Hook, phrase: str, by, now: datetime) -> None:
    is_aws = hook.audience == Hook.Audience.AWS
    audience = TimelineEntry.Audience.AWS if is_aws else TimelineEntry.Audience.ALL
    timeline.record(engagement, phrase, by=by, now=now, params={"name": hook.name}, audience=audience)
