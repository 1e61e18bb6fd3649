"""Small words for the runbook's templates: outcomes of gates, streams, inputs, and cells of the sheet."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from iem_portal.templatetags.portal import pick, status
from warroom import gatebook, inputs
from warroom.models import Runbook

register = template.Library()
#: Shape of each status of a runbook.
LOOKS = {
    "draft": "todo",
    "in_review": "run",
    "approved": "ok",
    "rehearsing": "run",
    "ready": "ok",
    "running": "run",
    "paused": "hold",
    "completed": "ok",
    "rolled_back": "bad",
    "aborted": "bad",
}


@register.filter
def outcome(key: str) -> str:
    """The outcome of a gate in the reader's language."""
    return pick(gatebook.label_of(key))


@register.filter
def run_look(status: str) -> str:
    """The shape of a runbook's status."""
    return LOOKS.get(status, "todo")


@register.filter
def input_words(one: dict, zone: str) -> str:
    """What an input says; `zone` is the event's."""
    return inputs.words(one, ZoneInfo(zone))


@register.filter
def input_label(one: dict) -> str:
    """The name of an input."""
    return str(inputs.LABELS.get(one["key"], one["key"]))


#: What each act in the life of a runbook is called.
ACTS = {
    "submit": _("Send for review"),
    "approve": _("Approve"),
    "send_back": _("Send back to draft"),
    "make_ready": _("Make ready"),
    "rehearse": _("Start a rehearsal"),
    "open_version": _("Open a new version"),
    "start_run": _("Start the run"),
    "pause": _("Pause the run"),
    "resume": _("Go on"),
    "complete": _("Complete the run"),
    "abort_run": _("Abort the run"),
}
RAGS = {
    "green": ("ok", pgettext_lazy("stream", "Green")),
    "amber": ("watch", pgettext_lazy("stream", "Amber")),
    "red": ("bad", pgettext_lazy("stream", "Red")),
}


@register.filter
def act_word(act: str) -> str:
    """What an act is called on its button."""
    return str(ACTS.get(act, act))


@register.filter
def run_word(key: str) -> str:
    """A status of a runbook in words."""
    return str(dict(Runbook.Status.choices).get(key, key))


@register.filter
def words(text: str) -> list[str]:
    """A list written as one text, for a loop."""
    return text.split()


@register.filter
def rag(colour: str) -> str:
    """How a stream stands, as shape and word."""
    look, word = RAGS.get(colour, ("todo", colour))
    return status(look, str(word))
