"""Plan and approval: the header of a runbook, what is wrong with it, who approved it, and its life."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from warroom import library, soundness
from warroom import runbook as verbs
from warroom.models import Runbook
from warroom.outlook import outlook
from warroom.runbook.views.forms import HeaderForm
from warroom.runbook.views.shared import found, page, see_other

S = Runbook.Status
#: What may be done next, by status: the act, and whether it asks for a reason.
LIFE = {
    S.DRAFT: (("submit", False),),
    S.IN_REVIEW: (("approve", False), ("send_back", True)),
    S.APPROVED: (("make_ready", False), ("rehearse", False), ("open_version", True)),
    S.REHEARSING: (("make_ready", False), ("open_version", True)),
    S.READY: (("start_run", False), ("rehearse", False), ("open_version", True)),
    S.RUNNING: (("pause", True), ("complete", False), ("abort_run", True)),
    S.PAUSED: (("resume", False), ("open_version", True), ("abort_run", True)),
}


@requires(Permission.VIEW)
@require_GET
def run(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The runbook at a glance."""
    return _shown(request, found(request, number))


def _shown(request: HttpRequest, runbook: Runbook, *, status: int = 200, **words) -> HttpResponse:
    now = timezone.now()
    view = outlook(request.engagement, now, runbook.number)
    context = {
        "faults": soundness.read(runbook),
        "view": view,
        "versions": runbook.versions.defer("content"),
        "others": Runbook.objects.filter(engagement=request.engagement).exclude(pk=runbook.pk),
        "acts": LIFE.get(runbook.status, ()),
        "now": now,
        "error": "",
        "reason": "",
    }
    return page(request, runbook, "run", context | words, status)


@requires(Permission.RUN_STEPS)
@require_POST
def life(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """The next act in the life of the runbook. 422: refused, 409: somebody was faster."""
    runbook = found(request, number)
    act, reason = request.POST.get("act", ""), request.POST.get("reason", "")[:2000]
    allowed = dict(LIFE.get(runbook.status, ()))
    version = whole(request.POST.get("version", ""))
    if act not in allowed or version is None:
        return _shown(request, runbook, status=409, is_conflict=True, reason=reason)
    words = {"reason": reason} if allowed[act] else {}
    try:
        made = getattr(verbs, act)(
            runbook=runbook, version=version, by=request.user, now=timezone.now(), **words
        )
    except verbs.StepError as error:
        shown = {"error": str(error), "failed_act": act, "reason": reason, "error_field": error.field}
        return _shown(request, found(request, number), status=422, **shown)
    except verbs.RunbookConflict:
        return _shown(request, found(request, number), status=409, is_conflict=True, reason=reason)
    return see_other(request, "run", made.number)


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def header(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Change the header: what is the plan's only while it may be changed, people at any time."""
    runbook = found(request, number)
    form = HeaderForm(request.POST or None, runbook=runbook)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                verbs.change_header(
                    runbook=runbook,
                    version=form.cleaned_data["version"],
                    by=request.user,
                    now=timezone.now(),
                    **form.fields_of_runbook(),
                )
                return see_other(request, "run", number)
            except verbs.StepError as error:
                form.add_error(None, str(error))
            except verbs.RunbookConflict as conflict:
                status, runbook = 409, conflict.runbook
                data = form.data.copy()
                data["version"] = runbook.version
                form = HeaderForm(data, runbook=runbook)
        if form.clashes:
            status = 409
    context = {"form": form, "is_conflict": status == 409}
    return page(request, runbook, "header", context, status)


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, reference: str) -> HttpResponse:
    """Choose a template for another runbook."""
    plans = [library.template(key) for key in library.template_keys()]
    error = ""
    if request.method == "POST":
        key = request.POST.get("template", "")
        try:
            if key not in library.template_keys():
                raise verbs.StepError(_("Choose a template of the list."))
            made = verbs.create_runbook(
                engagement=request.engagement, by=request.user, now=timezone.now(), template_key=key
            )
            return see_other(request, "run", made.number)
        except verbs.StepError as problem:
            error = str(problem)
    there = set(
        Runbook.objects.filter(engagement=request.engagement, rehearsal_of=None).values_list(
            "kind", flat=True
        )
    )
    context = {"plans": plans, "error": error, "there": there}
    return render(request, "warroom/run/new.html", context, status=422 if error else 200)


@requires(Permission.RUN_STEPS)
@require_POST
def stream(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """How one stream stands, in its lead's words."""
    runbook = found(request, number)
    words = {key: request.POST.get(key, "") for key in ("key", "rag", "message", "lead")}
    version = whole(request.POST.get("version", ""))
    try:
        verbs.set_stream(
            runbook=runbook,
            version=-1 if version is None else version,
            by=request.user,
            now=timezone.now(),
            **words,
        )
    except verbs.StepError as error:
        return _shown(request, _typed(runbook, words), status=422, error=str(error))
    except verbs.RunbookConflict:
        return _shown(request, _typed(found(request, number), words), status=409, is_conflict=True)
    return see_other(request, "run", number)


def _typed(runbook: Runbook, words: dict) -> Runbook:
    """The runbook with what was typed beside the stream it belongs to; not stored."""
    runbook.streams = [
        one | {"typed": words} if one["key"] == words["key"] else one for one in runbook.streams
    ]
    return runbook
