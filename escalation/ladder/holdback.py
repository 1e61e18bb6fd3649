"""When the quiet is over, what did people miss? One message a person with everything; nothing is dropped."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from engagements import access
from escalation.ladder import names, rules, sending, words
from escalation.ladder.casting import Person, Told
from escalation.models import Page
from iem_portal.accounts.models import User
from iem_portal.accounts.reach import ways_of
from iem_portal.notifications import outbox

BATCH = 500


def release(engagement_id: int, *, until: datetime, now: datetime) -> int:
    """What waited for this end need wait no longer; how many pages."""
    held = _held().filter(escalation__engagement=engagement_id, held_until=until)
    return held.update(held_until=now)


@transaction.atomic
def send_due(now: datetime) -> int:
    """Tell everybody whose quiet is over what was kept back, in one message a person and engagement; how many.

    Two callers at once tell it once: the rows are taken by one conditional UPDATE, and the keys are unique.
    """
    due = list(_held().filter(held_until__lte=now).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not due:
        return 0
    locked = _held().filter(pk__in=due).select_for_update(of=("self",))
    pages = list(locked.select_related("escalation__engagement").order_by("paged_at", "pk"))
    Page.objects.filter(pk__in=[page.pk for page in pages]).update(bundled_at=now)
    bundles: dict[tuple[int, int], list[Page]] = defaultdict(list)
    for page in pages:
        bundles[page.escalation.engagement_id, page.user_id].append(page)
    people = _people(bundles)
    ways = ways_of({user_id for _engagement, user_id in bundles})
    messages = []
    for (engagement_id, user_id), held in bundles.items():
        person = people.get((engagement_id, user_id))
        if person is not None:
            fact = _fact(engagement_id, held)
            messages += sending.to_person(fact, Told(person, held[0].rule, rules.MAIL), rules.MAIL, ways)
    outbox.enqueue(messages, now=now)
    return len(messages)


def _held():
    return Page.objects.filter(held_until__isnull=False, bundled_at=None, user_id__isnull=False)


def _people(bundles) -> dict[tuple[int, int], Person]:
    """Who may still be told: members of the engagement and AWS's managers, as they are now."""
    engagements = {engagement for engagement, _user in bundles}
    users = {user for _engagement, user in bundles}
    found: dict[tuple[int, int], Person] = {}
    managers = User.objects.filter(
        pk__in=users, portal_role=User.PortalRole.MANAGER, customer__isnull=True, is_active=True
    )
    for user in managers:
        found |= {(pk, user.pk): _person(user, "manager") for pk in engagements}
    for row in access.members().filter(engagement__in=engagements, user__in=users):
        found[row.engagement_id, row.user_id] = _person(row.user, row.role)
    return found


def _person(user: User, role: str) -> Person:
    return Person(user.pk, user.name, user.email, role, user.is_aws, user.language, user.time_zone)


def _fact(engagement_id: int, pages: list[Page]) -> sending.Fact:
    lines = [_line(page) for page in pages]
    key = f"bundle:{pages[0].pk}:{pages[-1].pk}"
    return sending.Fact(key, words.BUNDLE, {"lines": lines}, engagement_id, about="")


def _line(page: Page) -> dict:
    escalation = page.escalation
    address = reverse("escalation:detail", args=[escalation.engagement.reference, escalation.number])
    return {
        "at": words.instant(page.paged_at),
        "reference": escalation.reference,
        "title": escalation.title,
        "what": names.in_both(page.stage, page.kind),
        "path": address,
    }
