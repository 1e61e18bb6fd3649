"""How runbooks come to be: from a template, with its rollback; and as a copy to rehearse."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import access
from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from warroom import library
from warroom.models import Runbook, Step
from warroom.runbook._base import StepError, atomic, change_runbook, commanders_word, tell
from warroom.runbook.life import PLAN_FIELDS

S = Runbook.Status
#: What a step of a template may say; whatever else stands in the file is for readers of the file.
STEP_FIELDS = frozenset(PLAN_FIELDS)
LARGEST_NUMBER = 99


def create_runbook(*, engagement: Engagement, by, now: datetime, template_key: str = "") -> Runbook:
    """Copy a template, and the rollback it names, into the engagement; StepError when that kind is there already.

    Whoever makes it is its commander until somebody else is named.
    """
    plan = library.template(template_key) if template_key else library.template_for(engagement.event_type)
    with atomic():
        Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        if Runbook.objects.filter(engagement=engagement, kind=plan["kind"], rehearsal_of=None).exists():
            raise StepError(_("There is a runbook already."))
        runbook = _copied(engagement, plan, by, now)
        if back := plan.get("rollback", ""):
            runbook.rollback = _rollback_of(engagement, back, by, now)
            Runbook.objects.filter(pk=runbook.pk).update(rollback=runbook.rollback)
        tell(runbook, "runbook.created", by=by, now=now, count=len(plan["steps"]))
    return runbook


def _rollback_of(engagement: Engagement, key: str, by, now: datetime) -> Runbook:
    found = Runbook.objects.filter(engagement=engagement, kind=Runbook.Kind.ROLLBACK, rehearsal_of=None)
    return found.first() or _copied(engagement, library.template(key), by, now)


def next_number(engagement: Engagement) -> int:
    """The number the next runbook of the engagement gets; StepError when there are too many."""
    highest = Runbook.objects.filter(engagement=engagement).aggregate(Max("number"))["number__max"] or 0
    if highest >= LARGEST_NUMBER:
        raise StepError(_("This engagement has too many runbooks."))
    return highest + 1


def _copied(engagement: Engagement, plan: dict, by, now: datetime) -> Runbook:
    runbook = Runbook.objects.create(
        engagement=engagement,
        number=next_number(engagement),
        kind=plan["kind"],
        title=plan["title"],
        streams=[dict(stream, colour=place) for place, stream in enumerate(plan["streams"], 1)],
        template_key=plan["key"],
        template_version=plan["version"],
        downtime_budget_min=plan["downtime_budget_min"],
        point_of_no_return=plan.get("point_of_no_return", ""),
        rollback_triggers=plan.get("rollback_triggers", []),
        fix_forward_min=plan.get("fix_forward_min"),
        fail_back_min=plan.get("fail_back_min"),
        commander_id=by.pk,
        created_by_name=by.name,
        created_at=now,
    )
    Step.objects.bulk_create(
        Step(runbook=runbook, position=place, **_planned(row)) for place, row in enumerate(plan["steps"], 1)
    )
    return runbook


def _planned(row: dict) -> dict:
    """The plan of a row; how it is undone is one text, in the language of whoever makes the runbook."""
    plan = {key: row[key] for key in row.keys() & STEP_FIELDS}
    return plan | {"undo": str(pick(row["undo"]))} if "undo" in row else plan


def rehearse(*, runbook: Runbook, version: int, by, now: datetime, t0_at: datetime | None = None) -> Runbook:
    """A copy that keeps its own actuals runs with T0 at `t0_at` (now when empty); the original is rehearsing."""
    access.check(by, runbook.engagement, access.Permission.RUN_STEPS)
    commanders_word(runbook, by)
    with atomic():
        Engagement.objects.select_for_update(no_key=True).get(pk=runbook.engagement_id)
        original = change_runbook(runbook, version, (S.APPROVED, S.READY), status=S.REHEARSING)
        copy = copy_to_rehearse(original, by=by, now=now, t0_at=t0_at or now)
        tell(copy, "rehearsal.started", by=by, now=now)
    return copy


def copy_to_rehearse(original: Runbook, *, by, now: datetime, t0_at: datetime) -> Runbook:
    """A running copy with T0 at `t0_at`, in the caller's transaction; the original stays as it is."""
    copy = Runbook.objects.get(pk=original.pk)
    steps = list(Step.objects.filter(runbook=copy).order_by("position"))
    length = copy.window_end - copy.t0
    copy.pk, copy._state.adding = None, True
    copy.number, copy.rehearsal_of, copy.status = next_number(original.engagement), original, S.RUNNING
    copy.t0_at = t0_at
    copy.window_end_at = copy.t0_at + length
    copy.started_at, copy.paused_at, copy.ended_at, copy.outage_started_at = now, None, None, None
    copy.created_by_name, copy.created_at, copy.version, copy.drafted_message = by.name, now, 1, ""
    copy.save(force_insert=True)
    Step.objects.bulk_create(_fresh(step, copy) for step in steps)
    return copy


def _fresh(step: Step, runbook: Runbook) -> Step:
    """The plan of a step without anything that happened. Fixed instants belong to the real night and are left out."""
    plan = {
        name: getattr(step, name) for name in PLAN_FIELDS if name not in ("fixed_start_at", "must_end_at")
    }
    people = {name: getattr(step, name) for name in ("owner_id", "deputy_id", "checker_id")}
    return Step(runbook=runbook, position=step.position, **plan, **people)
