"""The page of one gate: its questions, what the portal sees now, votes by role, the decision, earlier rounds."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import Permission, requires
from warroom import gatebook, inputs
from warroom import runbook as verbs
from warroom.models import GateRound, Step
from warroom.runbook.views.forms import DecisionForm, VoteForm
from warroom.runbook.views.shared import found, page, see_other


def _gate(request: HttpRequest, number: int, code: str) -> Step:
    runbook = found(request, number)
    step = Step.objects.filter(runbook=runbook, code=code, kind=Step.Kind.GATE).first()
    if step is None:
        raise Http404
    step.runbook = runbook
    return step


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def gate(request: HttpRequest, reference: str, number: int, code: str) -> HttpResponse:
    """Ask, vote and decide. 422: refused, 409: somebody changed the gate meanwhile."""
    step = _gate(request, number, code)
    if request.method == "GET":
        return _shown(request, step)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        return _shown(request, step, status=422)
    now = timezone.now()
    try:
        refused = act(request, step, now)
    except verbs.StepConflict:
        fresh = _gate(request, number, code)
        return _shown(request, fresh, status=409, is_conflict=True, decision_form=_again(request, fresh))
    return refused or see_other(request, "gate", number, code)


def _again(request: HttpRequest, step: Step) -> DecisionForm:
    """What was typed, with the version of the gate as it is now: sending it again is a decision."""
    data = request.POST.copy()
    data["version"] = step.version
    return DecisionForm(data, step=step)


def _ask(request: HttpRequest, step: Step, now) -> HttpResponse | None:
    try:
        verbs.ask_gate(step=step, by=request.user, now=now)
    except verbs.StepError as error:
        return _shown(request, step, status=422, error=str(error))
    return None


def _vote(request: HttpRequest, step: Step, now) -> HttpResponse | None:
    asked = verbs.open_round(step)
    if asked is None:
        last = GateRound.objects.filter(runbook=step.runbook, code=step.code).last()
        typed = {"vote_form": VoteForm(request.POST, found=last)} if last else {}
        return _shown(request, step, status=409, is_conflict=True, **typed)
    form = VoteForm(request.POST, found=asked)
    return _done(request, step, form, "vote_form", partial(verbs.vote, step=step, by=request.user, now=now))


def _decide(request: HttpRequest, step: Step, now) -> HttpResponse | None:
    form = DecisionForm(request.POST, step=step)
    seen = inputs.at_gate(step, now)
    act = partial(verbs.decide_gate, step=step, by=request.user, now=now, inputs=seen)
    return _done(request, step, form, "decision_form", act)


def _done(request: HttpRequest, step: Step, form, name: str, act) -> HttpResponse | None:
    """None when it was done, else the page with the form and what is wrong with it."""
    if form.is_valid():
        try:
            act(**form.cleaned_data)
            return None
        except verbs.StepError as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    return _shown(request, step, status=422, **{name: form})


_ACTS = {"ask": _ask, "vote": _vote, "decide": _decide}


def _shown(request: HttpRequest, step: Step, *, status: int = 200, **words) -> HttpResponse:
    now = timezone.now()
    rounds = list(GateRound.objects.filter(runbook=step.runbook, code=step.code).prefetch_related("votes"))
    asked = next((one for one in rounds if not one.is_decided), None)
    context = {
        "step": step,
        "book": gatebook.gate(step.gate_key),
        "asked": asked,
        "standing": _standing(asked) if asked else [],
        "is_overdue": bool(asked and verbs.overdue(asked, now)),
        "earlier": [(one, _standing(one)) for one in reversed(rounds) if one.is_decided],
        "decision_form": DecisionForm(step=step),
        "vote_form": VoteForm(found=asked) if asked else None,
        "is_open": step.status in ("planned", "running"),
        "now": now,
    }
    return page(request, step.runbook, "gate", context | words, status)


def _standing(one: GateRound) -> list[dict]:
    """Each role with the newest vote; a role that said nothing is there too."""
    newest = {vote.role: vote for vote in one.votes.all()}
    texts = {question["key"]: question["text"] for question in one.questions}
    rows = []
    for role in one.roles:
        vote = newest.get(role["key"])
        confirmed = [texts[key] for key in vote.confirmed if key in texts] if vote else []
        rows.append({"label": role["label"], "vote": vote, "confirmed": confirmed})
    return rows


@requires(Permission.RUN_STEPS)
@require_GET
def gate_inputs(request: HttpRequest, reference: str, number: int, code: str) -> HttpResponse:
    """What the portal sees at this second, as a fragment that the page reads again and again."""
    now = timezone.now()
    seen = inputs.at_gate(_gate(request, number, code), now)
    context = {"inputs": seen, "now": now, "zone": request.engagement.time_zone}
    return render(request, "warroom/run/_inputs.html", context)
