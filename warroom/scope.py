"""What one engagement wants to have read from AWS: derived from its watches, accounts, Regions and budget."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engagements.models import Engagement
from iem_portal.aws.targets import Target
from warroom.models import AccountSetup
from warroom.setup import tiers
from workbook.models import Cell
from workbook.watches import Watch, watches

HOME_OF_GLOBAL = "us-east-1"
FAST_MOST = 50  # metrics read every 10 seconds: 50 of them cost about 4 USD a day


@dataclass(frozen=True)
class Scope:
    """An engagement with the watches and accounts the sources look at."""

    engagement: Engagement
    watches: tuple[Watch, ...]
    roles: dict[str, tuple[str, str]]  # account → role to assume and External ID
    monitors: Mapping[str, str] = field(default_factory=dict)  # account → the one that sees its metrics
    organizations: tuple[str, ...] = ()  # accounts that see the Health of all
    quotas: tuple[tuple[str, str, str, str], ...] = ()  # account, Region, service, code
    level: int = 0  # how far reading is cut back for the budget; see setup.tiers

    @property
    def account_ids(self) -> list[str]:
        """Every account in scope, also one that only a watch names."""
        return sorted({*self.roles, *(watch.account_id for watch in self.watches)})

    def regions_of(self, account_id: str) -> list[str]:
        """The Regions of the engagement, and those in which this account is watched."""
        watched = {watch.region for watch in self.watches if watch.account_id == account_id}
        return sorted({*self.engagement.regions, *watched})

    def reader_of(self, account_id: str) -> str:
        """Which account is asked for the metrics of this one."""
        return self.monitors.get(account_id, account_id)

    @cached_property
    def fast(self) -> frozenset[int]:
        """The rows of the metrics that are read every 10 seconds, unless the budget is used up."""
        if not tiers.has_fast(self.level):
            return frozenset()
        return frozenset([watch.row_id for watch in self.watches if watch.period_s <= 10][:FAST_MOST])

    def watches_in(self, account_id: str, region: str) -> list[Watch]:
        """The watches that are asked for in one account and Region."""
        return self._by_place.get((account_id, region), [])

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], list[Watch]]:
        found: dict[tuple[str, str], list[Watch]] = defaultdict(list)
        for watch in self.watches:
            found[self.reader_of(watch.account_id), watch.region].append(watch)
        return dict(found)

    def aws_target(self, account_id: str, region: str) -> Target:
        """Whom to ask, with the role that lets us in."""
        role_arn, external_id = self.roles.get(account_id, ("", ""))
        return Target(account_id, region, role_arn, external_id)


def scope_of(engagement: Engagement) -> Scope:
    """The scope now; watches that cannot be read (incomplete rows) are left out. Five queries, and one for the
    budget when it was not selected with the engagement."""
    roles = {a.account_id: (a.role_arn, a.external_id) for a in engagement.aws_accounts.all()}
    readable = tuple(watch for watch in watches(engagement) if not watch.problems)
    setups = list(AccountSetup.objects.filter(engagement=engagement, account_id__in=list(roles)))
    whole = AccountSetup.HealthView.ORGANIZATION
    budget = getattr(engagement, "poll_budget", None)
    return Scope(
        engagement,
        readable,
        roles,
        monitors={one.account_id: one.monitored_by for one in setups if one.monitored_by in roles},
        organizations=tuple(sorted(one.account_id for one in setups if one.health_view == whole)),
        quotas=_quotas(engagement, roles),
        level=budget.level if budget else 0,
    )


def _quotas(engagement: Engagement, accounts: Iterable[str]) -> tuple[tuple[str, str, str, str], ...]:
    """The quotas of section WB08 that name all of account, Region, service and code. One query."""
    cells = Cell.objects.filter(
        row__engagement=engagement,
        row__section="wb08",
        row__table="quotas",
        row__deleted_at=None,
        field__in=["q_account", "q_region", "q_service", "q_code"],
        value__isnull=False,
    )
    rows: dict[int, dict[str, str]] = defaultdict(dict)
    for row, name, value in cells.values_list("row_id", "field", "value"):
        rows[row][name] = str(value)
    found = {
        (
            values["q_account"],
            HOME_OF_GLOBAL if values["q_region"] == "global" else values["q_region"],
            values["q_service"],
            values["q_code"],
        )
        for values in rows.values()
        if len(values) == 4 and values["q_account"] in accounts
    }
    return tuple(sorted(found))
