"""What stands around the pages of all apps: health, metrics, error pages, the counts on an engagement's tabs."""

import logging
import secrets
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from engagements.access import Permission, requires
from iem_portal import prometheus
from iem_portal.accounts.rules import public
from iem_portal.registry import Probe, figures, gauges, probes

logger = logging.getLogger(__name__)
LOOPBACK = frozenset({"127.0.0.1", "::1"})
# Figures that a tab shows beside its word.
ON_TABS = ("workbook", "escalations")


@public
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@public
@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Every registered probe with its word; 503 when one is not well."""
    now = timezone.now()
    seen = {probe.key: ask(probe, now) for probe in probes.all()}
    is_ready = all(result.ok for result in seen.values())
    body = {
        "status": "ready" if is_ready else "not ready",
        "checks": {key: {"ok": result.ok, "detail": str(result.detail)} for key, result in seen.items()},
    }
    return JsonResponse(body, status=HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE)


def ask(probe, now) -> Probe:
    """One probe's answer; one that raises is not well, and says no more than the kind of error in public."""
    try:
        return probe.check(now)
    except Exception as error:
        logger.exception("probe %s failed", probe.key)
        return Probe(False, type(error).__name__)


@public
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Figures in Prometheus' text format, for a bearer of METRICS_TOKEN or from this machine itself."""
    if not may_read_metrics(request):
        return HttpResponseForbidden("metrics: token missing or wrong\n", content_type="text/plain")
    text = prometheus.page(gauges.all(), timezone.now())
    return HttpResponse(text, content_type=prometheus.CONTENT_TYPE)


def may_read_metrics(request: HttpRequest) -> bool:
    """With a token set only the token counts; without one only a direct call from this machine."""
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    is_forwarded = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR") in LOOPBACK and not is_forwarded


@requires(Permission.VIEW)
@require_safe
def tabs(request: HttpRequest, reference: str) -> HttpResponse:
    """The tabs of an engagement with their counts, fetched after the page so that no page waits for them."""
    engagement, now = request.engagement, timezone.now()
    counts = {
        figure.key: figure.for_engagements([engagement], now).get(engagement.pk)
        for figure in figures
        if figure.key in ON_TABS
    }
    context = {"engagement": engagement, "counts": counts, "here": request.GET.get("here", "")}
    return render(request, "components/_tab_links.html", context)


def error_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    """A refusal in the reader's language; programs of the API get a problem body (RFC 9457)."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": title, "status": status, "detail": text, "errors": {}}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    return render(
        request, "errors/page.html", {"status_code": status, "title": title, "text": text}, status=status
    )


def bad_request(request: HttpRequest, exception=None) -> HttpResponse:
    """400: the browser sent something no page of ours sends."""
    text = _("The address or the form is not one that this portal made.")
    return error_page(request, 400, _("This request cannot be read"), text)


def forbidden(request: HttpRequest, exception=None) -> HttpResponse:
    """403: the page exists, this person may not open it."""
    text = _("Your role does not allow this. Ask your TAM if you think it should.")
    return error_page(request, 403, _("Not allowed"), text)


def not_found(request: HttpRequest, exception=None) -> HttpResponse:
    """404: no such page, or one of another customer."""
    text = _("The address is wrong, the page is gone, or it belongs to an engagement you are not part of.")
    return error_page(request, 404, _("Page not found"), text)


@public
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without our mark: most often a page left open while someone signed in or out."""
    text = _("The page was open for too long or cookies are off. Go back, reload the page and try again.")
    return error_page(request, 403, _("The form has expired"), text)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: drawn without the database, the session or the context processors, as any of them may be the fault."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": "error", "status": 500, "detail": "", "errors": {}}
        return JsonResponse(body, status=500, content_type="application/problem+json")
    language = getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE)
    return HttpResponse(render_to_string("500.html", {"language": language}), status=500)
