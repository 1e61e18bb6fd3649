"""The pages of the war room: the board, the runbook, acting on a step, status updates."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from engagements.access import Permission, audience, requires
from iem_portal.registry import tiles
from warroom import room, runbook
from warroom.outlook import outlook
from warroom.panels import room as people
from warroom.tiles import RUNBOOK_TILES, with_room

UPPER = ("pulse", "clock", "step", "alarms", "lanes")
METRICS = ("metrics",)
LOWER = ("update", "sources", "health", "cases", "quotas")
ALL_TILES = ",".join((*UPPER, *METRICS, "escalations", *LOWER, "duty", "timeline"))


def drawn(request: HttpRequest, keys, now) -> dict:
    """The HTML of these tiles for the reader's side, sharing one look at the runbook."""
    request.engagement = with_room(request.engagement.pk)
    view = outlook(request.engagement, now) if set(keys) & set(RUNBOOK_TILES) else None
    side = audience(request.user)
    html = {}
    for key in keys:
        shared = {"view": view} if key in RUNBOOK_TILES else {}
        html[key] = tiles.get(key).draw(request.engagement, audience=side, now=now, **shared)
    return html


@requires(Permission.VIEW)
@require_GET
def board(request: HttpRequest, reference: str) -> HttpResponse:
    """The live board; metrics and the lower half are fragments, so that the clock is never kept waiting."""
    now = timezone.now()
    theme = "dark" if request.user.theme == "auto" else request.user.theme
    context = {"tiles": drawn(request, UPPER, now), "all_tiles": ALL_TILES, "theme": theme, "now": now}
    return render(request, "warroom/board.html", context)


@requires(Permission.VIEW)
@require_GET
def board_rest(request: HttpRequest, reference: str) -> HttpResponse:
    """Timeline, status update, sources, Health and roster: loaded by the board, or read as a page."""
    now = timezone.now()
    context = {
        "tiles": drawn(request, LOWER, now),
        "roster": people.roster(request.engagement),
        "now": now,
    }
    template = "warroom/_board_rest.html" if request.htmx else "warroom/board_rest.html"
    return render(request, template, context)


@requires(Permission.VIEW)
@require_GET
def board_metrics(request: HttpRequest, reference: str) -> HttpResponse:
    """The metric tiles: loaded by the board, or read as a page."""
    now = timezone.now()
    context = {"tiles": drawn(request, METRICS, now), "now": now}
    template = "warroom/_board_metrics.html" if request.htmx else "warroom/board_metrics.html"
    return render(request, template, context)


@requires(Permission.VIEW)
@require_GET
def runbook_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Every step, planned against actual, with what can be done to each."""
    now = timezone.now()
    return render(request, "warroom/runbook.html", {"tiles": drawn(request, ("runbook",), now), "now": now})


@requires(Permission.RUN_STEPS)
@require_POST
def runbook_create(request: HttpRequest, reference: str) -> HttpResponse:
    """Make the runbook from the template of the event type."""
    try:
        runbook.create_runbook(engagement=request.engagement, by=request.user, now=timezone.now())
    except runbook.StepError:
        pass  # somebody was faster: the page shows their runbook
    return see_other("warroom:runbook", reference)


@requires(Permission.RUN_STEPS)
@require_POST
def war_room(request: HttpRequest, reference: str) -> HttpResponse:
    """Open or close the war room."""
    act = room.close_room if request.POST.get("action") == "close" else room.open_room
    act(engagement=request.engagement, by=request.user, now=timezone.now())
    return see_other("warroom:board", reference)


def see_other(name: str, *args) -> HttpResponse:
    """303: the browser follows with a GET, so that a reload never repeats the act."""
    return HttpResponse(status=303, headers={"Location": reverse(name, args=args)})
