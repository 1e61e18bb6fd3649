"""What people do to an escalation: one small form each."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from engagements.access import Permission, requires
from escalation import actions, forms
from escalation.models import Communication, Escalation
from escalation.views._acting import act, refused
from escalation.views.choices import levels_of
from escalation.views.detail import context_of
from escalation.views.pages import one_of, put_errors

# What counts as AWS's first answer came on one of these ways.
_HOW = {
    Communication.Channel.PHONE: Escalation.Answer.CALL,
    Communication.Channel.CHAT: Escalation.Answer.CHAT,
    Communication.Channel.BRIDGE: Escalation.Answer.BRIDGE,
}


@requires(Permission.ESCALATE)
@require_POST
def case(request, reference, number):
    """Note the support case; the first-answer clock starts at its creation."""
    return act(request, number, "case", forms.CaseForm, actions.case_opened)


@requires(Permission.ESCALATE)
@require_POST
def new_case(request, reference, number):
    """Another case after one that is answered; AWS owes a first answer to it."""

    def follow(**words):
        return actions.case_opened(is_new=True, **words)

    return act(request, number, "new_case", forms.NewCaseForm, follow)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def answer(request, reference, number):
    """Stop the first-answer clock."""
    return act(request, number, "answer", forms.AnswerForm, actions.answered)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def hand_over(request, reference, number):
    """Another level or owner."""
    return act(request, number, "hand_over", forms.HandOverForm, actions.hand_over, levels=levels_of)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def lane(request, reference, number):
    """The other lane."""
    return act(request, number, "lane", forms.LaneForm, actions.change_lane)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def wait(request, reference, number):
    """AWS waits for the customer."""
    return act(request, number, "wait", forms.WaitForm, actions.waiting)


@requires(Permission.ESCALATE)
@require_POST
def go_on(request, reference, number):
    """The customer did their part."""
    return act(request, number, "go_on", forms.WaitOverForm, actions.waiting_over)


@requires(Permission.ESCALATE)
@require_POST
def restored(request, reference, number):
    """The service works again."""
    return act(request, number, "restored", forms.RestoredForm, actions.restored)


@requires(Permission.HANDLE_ESCALATION)
@require_POST
def resolve(request, reference, number):
    """The end of it."""
    return act(request, number, "resolve", forms.ResolveForm, actions.resolved)


@requires(Permission.ESCALATE)
@require_POST
def facts(request, reference, number):
    """What is known about it."""

    def edit(*, escalation, by, now, base_version, reason, **words):
        return actions.edit_facts(
            escalation=escalation, facts=words, by=by, now=now, reason=reason, base_version=base_version
        )

    return act(request, number, "facts", forms.FactsForm, edit)


@requires(Permission.ESCALATE)
@require_POST
def say(request, reference, number):
    """Log what was said, and let it count as an update or as AWS's first answer."""

    @transaction.atomic
    def log(*, escalation, audience: str = "", is_answer: bool = False, **words):
        actions.add_communication(escalation=escalation, audience=audience or "all", **words)
        if is_answer:
            how = _HOW.get(words["channel"], Escalation.Answer.CASE)
            kept = {key: words[key] for key in ("by", "now", "at", "reason")}
            actions.answered(escalation=escalation, how=how, **kept)

    return act(request, number, "say", forms.SayForm, log)


@requires(Permission.ESCALATE)
@require_POST
def severity(request, reference, number):
    """Show what another severity would do, and do it once that was seen."""
    now = timezone.now()
    form = forms.SeverityForm(request.POST, prefix="severity")
    escalation = one_of(request, number)
    if (
        form.is_valid()
        and not form.cleaned_data["is_confirmed"]
        and form.cleaned_data["severity"] != escalation.severity
    ):
        try:
            preview = actions.preview_severity(
                escalation=escalation, severity=form.cleaned_data["severity"], now=now
            )
        except ValidationError as error:
            put_errors(form, error)
            return refused(request, escalation, "severity", form, now, 422)
        context = context_of(request, escalation, now, bound={"severity": form}, preview=preview)
        return render(request, "escalation/detail.html", context)

    def change(*, is_confirmed: bool, **words):
        return actions.change_severity(**words)

    answer = act(request, number, "severity", forms.SeverityForm, change)
    if answer.status_code == 302 and request.POST.get("then") == "case":
        # AWS does not raise the severity of a case: the new one is drafted right after.
        return redirect("escalation:case-new", reference, number)
    return answer
