"""The page of game days: choose one, follow it moment by moment, end it."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from engagements.access import Permission, requires
from warroom.gamedays import days, door, panel
from warroom.models import GameDay

EARLIER = 10


@require_safe
@requires(Permission.RUN_STEPS)
def gamedays(request: HttpRequest, reference: str) -> HttpResponse:
    """The game days of an event."""
    return _page(request)


def _page(request: HttpRequest, *, error: str = "", status=HTTPStatus.OK) -> HttpResponse:
    now, engagement = timezone.now(), request.engagement
    try:
        known, is_closed = door.known(), False
    except door.Closed:
        known, is_closed = [], True
    played = list(GameDay.objects.filter(engagement=engagement)[: EARLIER + 1])
    running = next((day for day in played if day.ended_at is None), None)
    context = {
        "known": known,
        "is_closed": is_closed,
        "running": running,
        "moments": panel.moments(running, now) if running else [],
        "earlier": [(day, panel.moments(day, now)) for day in played if day.ended_at],
        "accounts": list(engagement.aws_accounts.order_by("account_id")) if known else [],
        "error": error,
        "now": now,
    }
    return render(request, "warroom/gamedays/gamedays.html", context, status=status)


@require_POST
@requires(Permission.DRIVE)
def begin(request: HttpRequest, reference: str) -> HttpResponse:
    """Begin one in an account of the event."""
    key, account_id = request.POST.get("key", ""), request.POST.get("account", "")
    if not request.engagement.aws_accounts.filter(account_id=account_id).exists():
        return _refused(request, _("Choose an account of this event."))
    try:
        told = next((one for one in door.known() if one["key"] == key), None)
    except door.Closed:
        return _refused(request, _("The simulated AWS does not answer. Try again in a minute."))
    if told is None:
        return _refused(request, _("Choose a game day."))
    whose = {"engagement": request.engagement, "by": request.user}
    try:
        day = days.reserve(told=told, account_id=account_id, now=timezone.now(), **whose)
    except days.UnderWay:
        return _refused(request, _("A game day is under way. End it first."))
    try:
        began = door.begin(key, account_id)
    except door.Closed:
        _call_off(day)
        return _refused(request, _("The simulated AWS does not answer. Try again in a minute."))
    days.begun(day=day, began=began, by=request.user, now=timezone.now())
    return _back(reference)


@require_POST
@requires(Permission.RUN_STEPS)
def seen(request: HttpRequest, reference: str, day: int, moment: int) -> HttpResponse:
    """Note that the board says what this moment was to say."""
    found = get_object_or_404(GameDay, pk=day, engagement=request.engagement)
    if not days.note(day=found, moment=moment, by=request.user, now=timezone.now()):
        messages.info(request, _("This was noted before."))
    return _back(reference)


@require_POST
@requires(Permission.DRIVE)
def end(request: HttpRequest, reference: str, day: int) -> HttpResponse:
    """End it: the account has its own story again."""
    found = get_object_or_404(
        GameDay.objects.select_related("engagement"), pk=day, engagement=request.engagement
    )
    try:
        if days.is_last_there(found):  # a page that stood open ends nothing that began since
            door.end(found.account_id)
    except door.Closed:
        messages.warning(request, _("The simulated AWS does not answer: the trouble may go on there."))
    days.end(day=found, by=request.user, now=timezone.now())
    return _back(reference)


def _call_off(day: GameDay) -> None:
    """Give its place back; an answer that came too late must not leave trouble behind that nobody began."""
    try:
        door.end(day.account_id)
    except door.Closed:
        pass
    days.give_back(day)


def _refused(request: HttpRequest, error: str) -> HttpResponse:
    return _page(request, error=error, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _back(reference: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("warroom:gamedays", args=[reference]), status=HTTPStatus.SEE_OTHER)
