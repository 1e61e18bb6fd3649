"""Acting on one step: a form for each action, in a dialog of the board or as a page of its own."""

from functools import partial
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import Permission, requires
from warroom import inputs, runbook
from warroom.forms import ACTIONS, StepForm
from warroom.models import Step
from warroom.views import see_other
from workbook.attachments.views import handed_out

VERBS = {
    "start": runbook.start_step,
    "finish": runbook.finish_step,
    "fail": runbook.fail_step,
    "retry": runbook.retry_step,
    "around": runbook.work_around_step,
    "stop": runbook.stop_stream,
    "call": runbook.call_gate,
    "block": runbook.block_step,
    "unblock": runbook.unblock_step,
    "skip": runbook.skip_step,
    "approve-skip": runbook.approve_skip,
    "refuse-skip": runbook.refuse_skip,
    "reopen": runbook.reopen_step,
    "note": runbook.note_step,
    "evidence": runbook.add_evidence,
    "decide": runbook.decide_gate,
}


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, reference: str, number: int, code: str, action: str) -> HttpResponse:
    """Ask for what the action needs, then do it. 422: refused, 409: somebody else was faster."""
    with timezone.override(ZoneInfo(request.engagement.time_zone)):
        return _step(request, reference, _find(request, number, code, action), action)


def _step(request: HttpRequest, reference: str, found: Step, action: str) -> HttpResponse:
    show = partial(_show, request, found, action)
    if request.method == "GET":
        return show(StepForm(step=found, action=action, initial={"version": found.version}))
    form = StepForm(request.POST, request.FILES, step=found, action=action)
    if not form.is_valid():
        return show(form, status=422)
    try:
        _act(request, found, action, form.words())
    except runbook.StepError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        form.ask_again_for_the_file()
        return show(form, status=422)
    except runbook.StepConflict as conflict:
        data = _with_version(request, conflict.step)
        fresh = StepForm(data, request.FILES, step=conflict.step, action=action)
        if fresh.is_valid():
            fresh.ask_again_for_the_file()
        return _show(request, conflict.step, action, fresh, status=409, is_conflict=True)
    if request.htmx:
        return HttpResponse(status=204)
    return see_other("warroom:runbook", reference)


@requires(Permission.VIEW)
@require_GET
@never_cache
def evidence_file(request: HttpRequest, reference: str, number: int, code: str, nth: int) -> HttpResponse:
    """A file that proves a step, as a download; `nth` counts from 1."""
    found = _find(request, number, code, "evidence")
    if not 1 <= nth <= len(found.evidence_files):
        raise Http404
    one = found.evidence_files[nth - 1]
    return handed_out(one["stored_as"], one["name"], one["kind"])


def _act(request: HttpRequest, found: Step, action: str, words: dict) -> None:
    """Do it; a decision also keeps what the portal knows at this second."""
    now = timezone.now()
    if action == "decide":
        words["inputs"] = inputs.at_gate(found, now)
    VERBS[action](step=found, by=request.user, now=now, **words)


def _find(request: HttpRequest, number: int, code: str, action: str) -> Step:
    if action not in VERBS:
        raise Http404
    try:
        return runbook.find(request.engagement, code, number)
    except Step.DoesNotExist:
        raise Http404 from None


def _with_version(request: HttpRequest, step: Step):
    """What was typed, with the version of the step as it is now: sending again is a decision."""
    data = request.POST.copy()
    data["version"] = step.version
    return data


def _show(request, step: Step, action: str, form: StepForm, *, status: int = 200, is_conflict: bool = False):
    title, verb, _fields = ACTIONS[action]
    context = {
        "step": step,
        "action": action,
        "form": form,
        "title": title % {"code": step.code},
        "verb": verb,
        "is_conflict": is_conflict,
        "zone": request.engagement.time_zone,
    }
    context["is_commander"] = step.runbook.commands(request.user)
    context["named"] = step.owner_name or step.deputy_name
    template = "warroom/_step_form.html" if request.htmx else "warroom/step.html"
    return render(request, template, context, status=status)
