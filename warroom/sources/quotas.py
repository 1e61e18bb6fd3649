"""How much of the quotas in the workbook is in use: their usage metrics, every five minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from iem_portal.aws import quotas
from iem_portal.registry import sources
from warroom.models import PollTarget, QuotaUse
from warroom.scope import Scope
from warroom.setup import tiers


@dataclass(frozen=True)
class Question:
    """Which quotas (service and code), and when it is asked."""

    wanted: frozenset[tuple[str, str]]
    now: datetime


@sources.register
class Quotas:
    """ListServiceQuotas for the services of the sheet (free of charge), and the usage metrics in one GetMetricData."""

    key = "quotas"
    order = 40
    label = _("Quota use")
    interval_s = 300
    iam_actions = (
        "servicequotas:ListServiceQuotas",
        "servicequotas:ListAWSDefaultServiceQuotas",
        "cloudwatch:GetMetricData",
    )
    tiles = ("quotas",)

    def targets(self, scope: Scope) -> list[tuple[str, str]]:
        """The accounts and Regions of the quotas that the workbook names."""
        if not tiers.has_quota_use(scope.level):
            return []
        return sorted({(account, region) for account, region, *_ in scope.quotas})

    def next_at(self, row: PollTarget, scope: Scope, now: datetime) -> datetime:
        """After the interval."""
        return now + timedelta(seconds=self.interval_s)

    def prepare(self, row: PollTarget, scope: Scope, now: datetime) -> Question:
        """Those that the workbook names here."""
        here = (row.account_id, row.region)
        wanted = {
            (service, code) for account, region, service, code in scope.quotas if (account, region) == here
        }
        return Question(frozenset(wanted), now)

    def read(self, target, question: Question) -> list[quotas.Quota]:
        """The quotas with what is in use of them."""
        services = sorted({service for service, _code in question.wanted})
        found = [one for service in services for one in quotas.read_quotas(target, service)]
        wanted = [one for one in found if (one.service, one.code) in question.wanted]
        return quotas.read_usage(target, wanted, question.now)

    def parse(self, answer: list[quotas.Quota], question: Question, now: datetime) -> list[quotas.Quota]:
        """As they are."""
        return answer

    def store(self, row: PollTarget, scope: Scope, findings: list[quotas.Quota], now: datetime) -> set[str]:
        """One row for each quota; what the workbook no longer names is dropped."""
        mine = QuotaUse.objects.filter(
            engagement=scope.engagement, account_id=row.account_id, region=row.region
        )
        before = {(one.service, one.code): (one.value, one.used) for one in mine}
        rows = [
            QuotaUse(
                engagement=scope.engagement,
                account_id=row.account_id,
                region=row.region,
                service=one.service,
                code=one.code,
                name=one.name[:200],
                unit="" if one.unit == "None" else one.unit[:60],
                value=one.value,
                used=one.used,
                used_at=now if one.used is not None else None,
                read_at=now,
            )
            for one in findings
        ]
        QuotaUse.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["engagement", "account_id", "region", "service", "code"],
            update_fields=["name", "unit", "value", "used", "used_at", "read_at"],
        )
        mine.filter(read_at__lt=now).delete()
        row.data_until = now
        after = {(one.service, one.code): (one.value, one.used) for one in findings}
        return set(self.tiles) if before != after else set()
