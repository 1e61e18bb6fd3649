"""Changing the plan: one cell, and adding, moving, copying and removing rows. Only while the plan may be changed."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.db.models import F, Max
from django.utils.translation import gettext as _

from engagements import access
from engagements.models import Engagement
from iem_portal.live import announce
from warroom.links import BadLink, Link, parse
from warroom.models import GateRound, Runbook, Step
from warroom.runbook._base import (
    TILES,
    Status,
    StepError,
    atomic,
    change_step,
    hold_runbook,
    log,
)
from warroom.runbook.cells import BY_KEY, Setting, parsed
from warroom.runbook.life import PLAN_FIELDS

MOST_STEPS = 500


def people_of(engagement: Engagement) -> dict[str, int]:
    """Who is in the team, by name as typed. One query."""
    found = access.members().filter(engagement=engagement).values_list("user__name", "user_id")
    return {name.casefold(): pk for name, pk in found}


def setting_of(runbook: Runbook) -> Setting:
    """What reading the cells of this runbook depends on. One query."""
    zone = ZoneInfo(runbook.engagement.time_zone)
    return Setting(runbook, zone, people_of(runbook.engagement))


def set_cell(*, step: Step, version: int, by, now: datetime, field: str, text: str) -> Step:
    """Change one cell of a step that was not begun; a new code is carried into what waits for it."""
    column = BY_KEY.get(field)
    if column is None:
        raise StepError(_("There is no such column."), field)
    fields = parsed(column, text, setting_of(step.runbook))
    with atomic():
        runbook = _open(step.runbook_id)
        _unbegun(step)
        changed = _changed(step, version, fields)
        if field == "code" and changed.code != step.code:
            _rename(runbook, step.code, changed.code)
        _log_edit(runbook, changed.code, "edit.cell", by, now, field=field, old=_was(step, field), new=text)
    return changed


def _changed(step: Step, version: int, fields: dict) -> Step:
    try:
        with atomic():
            return change_step(step, version, tuple(Status), **fields)
    except IntegrityError:
        raise StepError(
            _("The code %(code)s is used already.") % {"code": fields.get("code", "")}, "code"
        ) from None


def _was(step: Step, field: str):
    value = getattr(step, field)
    return value.isoformat() if isinstance(value, datetime) else value


def _open(runbook_id: int) -> Runbook:
    """The runbook, locked; StepError unless its plan may be changed."""
    runbook = hold_runbook(runbook_id)
    if not runbook.is_editable:
        raise StepError(_("This version is frozen. Open a new version to change it."))
    return runbook


def _unbegun(step: Step) -> None:
    if step.status not in (Status.PLANNED, Status.BLOCKED) or step.actual_start_at:
        raise StepError(_("This step has begun; what happened is not changed."))


def _rename(runbook: Runbook, old: str, new: str) -> None:
    """Everything that waits for a step, and the point of no return, follow its new code."""
    for other in Step.objects.filter(runbook=runbook):
        links = [_renamed(text, old, new) for text in other.predecessors]
        if links != other.predecessors:
            Step.objects.filter(pk=other.pk).update(predecessors=links, version=F("version") + 1)
    if runbook.point_of_no_return == old:
        Runbook.objects.filter(pk=runbook.pk).update(point_of_no_return=new, version=F("version") + 1)
    _carry_rounds(runbook, old, new)
    turning = Step.objects.filter(runbook__rollback=runbook, undo=old)
    turning.filter(runbook__status=Runbook.Status.DRAFT).update(undo=new, version=F("version") + 1)


def _carry_rounds(runbook: Runbook, old: str, new: str) -> None:
    """What a gate was asked, its votes and its decisions follow its code, behind those of a gate removed earlier."""
    rounds = GateRound.objects.filter(runbook=runbook)
    there = rounds.filter(code=new).aggregate(Max("number"))["number__max"] or 0
    rounds.filter(code=old).update(code=new, number=F("number") + there)


def _renamed(text: str, old: str, new: str) -> str:
    try:
        link = parse(text)
    except BadLink:
        return text
    return str(Link(new, link.kind, link.lag_min)) if link.code == old else text


def add_step(*, runbook: Runbook, by, now: datetime, after: str = "", copy_of: str = "") -> Step:
    """A new row behind the one named (else at the end), empty or a copy of another row."""
    with atomic():
        held = _open(runbook.pk)
        steps = list(Step.objects.filter(runbook=held).order_by("position"))
        if len(steps) >= MOST_STEPS:
            raise StepError(_("A runbook has at most %(count)s steps.") % {"count": MOST_STEPS})
        by_code = {step.code: step for step in steps}
        before = by_code.get(copy_of or after) or (steps[-1] if steps else None)
        place = before.position + 1 if before else 1
        Step.objects.filter(runbook=held, position__gte=place).update(position=F("position") + 1)
        made = _new(held, before, place, set(by_code), is_copy=bool(copy_of))
        _log_edit(held, made.code, "edit.added", by, now, copy_of=copy_of)
    return Step.objects.select_related("runbook__engagement").get(pk=made.pk)


def _new(runbook: Runbook, before: Step | None, place: int, taken: set[str], *, is_copy: bool) -> Step:
    if is_copy and before:
        plan = {name: getattr(before, name) for name in PLAN_FIELDS}
        plan |= {name: getattr(before, name) for name in ("owner_id", "deputy_id", "checker_id")}
    else:
        stream = before.stream if before else next((s["key"] for s in runbook.streams), "")
        offset = before.offset_min + before.planned_min if before else 0
        text = _("New step")
        plan = {"stream": stream, "offset_min": offset, "planned_min": 10, "title": {"en": text, "ko": text}}
        plan |= {
            "predecessors": [before.code] if before else [],
            "reversible": Step.Reversible.NOT_APPLICABLE,
        }
    plan["code"] = free_code(before.code if before else "STEP-00", taken)
    return Step.objects.create(runbook=runbook, position=place, **plan)


def free_code(like: str, taken: set[str]) -> str:
    """The next code of the same family that is free: after DB-03 comes DB-04, or DB-06 when those are there."""
    found = re.fullmatch(r"(.*?)(\d+)", like)
    stem, number, width = (found[1], int(found[2]), len(found[2])) if found else (f"{like[:15]}-", 0, 2)
    while True:
        number += 1
        code = f"{stem}{number:0{width}d}"[-20:]
        if code not in taken:
            return code


def move_step(*, step: Step, by, now: datetime, places: int) -> None:
    """Move a row up (negative) or down; the order of rows is for reading, the links decide when a step starts."""
    with atomic():
        runbook = _open(step.runbook_id)
        order = list(
            Step.objects.filter(runbook=runbook).order_by("position", "pk").values_list("pk", flat=True)
        )
        if step.pk not in order:
            raise StepError(_("This step was removed."))
        here = order.index(step.pk)
        order.insert(max(0, min(len(order) - 1, here + places)), order.pop(here))
        for place, pk in enumerate(order, 1):
            Step.objects.filter(pk=pk).exclude(position=place).update(position=place)
        _log_edit(runbook, step.code, "edit.moved", by, now, places=places)


def delete_step(*, step: Step, version: int, by, now: datetime) -> None:
    """Take a row out of the plan; what waited for it waits for what it waited for. The log keeps the row."""
    with atomic():
        runbook = _open(step.runbook_id)
        _unbegun(step)
        current = change_step(step, version, tuple(Status))
        for other in Step.objects.filter(runbook=runbook).exclude(pk=step.pk):
            links = _without(other.predecessors, step)
            if links != other.predecessors:
                Step.objects.filter(pk=other.pk).update(predecessors=links, version=F("version") + 1)
        content = {name: _was(current, name) for name in PLAN_FIELDS}
        Step.objects.filter(pk=step.pk).delete()
        _log_edit(runbook, step.code, "edit.removed", by, now, row=content)


def _without(links: list[str], gone: Step) -> list[str]:
    found = []
    for text in links:
        is_gone = _renamed(text, gone.code, "") != text
        found += gone.predecessors if is_gone else [text]
    return list(dict.fromkeys(found))


def _log_edit(runbook: Runbook, code: str, act: str, by, now: datetime, **params) -> None:
    log(runbook, act, by=by, now=now, code=code, **params)
    announce(f"engagement:{runbook.engagement_id}", *TILES)
