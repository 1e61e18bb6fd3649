"""The engagement's own conditions for leaving each phase; other apps add theirs in their gate.py.

Source: phase model of the AWS Korea TAM deck on IEM; what leaves a phase is our proposal.
"""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements import criteria
from engagements.gates import Condition
from engagements.models import Engagement, Membership, Phase, Role
from iem_portal.registry import gates

#: Milestones that must be done before the event: confirmed capacity, tests, readiness check, go/no-go.
READINESS = ("M10", "M16", "M18", "M19", "M20", "M21", "M23", "M24")


def _page(name: str, engagement: Engagement) -> str:
    return reverse(f"engagements:{name}", args=[engagement.reference])


@gates.register
class Initiated:
    """Initiate → Plan: type, date, both teams, success criteria and entitlement are known."""

    key = "engagements.initiate"
    order = 10
    phase = Phase.INITIATE

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """Two queries."""
        roles = set(
            Membership.objects.filter(engagement=engagement, user__isnull=False).values_list(
                "role", flat=True
            )
        )
        count = criteria.of(engagement).count()
        edit, team = _page("edit", engagement), _page("team", engagement)
        return [
            Condition("type", _("The event type is chosen"), bool(engagement.event_type), url=edit),
            Condition("window", _("The event is still ahead"), engagement.ends_at > now,
                      url=_page("window", engagement)),
            Condition("tam", _("A TAM is named"), Role.TAM in roles, url=team),
            Condition("lead", _("The customer's lead has joined"), Role.CUSTOMER_LEAD in roles, url=team),
            Condition(
                "criteria", _("At least one success criterion"), count > 0,
                ngettext("%(n)d written", "%(n)d written", count) % {"n": count} if count else "",
                _page("criteria", engagement),
            ),
            Condition("entitlement", _("The entitlement is known"),
                      engagement.entitlement in ("included", "paid"), url=edit),
        ]  # fmt: skip


@gates.register
class Planned:
    """Plan → Execute: readiness milestones done, criteria agreed by both sides."""

    key = "engagements.plan"
    order = 10
    phase = Phase.PLAN

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """Two queries."""
        done = set(
            engagement.milestones.filter(code__in=READINESS, done_at__isnull=False).values_list(
                "code", flat=True
            )
        )
        open_codes = [code for code in READINESS if code not in done]
        agreed = list(criteria.of(engagement).values_list("agreed_customer_at", "agreed_aws_at"))
        both = sum(1 for customer_at, aws_at in agreed if customer_at and aws_at)
        return [
            Condition("readiness-check", _("The readiness check is done"), "M20" in done,
                      "M20", _page("milestones", engagement)),
            Condition(
                "milestones", _("The readiness milestones are done"), not open_codes,
                _("Open: %(codes)s") % {"codes": ", ".join(open_codes)} if open_codes else "",
                _page("milestones", engagement),
            ),
            Condition(
                "agreed", _("Both sides agreed to every success criterion"),
                bool(agreed) and both == len(agreed),
                _("%(both)d of %(all)d") % {"both": both, "all": len(agreed)},
                _page("criteria", engagement),
            ),
        ]  # fmt: skip


@gates.register
class Executed:
    """Execute → Review: the event has started; the war room adds its own conditions."""

    key = "engagements.execute"
    order = 10
    phase = Phase.EXECUTE

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """No query."""
        return [
            Condition("started", _("The event has started"), engagement.starts_at <= now,
                      url=_page("window", engagement)),
        ]  # fmt: skip


@gates.register
class Reviewed:
    """Review → closed: every criterion measured, scaled down, report accepted."""

    key = "engagements.review"
    order = 10
    phase = Phase.REVIEW

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """Two queries."""
        done = set(
            engagement.milestones.filter(code__in=("M30", "M33"), done_at__isnull=False).values_list(
                "code", flat=True
            )
        )
        values = list(criteria.of(engagement).values_list("actual", flat=True))
        measured = sum(1 for value in values if value is not None)
        milestones = _page("milestones", engagement)
        return [
            Condition(
                "measured", _("Every success criterion is measured"), measured == len(values) > 0,
                _("%(measured)d of %(all)d") % {"measured": measured, "all": len(values)},
                _page("criteria", engagement),
            ),
            Condition("scale-down", _("Resources are scaled down"), "M30" in done, "M30", milestones),
            Condition("report", _("The report is accepted"), "M33" in done, "M33", milestones),
        ]  # fmt: skip
