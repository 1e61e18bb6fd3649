"""Load balancers with the highest LCUs of a fortnight, for the questions about scaling them beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from iem_portal.aws import resources
from iem_portal.aws.errors import AwsError
from iem_portal.aws.resources import LoadBalancer
from iem_portal.aws.targets import Target
from workbook.prefill.proposals import Place, Proposal, decimal_text
from workbook.prefill.scope import Scope

KINDS = {"application": "ALB", "network": "NLB"}


@dataclass(frozen=True)
class Answer:
    """The load balancers found."""

    balancers: list[LoadBalancer]
    problem: AwsError | None = None

    @property
    def found(self) -> int:
        """How many things AWS named."""
        return len(self.balancers)


class Balancers:
    """One part for each account and Region."""

    key = "balancers"
    field = "lb_arn"
    label = _("Load balancers")
    actions = ("elasticloadbalancing:DescribeLoadBalancers", "cloudwatch:GetMetricData")

    def places(self, scope: Scope) -> list[Place]:
        """Every account in every Region of the event."""
        return [
            Place(account, region, "elasticloadbalancing")
            for account in scope.accounts
            for region in scope.regions
        ]

    def read(self, target: Target, place: Place, scope: Scope, now: datetime) -> Answer:
        """The list, with LCUs where they are published and may be read."""
        found = resources.read_load_balancers(target)
        try:
            return Answer(resources.with_peak_lcus(target, found, now))
        except AwsError as error:
            return Answer(found, error)

    def propose(self, answer: Answer, place: Place, scope: Scope) -> list[Proposal]:
        """A row for each balancer that the sheet does not name by its ARN."""
        known = {row.values.get("lb_arn"): row for row in scope.known("lb_arn")}
        return [_proposal(one, known.get(one.arn)) for one in answer.balancers]


def _proposal(one: LoadBalancer, row) -> Proposal:
    gaps = {"lb_kind": KINDS.get(one.kind)}
    if row is None:
        gaps |= {"lb_arn": one.arn, "lb_usecase": one.name}
    facts = {"lb_peak_lcu": decimal_text(one.peak_lcu)}
    return Proposal(row.pk if row else None, facts, gaps, identity=f"balancer/{one.arn}")
