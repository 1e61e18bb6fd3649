"""What one engagement lets us read: its accounts with their roles, its Regions, and the rows that are there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from engagements.models import Engagement
from iem_portal.aws.targets import Target
from workbook.catalogue import Section, Table
from workbook.models import Cell, QuotaIncrease, Row
from workbook.prefill.proposals import Known

#: Where AWS answers for what has no Region. Source: AWS General Reference, service endpoints.
HOME_OF_GLOBAL = "us-east-1"
GLOBAL = "global"


@dataclass(frozen=True)
class Scope:
    """Accounts, Regions, and the rows of the section by table."""

    engagement: Engagement
    section: Section
    roles: dict[str, tuple[str, str]]
    rows: dict[str, list[Known]]
    #: Rows whose request for more the portal itself follows and writes.
    followed: frozenset[int]
    choices: dict

    @property
    def accounts(self) -> list[str]:
        """The accounts, by number."""
        return sorted(self.roles)

    @property
    def regions(self) -> list[str]:
        """The Regions of the event, the first one first."""
        return list(self.engagement.regions)

    def target(self, account_id: str, region: str) -> Target:
        """Whom to ask, with the role that lets us in."""
        role_arn, external_id = self.roles.get(account_id, ("", ""))
        return Target(account_id, region, role_arn, external_id)

    def known(self, field: str) -> list[Known]:
        """The rows of the table that holds this field."""
        table = self.section.table_of.get(field)
        return self.rows.get(table.key, []) if table else []

    def table(self, field: str) -> Table | None:
        """The table that holds this field."""
        return self.section.table_of.get(field)


def scope_of(engagement: Engagement, section: Section, choices: dict) -> Scope:
    """The scope now. Four queries."""
    roles = {a.account_id: (a.role_arn, a.external_id) for a in engagement.aws_accounts.all()}
    live = Row.objects.filter(engagement=engagement, section=section.key, deleted_at=None)
    values: dict[int, dict] = defaultdict(dict)
    for row, field, value in Cell.objects.filter(row__in=live, value__isnull=False).values_list(
        "row_id", "field", "value"
    ):
        values[row][field] = value
    rows: dict[str, list[Known]] = defaultdict(list)
    for pk, table in live.values_list("pk", "table"):
        rows[table].append(Known(pk, values[pk]))
    open_ones = QuotaIncrease.objects.filter(engagement=engagement, ended_at=None)
    followed = frozenset(open_ones.values_list("row_id", flat=True))
    return Scope(engagement, section, roles, dict(rows), followed, choices)
