"""The page on which a rollback is called, or after the point of no return what comes instead is chosen."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from engagements.access import Permission, requires
from iem_portal.templatetags.portal import instant_text, pick
from warroom import runbook as verbs
from warroom.models import StatusUpdate
from warroom.outlook import outlook
from warroom.runbook.views.shared import found, page, see_other


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def turn(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Call the rollback (POST act=call) or choose fix-forward or fail-back (act=choose)."""
    runbook = found(request, number)
    now = timezone.now()
    view = outlook(request.engagement, now, number)
    words = {key: request.POST.get(key, "")[:2000] for key in ("reason", "trigger", "choice", "message")}
    errors, status = {}, 200
    if request.method == "POST":
        try:
            made = _act(request, view, words, now)
            return see_other(request, "turn", made.number)
        except verbs.StepError as error:
            errors, status = {error.field or "all": str(error)}, 422
    context = {
        "view": view,
        "now": now,
        "words": words,
        "errors": errors,
        "may_call": verbs.may_call(runbook, request.user),
        "durations": verbs.durations(view) if view else None,
        "draft": words["message"] or _draft(request, view, now),
        "states": StatusUpdate.State,
        "turned": runbook.undoes.first(),
    }
    return page(request, runbook, "turn", context, status)


def _act(request: HttpRequest, view, words: dict, now):
    if view is None:
        raise verbs.StepError(_("The runbook has no steps."))
    if request.POST.get("act") == "choose":
        return verbs.choose_after(
            view=view, by=request.user, now=now, choice=words["choice"], reason=words["reason"]
        )
    return verbs.call_rollback(
        view=view,
        by=request.user,
        now=now,
        reason=words["reason"],
        trigger=words["trigger"],
        message=words["message"] or _draft(request, view, now),
    )


def _draft(request: HttpRequest, view, now) -> str:
    """The message that goes out when the rollback is called; it is drafted, and sent by a person."""
    if view is None:
        return ""
    zone, seen = request.engagement.time_zone, view.forecast.abort
    text = _("%(at)s: the rollback of %(title)s was called. The service goes back to the source.") % {
        "at": instant_text(now, zone, "time"),
        "title": pick(view.runbook.title),
    }
    if seen:
        text += " " + _("The rollback takes about %(minutes)s minutes.") % {"minutes": seen.rollback_min}
    return text + " " + _("Next word in 15 minutes.")
