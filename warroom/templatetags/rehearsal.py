"""Small words for the pages of rehearsals and replays."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy as _

from warroom.models import Step

register = template.Library()
TROUBLES = {
    "step.failed": _("failed"),
    "step.blocked": _("blocked"),
    "step.retried": _("tried again"),
    "step.reopened": _("reopened"),
    "gate.called": _("gate called"),
}


@register.filter
def size(minutes: int | None) -> int | None:
    """A length without its sign."""
    return None if minutes is None else abs(minutes)


@register.filter
def step_word(status: str) -> str:
    """The status of a step in words."""
    return str(dict(Step.Status.choices).get(status, status))


@register.filter
def trouble_word(act: str) -> str:
    """What held a step up, in a word."""
    return str(TROUBLES.get(act, act))
