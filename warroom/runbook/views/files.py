"""A runbook out as a file, and a file in as a difference that somebody looks at before it is taken."""

from __future__ import annotations

import re

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from engagements.access import Permission, requires
from warroom import runbook as verbs
from warroom.models import Runbook
from warroom.runbook import exchange
from warroom.runbook.cells import BY_KEY
from warroom.runbook.views.shared import found, page, see_other
from workbook.exchange import words as said
from workbook.exchange.safezip import Unreadable

KINDS = {
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", exchange.as_xlsx),
    "csv": ("text/csv; charset=utf-8", exchange.as_csv),
}
#: How long a reviewed difference may be taken, in seconds.
MAX_AGE_S = 3 * 3600
SALT = "warroom.runbook.import"


@requires(Permission.VIEW)
@require_GET
def export(request: HttpRequest, reference: str, number: int, kind: str) -> HttpResponse:
    """The plan as .xlsx or CSV."""
    if kind not in KINDS:
        raise Http404
    runbook = found(request, number)
    content_type, write = KINDS[kind]
    name = re.sub(r"[^A-Za-z0-9._-]", "_", f"{reference}-runbook-{number}-v{runbook.revision}.{kind}")
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(write(runbook), content_type=content_type, headers=headers)


@requires(Permission.RUN_STEPS)
@require_http_methods(["GET", "POST"])
def bring_in(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Choose a file, see every difference, take it. The difference travels signed; nothing is stored before."""
    runbook = found(request, number)
    if request.method == "GET":
        return page(request, runbook, "import", {})
    if not runbook.is_editable:
        return page(request, runbook, "import", {"error": _frozen()}, 422)
    if "wanted" in request.POST:
        return _apply(request, runbook)
    return _review(request, runbook)


def _frozen() -> str:
    return _("This version is frozen. Open a new version to change it.")


def _review(request: HttpRequest, runbook: Runbook) -> HttpResponse:
    try:
        if "file" not in request.FILES:
            raise Unreadable("missing")
        diff = exchange.compare(runbook, request.FILES["file"])
    except Unreadable as error:
        return page(request, runbook, "import", {"error": said.refused(error.code, error.values)}, 422)
    return page(request, runbook, "import", _context(runbook, diff))


def _context(runbook: Runbook, diff: dict) -> dict:
    kept = {key: diff[key] for key in ("changes", "added", "missing")} | {"runbook": runbook.pk}
    changes = [
        {"code": one["code"], "cells": [(BY_KEY[key].label, cell) for key, cell in one["cells"].items()]}
        for one in diff["changes"]
    ]
    return {
        "diff": diff,
        "changes": changes,
        "cell_count": sum(len(one["cells"]) for one in diff["changes"]),
        "is_same": not (diff["changes"] or diff["added"] or diff["missing"]),
        "wanted": signing.dumps(kept, salt=SALT, compress=True),
    }


def _apply(request: HttpRequest, runbook: Runbook) -> HttpResponse:
    try:
        wanted = signing.loads(request.POST["wanted"], salt=SALT, max_age=MAX_AGE_S)
    except signing.BadSignature:
        return page(request, runbook, "import", {"error": _("Choose the file again.")}, 422)
    if wanted.get("runbook") != runbook.pk:
        return page(request, runbook, "import", {"error": _("Choose the file again.")}, 422)
    removes = request.POST.get("removes") == "1"
    try:
        exchange.apply(runbook=runbook, wanted=wanted, removes=removes, by=request.user, now=timezone.now())
    except verbs.StepError as error:
        return page(request, runbook, "import", {"error": str(error)}, 422)
    except verbs.StepConflict as conflict:
        words = _("%(code)s was changed meanwhile. Nothing was taken; choose the file again.")
        return page(request, runbook, "import", {"error": words % {"code": conflict.step.code}}, 409)
    return see_other(request, "sheet", runbook.number)
