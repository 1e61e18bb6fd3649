"""Writing a status update: the form, its draft that is kept while one types, the facts put into it, and sending."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from engagements.access import Permission, requires
from iem_portal.numbers import whole
from warroom import room, runbook
from warroom.models import Step
from warroom.views import see_other
from warroom.words import cadence, keeping, panel


@requires(Permission.POST_UPDATE)
@require_http_methods(["GET", "POST"])
@never_cache
def update(request: HttpRequest, reference: str) -> HttpResponse:
    """The form with what is kept of it; a post sends it. What was typed comes back when it is refused."""
    now = timezone.now()
    if request.method == "GET":
        return _form(request, panel.composer(request, now=now, typed=_of_step(request, now)))
    typed = _typed(request)
    errors = _problems(request)
    if not errors:
        try:
            _send(request, typed, now)
        except room.UpdateError as error:
            errors = {error.field: str(error)}
    if errors:
        composer = panel.composer(request, now=now, typed=typed, errors=errors)
        return _form(request, composer, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if not request.htmx:
        return see_other("warroom:board", reference)
    return _form(request, panel.composer(request, now=now), is_sent=True)


def _of_step(request: HttpRequest, now) -> dict | None:
    """What the form begins with when a step of a runbook sent its reader here; None without one."""
    number, code = whole(request.GET.get("runbook", "")), request.GET.get("step", "")
    if number is None or not code:
        return None
    try:
        found = runbook.find(request.engagement, code, number)
    except Step.DoesNotExist:
        return None
    return keeping.about_step(step=found, by=request.user, now=now)


def _send(request: HttpRequest, typed: dict, now) -> None:
    state, words = typed["state"], typed["words"]
    written = [words[code] for code in panel.languages() if words[code].strip()]
    keeping.send(
        engagement=request.engagement,
        by=request.user,
        now=now,
        state=state,
        text=written[0] if written else "",
        words=words if len(written) > 1 else None,
        audience=typed["audience"],
        client_id=request.POST.get("client_id", ""),
        next_in_min=typed["minutes"] or cadence.planned(request.engagement).get(state),
    )


def _problems(request: HttpRequest) -> dict[str, str]:
    given = request.POST.get("minutes", "").strip()
    minutes = whole(given) if given else None
    if given and (minutes is None or not keeping.SHORTEST_MIN <= minutes <= keeping.LONGEST_MIN):
        return {"minutes": _("Choose when the next update is due.")}
    return {}


@requires(Permission.POST_UPDATE)
@require_POST
@never_cache
def draft(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep what is typed so far; with ``facts`` put what happened since the last update into it."""
    now, typed, is_facts = timezone.now(), _typed(request), "facts" in request.POST
    save = keeping.from_facts if is_facts else keeping.keep
    version = None if "force" in request.POST else whole(request.POST.get("draft_version", "")) or 0
    try:
        kept = save(engagement=request.engagement, by=request.user, now=now, version=version, **typed)
    except keeping.DraftConflict as conflict:
        if is_facts and request.htmx:  # its button replaces the whole form
            composer = panel.composer(request, now=now, typed=typed)
            composer |= {"version": version or 0, "other": _texts(conflict.draft)}
            return _form(request, composer, status=HTTPStatus.CONFLICT)
        return _kept(request, conflict.draft, other=conflict.draft, status=HTTPStatus.CONFLICT)
    if not request.htmx:
        return see_other("warroom:update", reference)
    return _form(request, panel.composer(request, now=now, draft=kept)) if is_facts else _kept(request, kept)


def _texts(kept) -> list[str]:
    return [text for text in kept.words.values() if text]


def _typed(request: HttpRequest) -> dict:
    """The form as it is, whatever is in it."""
    data = request.POST
    minutes = whole(data.get("minutes", "")) if data.get("minutes") else None
    is_usable = minutes is not None and 0 < minutes <= keeping.LONGEST_MIN
    return {
        "words": {
            code: data.get(name, "")
            for name, code in zip(("text", "text_other"), panel.languages(), strict=True)
        },
        "state": data.get("state", ""),
        "audience": data.get("audience", ""),
        "minutes": minutes if is_usable else None,
    }


def _form(request, composer: dict, *, is_sent: bool = False, status: int = 200) -> HttpResponse:
    template = "warroom/_composer.html" if request.htmx else "warroom/update.html"
    return render(request, template, {"composer": composer, "is_sent": is_sent}, status=status)


def _kept(request, kept, *, other=None, status: int = 200) -> HttpResponse:
    """The line under the form that says since when the draft is kept; or what another window has kept."""
    composer = {
        "version": whole(request.POST.get("draft_version", "")) or 0 if other else kept.version,
        "kept_at": kept.saved_at,
        "zone": request.engagement.time_zone,
        "other": _texts(other) if other else None,
    }
    template = "warroom/words/_kept.html" if request.htmx else "warroom/words/draft_conflict.html"
    return render(request, template, {"composer": composer}, status=status)
