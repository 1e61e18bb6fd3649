"""Which reads of AWS are due, and what became of them: claim, read without a transaction, then one of changes.

A target is claimed by pushing its next poll ahead with one conditional UPDATE, so two workers never read
the same one, and a worker that dies only costs its lease. One bad account never delays the others.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from engagements.models import Engagement, Phase
from iem_portal.accounts.actors import SYSTEM_POLLER
from iem_portal.aws import ledger, spending
from iem_portal.aws.deadline import TARGET_DEADLINE_S, run_within
from iem_portal.aws.errors import TIMEOUT, AwsError
from iem_portal.live import announce
from iem_portal.registry import Retired
from iem_portal.registry import sources as registered
from warroom import faults, pulse
from warroom.models import PollTarget, WarRoom
from warroom.room import open_room
from warroom.scope import Scope, scope_of
from warroom.setup import budget

logger = logging.getLogger(__name__)

THREADS = 8
LEASE_S = 60
PULSE_S = 5
ROUND_S = 35  # under the task's soft limit of 40 s
REDRAW_S = 55
# What the minute alone changes: pace, forecast, lanes, ages.
MINUTE_TILES = ("clock", "step", "lanes", "runbook", "update", "sources", "alarms", "cases", "duty")


@dataclass
class Job:
    """One claimed target on its way through the poll."""

    row: PollTarget
    scope: Scope
    source: Any
    question: Any = None
    findings: Any = None
    error: AwsError | None = None
    recording: ledger.Recording | None = None


def poll_due(now: datetime, *, threads: int = THREADS) -> int:
    """Read every target that is due at `now` (UTC); how many. Network waits happen outside transactions."""
    open_now = watched(now)
    pulse.beat(open_now, now)
    budget.check(open_now, now=now)
    scopes = {engagement.pk: scope_of(engagement) for engagement in open_now}
    sync_targets(scopes, now)
    redraw(scopes, now)
    jobs = [job for job in (claim(row, scopes, now) for row in due(scopes, now)) if job]
    for job in _read_all(jobs, now, threads):
        _settle(job, now)
    return len(jobs)


def watched(now: datetime) -> list[Engagement]:
    """Engagements whose war room is open; one that entered its execute phase gets its room opened."""
    events = Engagement.objects.filter(standing=Engagement.Standing.ACTIVE)
    for engagement in events.filter(phase=Phase.EXECUTE, war_room__isnull=True):
        open_room(engagement=engagement, by=SYSTEM_POLLER, now=now)
    is_open = Q(war_room__closed_at__isnull=True, war_room__isnull=False)
    return list(
        events.filter(is_open, phase__in=[Phase.PLAN, Phase.EXECUTE]).select_related(
            "war_room", "poll_budget"
        )
    )


def sync_targets(scopes: dict[int, Scope], now: datetime) -> None:
    """Make the rows of what is wanted and switch off what is not; the workbook stays the only home of watches."""
    wanted = {
        (pk, source.key, account, region)
        for pk, scope in scopes.items()
        for source in registered
        for account, region in source.targets(scope)
    }
    rows = list(PollTarget.objects.filter(Q(is_active=True) | Q(engagement_id__in=list(scopes))))
    known = {(r.engagement_id, r.source, r.account_id, r.region): r for r in rows}
    fresh = [
        PollTarget(engagement_id=pk, source=source, account_id=account, region=region, next_poll_at=now)
        for pk, source, account, region in sorted(wanted - set(known))
    ]
    PollTarget.objects.bulk_create(fresh, ignore_conflicts=True)
    back = [row.pk for key, row in known.items() if key in wanted and not row.is_active]
    off = [row.pk for key, row in known.items() if key not in wanted and row.is_active]
    if back:
        PollTarget.objects.filter(pk__in=back).update(is_active=True, next_poll_at=now)
    if off:
        PollTarget.objects.filter(pk__in=off).update(is_active=False)


def due(scopes: dict[int, Scope], now: datetime) -> list[PollTarget]:
    """Active targets whose time has come and that nobody is reading, longest overdue first."""
    free = Q(lease_until__isnull=True) | Q(lease_until__lte=now)
    rows = PollTarget.objects.filter(
        free, is_active=True, next_poll_at__lte=now, engagement_id__in=list(scopes)
    )
    return list(rows.order_by("next_poll_at", "pk"))


def claim(row: PollTarget, scopes: dict[int, Scope], now: datetime) -> Job | None:
    """Take one target; None when somebody else was faster or its source is gone."""
    source = registered.get(row.source)
    if isinstance(source, Retired):
        return None
    mine = PollTarget.objects.filter(pk=row.pk, next_poll_at=row.next_poll_at, lease_until=row.lease_until)
    fields = {
        "next_poll_at": source.next_at(row, scopes[row.engagement_id], now),
        "lease_until": now + timedelta(seconds=LEASE_S),
        "last_attempt_at": now,
    }
    if not mine.update(**fields):
        return None
    for name, value in fields.items():
        setattr(row, name, value)
    job = Job(row, scopes[row.engagement_id], source)
    job.question = source.prepare(row, job.scope, now)
    return job


def _read_all(jobs: list[Job], now: datetime, threads: int):
    """Yield the jobs as their answers come in; with one thread (tests) in order, without a pool.

    What has not answered when the round is over counts as timed out: its thread is left behind.
    """
    if threads == 1 or len(jobs) < 2:
        yield from (_read(job, now) for job in jobs)
        return
    pool = ThreadPoolExecutor(max_workers=min(threads, len(jobs)), thread_name_prefix="aws-poll")
    futures = {pool.submit(_read, job, now): job for job in jobs}
    rooms = {job.scope.engagement for job in jobs}
    waiting, begun = set(futures), time.monotonic()
    try:
        while waiting and (passed := time.monotonic() - begun) < ROUND_S:
            done, waiting = wait(waiting, timeout=min(PULSE_S, ROUND_S - passed), return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
            # A slow account is no reason to call the board dead: somebody is still going round.
            pulse.beat(rooms, now + timedelta(seconds=time.monotonic() - begun))
        late = AwsError(TIMEOUT, "Round", f"No answer within {ROUND_S} s.")
        for future in waiting:
            yield replace(futures[future], findings=None, error=late, recording=ledger.Recording())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _read(job: Job, now: datetime) -> Job:
    """The network part, in a thread: no database here. Every failure becomes an AwsError on the job."""
    target = job.scope.aws_target(job.row.account_id, job.row.region)
    with ledger.recording() as job.recording:
        try:
            # One deadline over all calls of a source, however many windows or pages it reads.
            answer = run_within(TARGET_DEADLINE_S, lambda: job.source.read(target, job.question))
            job.findings = job.source.parse(answer, job.question, now)
        except AwsError as error:
            job.error = error
        except Exception as error:  # a bug in one source must not stop the others
            logger.exception("Reading %s failed", job.row)
            job.error = AwsError("failed", type(error).__name__, str(error))
    return job


def _settle(job: Job, now: datetime) -> None:
    """One transaction: what was found, how the target stands, what it cost, and which tiles changed."""
    try:
        with transaction.atomic():
            changed = _outcome(job, now)
            spending.save(job.recording, now=now, engagement_id=job.row.engagement_id)
            if changed:
                announce(job.scope.engagement.topic, *sorted(changed))
    except Exception:
        logger.exception("Storing %s failed", job.row)
        with transaction.atomic():
            _failed(job.row, AwsError("failed", "Store", "the answer could not be stored"), now)


def _outcome(job: Job, now: datetime) -> set[str]:
    row = job.row
    if job.error is not None:
        return set(job.source.tiles) | {"sources"} if _failed(row, job.error, now) else set()
    changed = job.source.store(row, job.scope, job.findings, now)
    if row.last_error_kind or row.last_ok_at is None:
        changed |= {*job.source.tiles, "sources"}
    row.last_ok_at, row.failing_since_at, row.lease_until, row.failures_in_a_row = now, None, None, 0
    row.last_error_kind = row.last_error_code = row.last_error_message = ""
    row.save(update_fields=[*STATE, "cursor_at", "data_until", "last_ok_at"])
    return changed


STATE = [
    "lease_until",
    "next_poll_at",
    "failing_since_at",
    "failures_in_a_row",
    "last_error_kind",
    "last_error_code",
    "last_error_message",
]


def _failed(row: PollTarget, error: AwsError, now: datetime) -> bool:
    """Keep the fault and when to ask again; True when it is a new one for the board."""
    is_news = row.last_error_kind != error.kind
    row.failures_in_a_row += 1
    row.failing_since_at = row.failing_since_at or now
    row.last_error_kind, row.last_error_code = error.kind, error.code[:80]
    row.last_error_message, row.lease_until = error.message, None
    row.next_poll_at = faults.retry_at(error.kind, row.failures_in_a_row, now, error.retry_at)
    row.save(update_fields=STATE)
    return is_news


def redraw(scopes: dict[int, Scope], now: datetime) -> None:
    """Once a minute the tiles that move with time alone are announced; one worker does it for each board."""
    for pk, scope in scopes.items():
        last = scope.engagement.war_room.redrawn_at
        if last and (now - last).total_seconds() < REDRAW_S:
            continue
        with transaction.atomic():
            if WarRoom.objects.filter(engagement_id=pk, redrawn_at=last).update(redrawn_at=now):
                announce(scope.engagement.topic, *MINUTE_TILES)
