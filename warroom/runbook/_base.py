"""What every act on a runbook shares: finding, comparing versions, dating, logging, and saying it aloud."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.models import Engagement
from iem_portal.live import announce
from warroom import forecast
from warroom.models import Runbook, RunbookEntry, Step
from warroom.outlook import fact, on_board

TILES = ("clock", "step", "lanes", "runbook")
LATE_ENTRY_S = 60
LONGEST_AGO = timedelta(days=3660)
Status = Step.Status


class StepError(ValueError):
    """The step or runbook cannot do that; `field` says beside which input the message belongs ("": none)."""

    def __init__(self, message: str, field: str = ""):
        super().__init__(message)
        self.field = field


class StepConflict(Exception):
    """Somebody changed the step since the caller read it; `step` is how it is now."""

    def __init__(self, step: Step):
        super().__init__(step.code)
        self.step = step


class RunbookConflict(Exception):
    """Somebody changed the runbook's header or status meanwhile; `runbook` is how it is now."""

    def __init__(self, runbook: Runbook):
        super().__init__(str(runbook.pk))
        self.runbook = runbook


def find(engagement: Engagement, code: str, number: int | None = None) -> Step:
    """The step of this code, in the runbook of this number or in the one on the board; Step.DoesNotExist."""
    steps = Step.objects.select_related("runbook__engagement").filter(runbook__engagement=engagement)
    if number is not None:
        return steps.get(runbook__number=number, code=code)
    found = list(steps.filter(code=code))
    if not found:
        raise Step.DoesNotExist
    first = on_board([step.runbook for step in found])
    return next(step for step in found if step.runbook_id == first.pk)


def runbook_of(engagement: Engagement, number: int) -> Runbook:
    """The runbook of this number with its people; Runbook.DoesNotExist when there is none."""
    found = Runbook.objects.select_related("engagement", "commander", "deputy", "scribe", "comms", "rollback")
    return found.get(engagement=engagement, number=number)


def change_step(step: Step, version: int, allowed: tuple, **fields) -> Step:
    """One conditional UPDATE; StepConflict when the version moved on, StepError when the state forbids it."""
    rows = Step.objects.filter(pk=step.pk, version=version, status__in=allowed)
    if rows.update(version=F("version") + 1, **fields):
        return _again(step)
    current = _again(step)
    if current.version != version:
        raise StepConflict(current)
    raise StepError(
        _("Not possible while the step is: %(status)s") % {"status": current.get_status_display()}
    )


def _again(step: Step) -> Step:
    return Step.objects.select_related("runbook__engagement").get(pk=step.pk)


def change_runbook(runbook: Runbook, version: int, allowed=None, **fields) -> Runbook:
    """The same for the header: RunbookConflict or StepError."""
    rows = Runbook.objects.filter(pk=runbook.pk, version=version)
    if allowed is not None:
        rows = rows.filter(status__in=allowed)
    changed = rows.update(version=F("version") + 1, **fields)
    current = runbook_of(runbook.engagement, runbook.number)
    if changed:
        return current
    if current.version != version:
        raise RunbookConflict(current)
    status = {"status": current.get_status_display()}
    raise StepError(_("Not possible while the runbook is: %(status)s") % status)


def hold_runbook(runbook_id: int) -> Runbook:
    """Lock the runbook, so that two acts that look at several steps come one after the other."""
    return Runbook.objects.select_for_update().get(pk=runbook_id)


def commanders_word(runbook: Runbook, by) -> None:
    """Only the commander or the deputy may; with nobody named, whoever runs steps."""
    if runbook.commander_id and not runbook.commands(by):
        raise StepError(_("Only the commander or the deputy commander may do this."))


def may_start(step: Step, now: datetime) -> None:
    """StepError unless the run goes on and nothing holds the step back. The runbook must be locked."""
    steps = list(Step.objects.filter(runbook_id=step.runbook_id))
    facts = {other.code: fact(other) for other in steps}
    mine = facts[step.code]
    if waits_for := forecast.waiting(mine, facts, now):
        raise StepError(_("Waits for %(codes)s") % {"codes": ", ".join(waits_for)})


def goes_on(runbook: Runbook) -> None:
    """StepError when the run is paused or over."""
    if runbook.status == Runbook.Status.PAUSED:
        raise StepError(_("The runbook is paused."))
    if runbook.is_over:
        raise StepError(_("The runbook is closed."))


def happened_at(at: datetime | None, now: datetime, reason: str) -> datetime:
    """When it happened: now, or an earlier instant entered late, which wants a reason."""
    if at is None:
        return now
    if at > now:
        raise StepError(_("This time is in the future."), "at")
    if now - at > LONGEST_AGO:
        raise StepError(_("Enter a date and time, such as 2026-11-28 23:00."), "at")
    if (now - at).total_seconds() > LATE_ENTRY_S and not reason.strip():
        raise StepError(_("Say why the time is entered late."), "reason")
    return at


def wanted(reason: str, field: str = "reason") -> None:
    """A reason is asked for."""
    if not reason.strip():
        raise StepError(_("Say why."), field)


def planned_start(step: Step) -> datetime:
    """The planned start in UTC: T0 of the runbook plus the step's offset."""
    return step.runbook.t0 + timedelta(minutes=step.offset_min)


def log(
    runbook: Runbook, act: str, *, by, now: datetime, at: datetime | None = None, code: str = "", **params
):
    """One line of the log that is never changed; in the caller's transaction."""
    return RunbookEntry.objects.create(
        runbook=runbook,
        code=code,
        act=act,
        params=params,
        actor_id=by.pk,
        actor_name=by.name,
        at=at or now,
        recorded_at=now,
    )


def say(
    step: Step, phrase: str, *, by, now: datetime, at: datetime | None = None, kind: str = "human", **words
) -> None:
    """A line in the log and, unless this is a rehearsal, on the timeline; and the tiles that show steps."""
    log(step.runbook, phrase, by=by, now=now, at=at, code=step.code, status=step.status, **words)
    engagement = step.runbook.engagement
    if step.runbook.rehearsal_of_id is None:
        timeline.record(
            engagement,
            phrase,
            by=by,
            now=now,
            at=at,
            kind=kind,
            params={"code": step.code, "title": step.title} | words,
            subject_type="step",
            subject_id=step.pk,
        )
    # Which alarms are expected and quiet hangs on the steps that run.
    announce(engagement.topic, *TILES, "alarms")


def tell(runbook: Runbook, phrase: str, *, by, now: datetime, kind: str = "human", **words) -> None:
    """The same for an act on the whole runbook."""
    log(runbook, phrase, by=by, now=now, **words)
    params = {"title": runbook.title, "number": runbook.number} | words
    if runbook.rehearsal_of_id is None or phrase.startswith("rehearsal."):
        timeline.record(runbook.engagement, phrase, by=by, now=now, kind=kind, params=params)
    announce(runbook.engagement.topic, *TILES)


atomic = transaction.atomic
