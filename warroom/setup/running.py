"""Running the probes of an account in the background, one finding after the other, so that a page can watch."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from engagements.models import AwsAccount
from iem_portal.aws import ledger, probing, spending
from warroom.models import AccountProbe, AccountSetup
from warroom.scope import scope_of

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
PAUSE = timedelta(seconds=30)  # between two runs of one account: each is about twenty calls
KEPT_RUNS = 20


class TooSoon(Exception):
    """The account is being probed, or was just now."""


def ask(*, account: AwsAccount, by, now: datetime) -> AccountProbe:
    """Have the account probed soon. Raises TooSoon."""
    engagement = account.engagement
    last = AccountProbe.objects.filter(engagement=engagement, account_id=account.account_id).first()
    if last is not None and now - last.asked_at < PAUSE:
        raise TooSoon
    try:
        with transaction.atomic():
            return AccountProbe.objects.create(
                engagement=engagement,
                account_id=account.account_id,
                region=(engagement.regions or ["us-east-1"])[0],
                asked_at=now,
                asked_by_name=by.name,
            )
    except IntegrityError:
        raise TooSoon from None


def run_due(clock: Callable[[], datetime]) -> int:
    """Run what was asked for and what a dead worker left behind; how many. `clock` says the present (aware UTC)."""
    now = clock()
    left = Q(status=AccountProbe.Status.RUNNING, lease_until__lte=now)
    rows = AccountProbe.objects.filter(Q(status=AccountProbe.Status.WAITING) | left)
    done = 0
    for row in rows.select_related("engagement").order_by("asked_at"):
        mine = AccountProbe.objects.filter(pk=row.pk, status=row.status, lease_until=row.lease_until)
        if mine.update(status=AccountProbe.Status.RUNNING, lease_until=now + LEASE, findings=[]):
            _run(row, clock)
            done += 1
    return done


def _run(row: AccountProbe, clock: Callable[[], datetime]) -> None:
    scope = scope_of(row.engagement)
    whole = AccountSetup.HealthView.ORGANIZATION
    kinds = [probing.READ, probing.WRITE]
    setups = AccountSetup.objects.filter(engagement=row.engagement, account_id=row.account_id)
    if setups.filter(health_view=whole).exists():
        kinds.append(probing.ORGANIZATION)
    mine = AccountProbe.objects.filter(pk=row.pk)
    outcomes: list[probing.Outcome] = []
    with ledger.recording() as recording:
        for outcome in probing.probe(scope.aws_target(row.account_id, row.region), clock(), kinds):
            outcomes.append(outcome)
            mine.update(findings=[_kept(one) for one in outcomes], lease_until=clock() + LEASE)
    now = clock()
    with transaction.atomic():
        mine.update(
            status=AccountProbe.Status.DONE,
            finished_at=now,
            lease_until=None,
            skew_s=outcomes[0].skew_s,
            plan=probing.plan_of(outcomes),
        )
        spending.save(recording, now=now, engagement_id=row.engagement_id)
        _forget_old(row)


def _kept(outcome: probing.Outcome) -> dict:
    return {
        "action": outcome.action,
        "verdict": outcome.verdict,
        "kind": outcome.kind,
        "message": outcome.message[:500],
    }


def _forget_old(row: AccountProbe) -> None:
    """The newest runs are enough."""
    mine = AccountProbe.objects.filter(engagement=row.engagement_id, account_id=row.account_id)
    kept = list(mine.values_list("pk", flat=True)[:KEPT_RUNS])
    mine.exclude(pk__in=kept).delete()
