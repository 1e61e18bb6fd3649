"""What the demo's people suggested for their workbook, and that quota increases may be asked of the simulated AWS."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

from iem_portal.registry import demo_parts
from workbook import editions
from workbook.models import Row
from workbook.prefill import consent
from workbook.suggestions import making

DAY = timedelta(days=1)
#: Days from T0, who, about which quota, field, value as typed, why.
SUGGESTED = (
    (-6.2, "director", "Throttle rate", "q_need", "7400",
     "The sign-in page asks three times a session; I counted 2,450 sessions a second in the rehearsal."),
    (-5.9, "network", "Network interfaces per Region", "q_need", "2600",
     "The second exam fleet needs 500 more than we planned."),
)  # fmt: skip


@demo_parts.register
class WorkbookAwsPart:
    """Two open suggestions of the customer's people, and its lead's consent."""

    key = "workbook-aws"
    order = 27

    def seed(self, world: SimpleNamespace, now: datetime) -> None:
        """Through the same verbs as the pages."""
        people, engagement = world.people, world.engagement
        section = editions.section(engagement, "wb08")
        for days, who, title, field, value, words in SUGGESTED:
            row = Row.objects.get(
                engagement=engagement, table="quotas", cells__field="q_name", cells__value=title
            )
            making.suggest(
                engagement=engagement,
                section=section,
                row=row.pk,
                field=field,
                value=value,
                words=words,
                by=people[who],
                now=world.t0 + days * DAY,
            )
        consent.record(
            engagement=engagement,
            is_given=True,
            words="Agreed in the planning call.",
            by=people["customer"],
            now=world.t0 - 24 * DAY,
        )
