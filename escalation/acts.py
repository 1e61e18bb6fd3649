"""What somebody can do from a message: acknowledge, take over, open. Also the answer to a drill."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engagements.access import visible_engagements
from escalation import actions, catalog, inside
from escalation.ladder import drill
from escalation.models import DrillPage, Escalation
from iem_portal.notifications.errors import ActRefused
from iem_portal.registry import acts
from iem_portal.templatetags.portal import instant_text

DRILL = "drill"


@acts.register
class Acknowledge:
    """Say that one has it; of a drill, that it arrived."""

    key = "escalation.acknowledge"
    label = pgettext_lazy("verb", "Acknowledge")

    def describe(self, about: str, user) -> dict | None:
        """What will happen; None when it is over, or nothing of this person's."""
        kind, number = _parse(about)
        if kind == DRILL:
            return _of_drill(number, user)
        return _described(number, user, _("You say that you have it. The others are not paged meanwhile."))

    def do(self, about: str, user, *, now: datetime) -> str:
        """What was done, in words."""
        kind, number = _parse(about)
        if kind == DRILL:
            page = _drill_page(number, user)
            if page is None:
                raise ActRefused(_("This drill did not page you."))
            drill.answered(page=page, now=now)
            return _("Thank you. This reached you, and the team can see it.")
        said = _done(actions.acknowledge, number, user, now)
        return _("You have it until %(until)s.") % {"until": _shown(said.until, user)}


@acts.register
class Take:
    """Become the owner."""

    key = "escalation.take"
    label = pgettext_lazy("verb", "Take over")

    def describe(self, about: str, user) -> dict | None:
        """What will happen; None when it is over, or nothing of this person's."""
        _kind, number = _parse(about)
        return _described(number, user, _("You become the owner. The others are not paged meanwhile."))

    def do(self, about: str, user, *, now: datetime) -> str:
        """What was done, in words."""
        said = _done(actions.take, _parse(about)[1], user, now)
        return _("You are the owner, and have it until %(until)s.") % {"until": _shown(said.until, user)}


@acts.register
class Open:
    """Go to its page."""

    key = "escalation.open"
    label = pgettext_lazy("verb", "Open")
    is_open = True

    def describe(self, about: str, user) -> dict | None:
        """Its page; None for somebody who may not read it."""
        escalation = _escalation(_parse(about)[1], user)
        return None if escalation is None else _facts(escalation)

    def do(self, about: str, user, *, now: datetime) -> str:
        """Nothing happens; the page opens by itself."""
        return ""


def _parse(about: str) -> tuple[str, int]:
    kind, _colon, number = about.partition(":")
    return kind, int(number)


def _escalation(pk: int, user) -> Escalation | None:
    mine = Escalation.objects.filter(engagement__in=visible_engagements(user))
    found = mine.select_related("engagement").filter(pk=pk).first()
    return found and inside.seen(found, is_staff=user.is_aws)


def _described(pk: int, user, text: str) -> dict | None:
    escalation = _escalation(pk, user)
    if escalation is None or not actions.may_answer(user, escalation):
        return None
    if not escalation.is_open:
        raise ActRefused(_("This escalation is resolved. There is nothing left to do."))
    return _facts(escalation) | {"text": text}


def _facts(escalation: Escalation) -> dict:
    engagement = escalation.engagement
    severity = catalog.severities()[escalation.severity]["label"]
    return {
        "title": f"{escalation.reference} {escalation.title}",
        "url": reverse("escalation:detail", args=[engagement.reference, escalation.number]),
        "rows": [
            (gettext_lazy("Severity"), catalog.in_words(severity)),
            (gettext_lazy("Engagement"), f"{engagement.reference} {engagement.name}"),
            (gettext_lazy("Owner"), escalation.owner_name),
        ],
    }


def _done(verb, pk: int, user, now: datetime):
    escalation = _escalation(pk, user)
    if escalation is None:
        raise ActRefused(_("This is not possible for you any more."))
    try:
        return verb(escalation=escalation, by=user, now=now)
    except ValidationError as error:
        raise ActRefused(" ".join(error.messages)) from error


def _drill_page(pk: int, user) -> DrillPage | None:
    mine = DrillPage.objects.filter(drill=pk, user_id=user.pk)
    return (
        mine.filter(drill__engagement__in=visible_engagements(user))
        .select_related("drill__engagement")
        .first()
    )


def _of_drill(pk: int, user) -> dict | None:
    page = _drill_page(pk, user)
    if page is None:
        return None
    engagement = page.drill.engagement
    return {
        "title": _("Test: can you be reached?"),
        "text": _("Nothing is broken. You show that this message reached you."),
        "label": _("It reached me"),
        "url": reverse("escalation:drill", args=[engagement.reference, page.drill.number]),
        "rows": [(gettext_lazy("Engagement"), f"{engagement.reference} {engagement.name}")],
    }


def _shown(instant: datetime, user) -> str:
    return instant_text(instant, user.time_zone, "near")
