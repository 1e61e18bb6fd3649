"""What one engagement wants to have read from AWS: derived from its watches, accounts and Regions."""

from __future__ import annotations

from dataclasses import dataclass

from engagements.models import Engagement
from iem_portal.aws.targets import Target
from workbook.watches import Watch, watches


@dataclass(frozen=True)
class Scope:
    """An engagement with the watches and accounts the sources look at."""

    engagement: Engagement
    watches: tuple[Watch, ...]
    roles: dict[str, tuple[str, str]]  # account → role to assume and External ID

    @property
    def account_ids(self) -> list[str]:
        """Every account in scope, also one that only a watch names."""
        return sorted({*self.roles, *(watch.account_id for watch in self.watches)})

    def regions_of(self, account_id: str) -> list[str]:
        """The Regions of the engagement, and those in which this account is watched."""
        watched = {watch.region for watch in self.watches if watch.account_id == account_id}
        return sorted({*self.engagement.regions, *watched})

    def watches_in(self, account_id: str, region: str) -> list[Watch]:
        """The watches read in one account and Region."""
        return [w for w in self.watches if (w.account_id, w.region) == (account_id, region)]

    def aws_target(self, account_id: str, region: str) -> Target:
        """Whom to ask, with the role that lets us in."""
        role_arn, external_id = self.roles.get(account_id, ("", ""))
        return Target(account_id, region, role_arn, external_id)


def scope_of(engagement: Engagement) -> Scope:
    """The scope now; watches that cannot be read (incomplete rows) are left out. Three queries."""
    roles = {a.account_id: (a.role_arn, a.external_id) for a in engagement.aws_accounts.all()}
    readable = tuple(watch for watch in watches(engagement) if not watch.problems)
    return Scope(engagement, readable, roles)
