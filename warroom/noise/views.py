"""The page of what is quiet, and the form that makes an escalation of a signal on the board."""

from __future__ import annotations

from http import HTTPStatus

from django.core.exceptions import ValidationError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import Permission, requires
from escalation import actions, catalog
from iem_portal.numbers import whole
from warroom import runbook
from warroom.models import AlarmState, ExpectedAlarm, HealthEvent, HealthMute, Step
from warroom.noise import known as knowing
from warroom.noise import muting
from warroom.outlook import outlook
from warroom.views import see_other

KINDS = {"alarm": (AlarmState, knowing.of_alarm), "health": (HealthEvent, knowing.of_health)}
ENDABLE = {"alarm": ExpectedAlarm, "health": HealthMute}
LASTING, MOST = F("ended_at").desc(nulls_first=True), 50


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def noise(request: HttpRequest, reference: str) -> HttpResponse:
    """What is expected and therefore quiet; a post adds to it or ends it."""
    if request.method == "GET":
        return _page(request)
    act, now = request.POST.get("act", ""), timezone.now()
    words = {"engagement": request.engagement, "by": request.user, "now": now}
    try:
        if act == "expect":
            step = _step(request)
            text = {name: request.POST.get(name, "") for name in ("alarm", "account", "region", "reason")}
            place = {"account_id": text["account"], "region": text["region"]}
            muting.expect(step=step, alarm_name=text["alarm"], reason=text["reason"], **place, **words)
        elif act == "mute":
            code, reason = request.POST.get("code", ""), request.POST.get("reason", "")
            muting.mute_code(code=code, reason=reason, **words)
        elif act in ("end-alarm", "end-health"):
            rows = ENDABLE[act.removeprefix("end-")].objects.select_related("engagement")
            number = whole(request.POST.get("row", "")) or 0
            muting.end(
                get_object_or_404(rows, engagement=request.engagement, pk=number), by=request.user, now=now
            )
        else:
            raise Http404
    except muting.MuteError as error:
        refused = {"act": act, "field": error.field, "words": str(error)}
        return _page(request, refused=refused, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other("warroom:noise", reference)


def _step(request: HttpRequest) -> Step:
    """The step of the form, written "<runbook>/<code>"; raises MuteError."""
    number, _slash, code = request.POST.get("step", "").partition("/")
    try:
        return runbook.find(request.engagement, code, whole(number) or 0)
    except Step.DoesNotExist:
        raise muting.MuteError(_("Choose a step."), "step") from None


def _page(request: HttpRequest, *, refused: dict | None = None, status: int = 200) -> HttpResponse:
    engagement, now = request.engagement, timezone.now()
    view = outlook(engagement, now)
    events = HealthEvent.objects.filter(engagement=engagement)
    alarms = AlarmState.objects.filter(engagement=engagement, gone_at=None)
    accounts, regions = muting.places(engagement)
    context = {
        "steps": [(f"{step.runbook.number}/{step.code}", step) for step in view.steps if not step.is_closed]
        if view
        else [],
        "alarm_names": alarms.order_by("name").values_list("name", flat=True).distinct()[:300],
        "accounts": accounts,
        "regions": regions,
        "codes": sorted(set(events.values_list("code", flat=True))),
        # What is quiet still stands first, so that it can be ended however long the list is.
        "expected": ExpectedAlarm.objects.filter(engagement=engagement).order_by(LASTING, "-at", "-pk")[
            :MOST
        ],
        "mutes": HealthMute.objects.filter(engagement=engagement).order_by(LASTING, "-at", "-pk")[:MOST],
        "quiet": {one.pk for one in muting.quiet_now(engagement)},
        "typed": request.POST,
        "refused": refused or {},
        "zone": engagement.time_zone,
    }
    return render(request, "warroom/noise/page.html", context, status=status)


@requires(Permission.ESCALATE)
@require_http_methods(["GET", "POST"])
def signal(request: HttpRequest, reference: str, kind: str, number: int) -> HttpResponse:
    """An escalation of an alarm or a Health event: everything known is filled in, Enter opens it."""
    if kind not in KINDS:
        raise Http404
    model, known_of = KINDS[kind]
    row = get_object_or_404(model, engagement=request.engagement, pk=number)
    now, errors = timezone.now(), {}
    known = known_of(row, engagement=request.engagement, by=request.user, now=now)
    if request.method == "POST":
        known |= {name: request.POST.get(name, known[name]) for name in ("title", "severity")}
        words = {name: value for name, value in known.items() if name != "offered"}
        try:
            made = actions.open_escalation(engagement=request.engagement, by=request.user, now=now, **words)
        except ValidationError as error:
            errors = getattr(error, "message_dict", None) or {"all": error.messages}
        else:
            if request.htmx:
                return HttpResponse(status=HTTPStatus.NO_CONTENT)
            return see_other("escalation:detail", reference, made.number)
    severities = [
        (code, row["label"]) for code, row in catalog.severities().items() if code in known["offered"]
    ]
    context = {"known": known, "severities": severities, "errors": errors, "kind": kind, "row": row}
    template = "warroom/noise/_signal.html" if request.htmx else "warroom/noise/signal.html"
    status = HTTPStatus.UNPROCESSABLE_ENTITY if errors else HTTPStatus.OK
    return render(request, template, context, status=status)
