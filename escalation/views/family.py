"""What happens to an escalation among others and after its end, and who has it."""

from __future__ import annotations

from django.views.decorators.http import require_POST

from engagements.access import Permission, requires
from escalation import actions, forms
from escalation.views._acting import act
from escalation.views.choices import chain_above, chain_below, others_of


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def reopen(request, reference, number):
    """It broke again, or was no duplicate."""
    return act(request, number, "reopen", forms.ReopenForm, actions.reopen)


@requires(Permission.ESCALATE)
@require_POST
def follow(request, reference, number):
    """It is back long after its end; the new one is shown."""
    return act(request, number, "follow", forms.FollowForm, actions.follow_up, shows_result=True)


@requires(Permission.ESCALATE)
@require_POST
def split(request, reference, number):
    """A part of it gets clocks of its own; the new one is shown."""
    return act(request, number, "split", forms.SplitForm, actions.split, shows_result=True)


@requires(Permission.ESCALATE)
@require_POST
def start_lane(request, reference, number):
    """The other lane works on it too; the part in it is shown."""
    return act(request, number, "start_lane", forms.StartLaneForm, actions.start_lane, shows_result=True)


@requires(Permission.ESCALATE)
@require_POST
def link(request, reference, number):
    """It belongs together with another."""
    return act(request, number, "link", forms.OtherForm, actions.link, others=others_of)


@requires(Permission.ESCALATE)
@require_POST
def unlink(request, reference, number):
    """A link was wrong."""
    return act(request, number, "unlink", forms.UnlinkForm, actions.unlink)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def merge(request, reference, number):
    """It is the same problem as another."""
    return act(request, number, "merge", forms.MergeForm, actions.merge, others=others_of)


@requires(Permission.ESCALATE)
@require_POST
def management(request, reference, number):
    """The next level of the customer's management comes in."""
    return act(request, number, "chain", forms.ChainForm, actions.raise_management, levels=chain_above)


@requires(Permission.ESCALATE)
@require_POST
def management_back(request, reference, number):
    """A level of the customer's management is not needed any more."""
    verb = actions.step_back_management
    return act(request, number, "chain_back", forms.ChainBackForm, verb, levels=chain_below)


@requires(Permission.VIEW)
@require_POST
def acknowledge(request, reference, number):
    """Somebody has it; whoever was paged may say so, which the verb checks."""
    return act(request, number, "acknowledge", forms.AcknowledgeForm, actions.acknowledge)


@requires(Permission.VIEW)
@require_POST
def take(request, reference, number):
    """Somebody has it and becomes the owner."""
    return act(request, number, "take", forms.AcknowledgeForm, actions.take)


@requires(Permission.VIEW)
@require_POST
def snooze(request, reference, number):
    """Quiet until a chosen time."""
    return act(request, number, "snooze", forms.SnoozeForm, actions.snooze)


@requires(Permission.ESCALATE)
@require_POST
def ask(request, reference, number):
    """Somebody asked AWS Support for an answer."""
    return act(request, number, "ask", forms.AskForm, actions.ask_for_answer)
