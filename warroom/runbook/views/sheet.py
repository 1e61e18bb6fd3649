"""The plan as a sheet: one cell at a time, and adding, moving, copying and removing rows."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from engagements import access
from engagements.access import Permission, requires
from iem_portal.numbers import whole
from warroom import runbook as verbs
from warroom import soundness
from warroom.models import Runbook, Step
from warroom.runbook import cells
from warroom.runbook.views.shared import found, page, see_other

#: Texts that were not taken, by column: what was typed, and why not.
Typed = dict[str, tuple[str, str]]
ROW_ACTS = ("add", "copy", "up", "down", "delete")


@requires(Permission.VIEW)
@require_GET
def sheet(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Every step as a row; cells can be typed in while the plan may be changed."""
    return _shown(request, found(request, number))


def _shown(
    request: HttpRequest, runbook: Runbook, *, status: int = 200, typed: Typed | None = None, **words
) -> HttpResponse:
    """The whole sheet; `typed` stands in the row of `refused_code`."""
    typed_in = words.get("refused_code") if typed else None
    wanted = [pk for pk in (runbook.pk, runbook.rollback_id) if pk]
    steps = list(Step.objects.filter(runbook_id__in=wanted).order_by("position"))
    mine = [step for step in steps if step.runbook_id == runbook.pk]
    told = soundness.faults_of(runbook, mine, [s for s in steps if s.runbook_id == runbook.rollback_id])
    members = access.members().filter(engagement=runbook.engagement).order_by("user__name")
    can_edit = runbook.is_editable and Permission.RUN_STEPS in request.permissions
    context = {
        "columns": cells.COLUMNS,
        "rows": [
            _row(runbook, step, told, can_edit=can_edit, typed=typed if step.code == typed_in else None)
            for step in mine
        ],
        "faults": told,
        "head_faults": [one for one in told if not one.code],
        "people": list(members.values_list("user__name", flat=True)),
        "can_edit": can_edit,
        "now": timezone.now(),
    }
    return page(request, runbook, "sheet", context | words, status)


def _row(runbook: Runbook, step: Step, told, *, can_edit: bool, typed: Typed | None = None) -> dict:
    """One row: its cells as they are typed, with what is wrong beside them."""
    zone = ZoneInfo(runbook.engagement.time_zone)
    mine = [one for one in told if one.code == step.code]
    is_open = can_edit and step.status in ("planned", "blocked") and not step.actual_start_at
    drawn = []
    for column in cells.COLUMNS:
        faults = [one for one in mine if one.field == column.key]
        value = cells.shown(step, column, zone)
        one = {"column": column, "value": value, "faults": faults, "error": "", "options": ()}
        if column.kind in ("choice", "stream", "gate", "yes"):
            one["options"] = column.options(runbook)
            one["word"] = dict(one["options"]).get(value, value)
        if typed and column.key in typed:
            one["value"], one["error"] = typed[column.key]
        drawn.append(one)
    return {"step": step, "cells": drawn, "can_edit": is_open, "has_error": any(one.is_error for one in mine)}


@requires(Permission.RUN_STEPS)
@require_POST
def cell(request: HttpRequest, reference: str, number: int, code: str) -> HttpResponse:
    """Change cells of one row: each posted column that differs. Answers the row (422, 409) or the sheet, with every
    text that was not taken where it was typed."""
    runbook = found(request, number)
    step = _step(runbook, code)
    version = whole(request.POST.get("version", ""))
    now, zone = timezone.now(), ZoneInfo(request.engagement.time_zone)
    typed: Typed = {}
    status = 200
    for column in cells.COLUMNS:
        if column.key not in request.POST:
            continue
        text = request.POST[column.key][:12_000]
        if text == cells.shown(step, column, zone):
            continue
        if status == 409:
            typed[column.key] = (text, _changed())
            continue
        try:
            words = {"field": column.key, "text": text, "by": request.user, "now": now}
            step = verbs.set_cell(step=step, version=version if version is not None else -1, **words)
            step.runbook.engagement = request.engagement
            version = step.version
        except verbs.StepError as error:
            typed[column.key], status = (text, str(error)), 422
        except verbs.StepConflict as conflict:
            step, status = conflict.step, 409
            typed[column.key] = (text, _changed())
    return _answer(request, number, step, typed, status)


def _changed() -> str:
    return _("Somebody changed this row meanwhile. It shows what is there now.")


def _answer(request: HttpRequest, number: int, step: Step, typed: Typed, status: int) -> HttpResponse:
    """The row for a script; without one the sheet, with the message at the cell."""
    runbook = found(request, number)
    if not request.headers.get("X-Sheet"):
        if status == 200:
            return see_other(request, "sheet", number, fragment=f"#row-{step.code}")
        words = {"refused": next(iter(typed.values()))[1], "refused_code": step.code}
        return _shown(request, runbook, status=status, typed=typed, **words)
    step.runbook = runbook
    row = _row(runbook, step, soundness.read(runbook), can_edit=runbook.is_editable, typed=typed)
    context = {"row": row, "runbook": runbook, "zone": request.engagement.time_zone, "can_edit": True}
    return render(request, "warroom/run/_row.html", context, status=status)


def _step(runbook: Runbook, code: str) -> Step:
    step = Step.objects.filter(runbook=runbook, code=code).first()
    if step is None:
        raise Http404
    step.runbook = runbook
    return step


@requires(Permission.RUN_STEPS)
@require_POST
def rows(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """Add a row behind another one, copy, move or remove one. 422: refused, 409: changed meanwhile."""
    runbook = found(request, number)
    act, code = request.POST.get("act", ""), request.POST.get("code", "")
    try:
        if act not in ROW_ACTS:
            raise verbs.StepError(_("Choose one of the list."))
        code = _row_act(request, runbook, act, code)
    except verbs.StepError as error:
        return _shown(request, runbook, status=422, refused=str(error), refused_code=code)
    except verbs.StepConflict:
        return _shown(request, runbook, status=409, refused=_changed(), refused_code=code)
    return see_other(request, "sheet", number, fragment=f"#row-{code}" if code else "")


def _row_act(request: HttpRequest, runbook: Runbook, act: str, code: str) -> str:
    """The code of the row to look at afterwards."""
    who = {"by": request.user, "now": timezone.now()}
    if act == "add":
        return verbs.add_step(runbook=runbook, after=code, **who).code
    step = _step(runbook, code)
    if act == "copy":
        return verbs.add_step(runbook=runbook, copy_of=code, **who).code
    if act == "delete":
        version = whole(request.POST.get("version", ""))
        verbs.delete_step(step=step, version=version if version is not None else -1, **who)
        return ""
    verbs.move_step(step=step, places=-1 if act == "up" else 1, **who)
    return code
