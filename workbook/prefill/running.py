"""Reads AWS for a section in parts: claim, read without a transaction, then keep what was found.

Each part is one account, Region and service; one that fails says so and holds nobody else up.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from engagements.models import Engagement
from iem_portal.aws import ledger, spending
from iem_portal.aws.deadline import TARGET_DEADLINE_S, run_within
from iem_portal.aws.errors import INCOMPLETE, MALFORMED, THROTTLED, TIMEOUT, TRANSIENT, AwsError
from workbook import editions
from workbook.catalogue import Section
from workbook.models import AwsReading, AwsReadingPart
from workbook.prefill import storing
from workbook.prefill.proposals import Place
from workbook.prefill.readers import READERS, of_section
from workbook.prefill.scope import Scope, scope_of

logger = logging.getLogger(__name__)

State = AwsReadingPart.State
THREADS = 4
#: Parts of one turn: two of them after each other in every thread stay below the task's limit.
AT_ONCE = 8
LEASE_S = 90
MAX_ATTEMPTS = 3
#: What may be well a little later, and how long that is (seconds).
LATER = {THROTTLED: 30, TRANSIENT: 10, TIMEOUT: 10, MALFORMED: 5, INCOMPLETE: 5}


class NothingToRead(Exception):
    """The engagement has no account or no Region yet, or the section asks for nothing that AWS knows."""


@dataclass
class _Job:
    """One claimed part on its way."""

    part: AwsReadingPart
    place: Place
    scope: Scope
    reader: Any
    answer: Any = None
    error: AwsError | None = None
    recording: ledger.Recording | None = None


def start(*, engagement: Engagement, section: Section, choices: dict, by, now: datetime) -> AwsReading:
    """Write down what is to be read; a worker does it. The reading that still runs, if one does.

    Raises NothingToRead.
    """
    scope = scope_of(engagement, section, choices)
    wanted = [(reader.key, place) for reader in of_section(section) for place in reader.places(scope)]
    if not wanted:
        raise NothingToRead(section.key)
    try:
        with transaction.atomic():
            reading = AwsReading.objects.create(
                engagement=engagement,
                section=section.key,
                choices=choices,
                by_id=by.pk,
                by_name=by.name,
                started_at=now,
            )
            AwsReadingPart.objects.bulk_create(
                AwsReadingPart(
                    reading=reading,
                    reader=key,
                    account_id=place.account_id,
                    region=place.region,
                    service=place.service,
                    next_at=now,
                )
                for key, place in wanted
            )
    except IntegrityError:
        # The one that was in the way may have ended by now.
        return AwsReading.objects.filter(engagement=engagement, section=section.key).latest("pk")
    return reading


def read_due(now: datetime, *, threads: int = THREADS) -> int:
    """Read the parts that are due; how many. Network waits happen outside transactions."""
    AwsReadingPart.objects.filter(state=State.RUNNING, lease_until__lte=now).update(
        state=State.WAITING, lease_until=None
    )
    jobs = [job for job in (_claim(part, now) for part in _due(now)) if job]
    scopes: dict[int, Scope | None] = {}
    ready = [job for job in (_prepared(part, scopes, now) for part in jobs) if job]
    if threads == 1:
        for job in ready:
            _settle(_read(job, now), now)
    elif ready:
        with ThreadPoolExecutor(max_workers=threads, thread_name_prefix="from-aws") as pool:
            for job in pool.map(lambda each: _read(each, now), ready):
                _settle(job, now)
    finish(now)
    return len(ready)


def _due(now: datetime) -> list[AwsReadingPart]:
    waiting = AwsReadingPart.objects.filter(state=State.WAITING, next_at__lte=now)
    return list(waiting.select_related("reading__engagement").order_by("next_at", "pk")[:AT_ONCE])


def _claim(part: AwsReadingPart, now: datetime) -> AwsReadingPart | None:
    """Take one part; None when somebody else was faster."""
    mine = AwsReadingPart.objects.filter(pk=part.pk, state=State.WAITING, next_at=part.next_at)
    taken = mine.update(
        state=State.RUNNING, lease_until=now + timedelta(seconds=LEASE_S), attempts=F("attempts") + 1
    )
    if not taken:
        return None
    part.attempts += 1
    return part


def _prepared(part: AwsReadingPart, scopes: dict, now: datetime) -> _Job | None:
    """The part with everything that the network part may not ask the database for."""
    reading = part.reading
    if reading.pk not in scopes:
        section = editions.section(reading.engagement, reading.section)
        scopes[reading.pk] = scope_of(reading.engagement, section, reading.choices) if section else None
    scope, reader = scopes[reading.pk], READERS.get(part.reader)
    if scope is None or reader is None or part.account_id not in scope.roles:
        _end(part, AwsError("gone", "", "The account or the section is no longer part of the event."), now)
        return None
    return _Job(part, Place(part.account_id, part.region, part.service), scope, reader)


def _read(job: _Job, now: datetime) -> _Job:
    """The network part, in a thread: no database here. Every failure becomes an AwsError on the job."""
    target = job.scope.target(job.place.account_id, job.place.region)
    with ledger.recording() as job.recording:
        try:
            job.answer = run_within(
                TARGET_DEADLINE_S, lambda: job.reader.read(target, job.place, job.scope, now)
            )
        except AwsError as error:
            job.error = error
        except Exception as error:  # a bug in one reader must not stop the others
            logger.exception("Reading %s failed", job.part)
            job.error = AwsError("failed", type(error).__name__, str(error))
    return job


def _settle(job: _Job, now: datetime) -> None:
    """One transaction: what was suggested, how the part ended, and what it cost."""
    part, error = job.part, job.error
    try:
        with transaction.atomic():
            spending.save(job.recording, now=now)
            if error is None:
                _keep(job, now)
                return
    except Exception as failure:  # what came of one part must not lose the others
        logger.exception("Storing %s failed", part)
        error = AwsError("failed", type(failure).__name__, "the answer could not be stored")
    if error.kind in LATER and part.attempts < MAX_ATTEMPTS:
        again = now + timedelta(seconds=LATER[error.kind] * part.attempts)
        _update(part, state=State.WAITING, next_at=again, lease_until=None, **_words(error))
    else:
        _end(part, error, now)


def _keep(job: _Job, now: datetime) -> None:
    count = storing.store(
        engagement=job.scope.engagement,
        section=job.scope.section,
        place=job.place,
        reader=job.reader.key,
        proposals=job.reader.propose(job.answer, job.place, job.scope),
        now=now,
    )
    words = _words(job.answer.problem)
    _update(
        job.part,
        state=State.DONE,
        found=job.answer.found,
        suggested=count,
        ended_at=now,
        lease_until=None,
        **words,
    )


def _end(part: AwsReadingPart, error: AwsError, now: datetime) -> None:
    _update(part, state=State.FAILED, ended_at=now, lease_until=None, **_words(error))


def _update(part: AwsReadingPart, **words) -> None:
    """Only while the part is ours: a lease that ran out belongs to whoever took it."""
    AwsReadingPart.objects.filter(pk=part.pk, state=State.RUNNING, attempts=part.attempts).update(**words)


def _words(error: AwsError | None) -> dict:
    return {
        "error_kind": error.kind if error else "",
        "error_code": error.code[:80] if error else "",
        "error_message": error.message[:2000] if error else "",
    }


def finish(now: datetime) -> int:
    """Close readings whose every part has ended; how many."""
    going = Q(parts__state__in=[State.WAITING, State.RUNNING])
    through = AwsReading.objects.filter(finished_at=None).exclude(going)
    return AwsReading.objects.filter(pk__in=list(through.values_list("pk", flat=True))).update(
        finished_at=now
    )
