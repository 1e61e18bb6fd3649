"""The page of the people on duty: posts, roll calls, hand-over notes."""

from __future__ import annotations

from http import HTTPStatus

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import access
from engagements.access import Permission, audience, requires
from iem_portal.numbers import whole
from iem_portal.registry import tiles
from warroom.models import RollCall, RollRule
from warroom.people import handovers, panel, rolls, ruling
from warroom.views import see_other


@requires(Permission.VIEW)
@require_GET
def people(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is on duty now and next, who is here, and who takes over."""
    if request.htmx:  # the board asks for its tile
        side, now = audience(request.user), timezone.now()
        return HttpResponse(tiles.get(rolls.TILE).draw(request.engagement, audience=side, now=now))
    return _page(request)


@requires(Permission.POST_UPDATE)
@require_POST
def open_roll(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask everybody on duty whether they are here."""
    occasion = request.POST.get("occasion", "")
    try:
        rolls.open_roll(engagement=request.engagement, occasion=occasion, by=request.user, now=timezone.now())
    except rolls.RollError as error:
        typed = {"occasion": occasion, "error": str(error)}
        return _page(request, roll_form=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other("warroom:people", reference)


@requires(Permission.POST_UPDATE)
@require_POST
def roll_rule(request: HttpRequest, reference: str) -> HttpResponse:
    """Say how many minutes before a shift and a gate a roll call opens by itself."""
    typed = {name: request.POST.get(name, "") for name in ruling.PROPOSED_MIN}
    version = whole(request.POST.get("version", "")) or 0
    try:
        chosen = {name: ruling.minutes(text, name) for name, text in typed.items()}
        ruling.set_rule(
            engagement=request.engagement, version=version, by=request.user, now=timezone.now(), **chosen
        )
    except rolls.RollError as error:
        form = typed | {"version": version, "errors": {error.field: str(error)}}
        return _page(request, rule_form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except ruling.RuleChanged:
        said = _("Somebody saved the rule meanwhile. What you typed is still here: look and save again.")
        form = typed | {"version": ruling.rule_of(request.engagement).version}
        return _page(request, rule_form=form, problem=said, status=HTTPStatus.CONFLICT)
    return see_other("warroom:people", reference)


@requires(Permission.VIEW)
@require_POST
def roll(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say that one is here, or close the roll call (who may send updates)."""
    calls = RollCall.objects.select_related("engagement")
    call = get_object_or_404(calls, engagement=request.engagement, number=number)
    act, now = request.POST.get("act", ""), timezone.now()
    try:
        if act == "close":
            access.check(request.user, request.engagement, Permission.POST_UPDATE)
            rolls.close_roll(call=call, by=request.user, now=now)
        elif act == "here":
            rolls.here(call=call, by=request.user, now=now)
        else:
            raise Http404
    except rolls.RollError as error:
        if request.htmx:  # the tile says by itself that it is closed
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return _page(request, problem=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return see_other("warroom:people", reference)


@requires(Permission.POST_UPDATE)
@require_POST
def hand_over(request: HttpRequest, reference: str) -> HttpResponse:
    """Leave a note for who takes over."""
    typed = {name: request.POST.get(name, "") for name in ("to", "text", "internal")}
    is_internal = bool(typed["internal"]) and Permission.SEE_INTERNAL in request.permissions
    try:
        handovers.write(
            engagement=request.engagement,
            to_id=whole(typed["to"]),
            text=typed["text"],
            is_internal=is_internal,
            by=request.user,
            now=timezone.now(),
        )
    except handovers.HandoverError as error:
        typed["errors"] = {error.field: str(error)}
        return _page(request, note_form=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return see_other("warroom:people", reference)


@requires(Permission.VIEW)
@require_POST
def take_over(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Say that one has read the note and takes over."""
    rows = handovers.visible(request.engagement, audience=audience(request.user))
    note = get_object_or_404(rows.select_related("engagement"), number=number)
    try:
        handovers.take(note=note, by=request.user, now=timezone.now())
    except handovers.HandoverError as error:
        if request.htmx:
            return HttpResponse(status=HTTPStatus.NO_CONTENT)
        return _page(request, problem=str(error), status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if request.htmx:
        return HttpResponse(status=HTTPStatus.NO_CONTENT)
    return see_other("warroom:people", reference)


def _page(
    request: HttpRequest,
    *,
    roll_form: dict | None = None,
    note_form: dict | None = None,
    rule_form: dict | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now, side = timezone.now(), audience(request.user)
    shown = panel.people(request.engagement, now, audience=side)
    members = access.members().filter(engagement=request.engagement).exclude(user=request.user)
    rule = ruling.rule_of(request.engagement)
    context = shown | panel.history(request.engagement, audience=side)
    context |= {
        "members": list(members.select_related("user__customer")),
        "roll_form": roll_form or {"occasion": _("Start of the shift"), "error": ""},
        "rule": rule,
        "rule_form": rule_form or _rule_form(rule),
        "note_form": note_form or {"to": "", "text": "", "internal": "", "errors": {}},
        "problem": problem,
        "zone": request.engagement.time_zone,
        "is_here": bool(shown["roll"] and shown["roll"].has(request.user)),
    }
    return render(request, "warroom/people/page.html", context, status=status)


def _rule_form(rule: RollRule) -> dict:
    """What is saved; before that, what is proposed."""
    if not rule.version:
        return ruling.PROPOSED_MIN | {"version": 0}
    saved = {name: getattr(rule, name) for name in ruling.PROPOSED_MIN}
    return {name: "" if value is None else value for name, value in saved.items()} | {"version": rule.version}
