"""Making signals quiet, for one step or by type code, and letting them speak again; each written down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.models import Engagement
from iem_portal.live import announce
from warroom.models import AlarmState, ExpectedAlarm, HealthMute, Step
from warroom.noise.rules import Quiet, is_quiet, quiet_of

LONGEST_REASON, LONGEST_ALARM, LONGEST_CODE = 300, 255, 120


class MuteError(ValueError):
    """It cannot be made quiet; `field` says which input is wrong."""

    def __init__(self, message: str, field: str):
        super().__init__(message)
        self.field = field


def expect(
    *,
    engagement: Engagement,
    step: Step,
    alarm_name: str,
    reason: str,
    by,
    now: datetime,
    account_id: str = "",
    region: str = "",
) -> ExpectedAlarm:
    """Say that a step will set this alarm off: it is quiet while the step runs, and only then. Raises MuteError.

    `account_id` and `region` say whose alarm of this name is meant, one of the engagement's; empty means any.
    """
    access.check(by, engagement, access.Permission.RUN_STEPS)
    alarm_name, reason = _text(alarm_name, "alarm", LONGEST_ALARM), _text(reason, "reason", LONGEST_REASON)
    if step.is_closed:
        raise MuteError(_("This step is closed."), "step")
    _check_place(engagement, account_id, region)
    try:
        with transaction.atomic():
            kept = ExpectedAlarm.objects.create(
                engagement=engagement,
                runbook_number=step.runbook.number,
                step_code=step.code,
                alarm_name=alarm_name,
                account_id=account_id,
                region=region,
                reason=reason,
                by_name=by.name,
                at=now,
            )
            name = " · ".join(filter(None, (alarm_name, account_id, region)))
            params = {"code": step.code, "name": name, "reason": reason}
            timeline.record(engagement, "noise.expected", by=by, now=now, params=params)
            announce(engagement.topic, "alarms")
    except IntegrityError:
        raise MuteError(_("This alarm is expected during the step already."), "alarm") from None
    return kept


def mute_code(*, engagement: Engagement, code: str, reason: str, by, now: datetime) -> HealthMute:
    """Make every AWS Health event of this type code quiet. Raises MuteError."""
    access.check(by, engagement, access.Permission.RUN_STEPS)
    code, reason = _text(code, "code", LONGEST_CODE), _text(reason, "reason", LONGEST_REASON)
    try:
        with transaction.atomic():
            kept = HealthMute.objects.create(
                engagement=engagement, code=code, reason=reason, by_name=by.name, at=now
            )
            words = {"code": code, "reason": reason}
            timeline.record(engagement, "noise.health_muted", by=by, now=now, params=words)
            announce(engagement.topic, "health")
    except IntegrityError:
        raise MuteError(_("This code is quiet already."), "code") from None
    return kept


def end(row: ExpectedAlarm | HealthMute, *, by, now: datetime) -> bool:
    """Let it speak again; False when it did already."""
    access.check(by, row.engagement, access.Permission.RUN_STEPS)
    is_alarm = isinstance(row, ExpectedAlarm)
    with transaction.atomic():
        if not type(row).objects.filter(pk=row.pk, ended_at=None).update(ended_at=now, ended_by_name=by.name):
            return False
        name = row.alarm_name if is_alarm else row.code
        timeline.record(row.engagement, "noise.ended", by=by, now=now, params={"name": name})
        announce(row.engagement.topic, "alarms" if is_alarm else "health")
    return True


def places(engagement: Engagement) -> tuple[list[str], list[str]]:
    """Accounts and Regions of which alarms may be expected: the event's, and where some were read. Two queries."""
    read = AlarmState.objects.filter(engagement=engagement).order_by().values_list("account_id", "region")
    seen = set(read.distinct())
    accounts = set(engagement.aws_accounts.values_list("account_id", flat=True))
    return (
        sorted(accounts | {account for account, _region in seen}),
        sorted(set(engagement.regions) | {region for _account, region in seen}),
    )


def _check_place(engagement: Engagement, account_id: str, region: str) -> None:
    if not account_id and not region:
        return
    accounts, regions = places(engagement)
    if account_id and account_id not in accounts:
        raise MuteError(_("Choose an account of this event."), "account")
    if region and region not in regions:
        raise MuteError(_("Choose a Region of this event."), "region")


def quiet_now(engagement: Engagement) -> list[Quiet]:
    """The alarms that a running step keeps quiet. One query, and one more when any is expected."""
    rows = list(ExpectedAlarm.objects.filter(engagement=engagement, ended_at=None))
    if not rows:
        return []
    running = Step.objects.filter(
        runbook__engagement=engagement,
        status=Step.Status.RUNNING,
        code__in={row.step_code for row in rows},
    ).select_related("runbook")
    steps = {(step.runbook.number, step.code): step for step in running}
    return [
        _quiet(row, step)
        for row in rows
        if (step := steps.get((row.runbook_number, row.step_code))) is not None
    ]


def _quiet(row: ExpectedAlarm, step: Step) -> Quiet:
    return Quiet(
        pk=row.pk,
        alarm_name=row.alarm_name,
        account_id=row.account_id,
        region=row.region,
        step_code=row.step_code,
        from_at=step.actual_start_at,
        until_at=step.actual_start_at + timedelta(minutes=step.planned_min),
        by_name=row.by_name,
        reason=row.reason,
    )


def split(
    engagement: Engagement, alarms: Iterable[AlarmState]
) -> tuple[list[AlarmState], list[tuple[AlarmState, Quiet]]]:
    """Alarms that speak, and those that a running step was expected to set off."""
    rows = list(alarms)
    quiet = quiet_now(engagement) if rows else []
    loud, muted = [], []
    for row in rows:
        found = quiet_of(quiet, name=row.name, account_id=row.account_id, region=row.region)
        # One that has no data any more was set off by nobody: what is missing is always said.
        if row.state == AlarmState.State.ALARM and is_quiet(found, changed_at=row.changed_at):
            muted.append((row, found))
        else:
            loud.append(row)
    return loud, muted


def muted_codes(engagement: Engagement) -> dict[str, HealthMute]:
    """The type codes of AWS Health that are quiet. One query."""
    rows = HealthMute.objects.filter(engagement=engagement, ended_at=None)
    return {row.code: row for row in rows}


def _text(text: str, field: str, longest: int) -> str:
    text = text.strip()
    if not text:
        raise MuteError(_("Say why.") if field == "reason" else _("Fill this in."), field)
    if len(text) > longest:
        raise MuteError(_("At most %(limit)d characters.") % {"limit": longest}, field)
    return text
