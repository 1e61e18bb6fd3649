"""Resources that carry the event's tag, as rows of the list of resources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from iem_portal.aws import resources
from iem_portal.aws.errors import AwsError
from iem_portal.aws.resources import Resource
from iem_portal.aws.targets import Target
from workbook.prefill.proposals import Place, Proposal
from workbook.prefill.scope import HOME_OF_GLOBAL, Scope

DEFAULT_KEY = "iem"
#: The tag that says which module a resource belongs to, if the customer uses one.
MODULE_TAG = "module"
#: Things without a Region have columns of their own: the service and the start of the resource's name.
GLOBAL_FIELDS = {("cloudfront", "distribution/"): "gl_cf", ("wafv2", "global/webacl/"): "gl_waf"}


@dataclass(frozen=True)
class Answer:
    """The resources found."""

    resources: list[Resource]
    problem: AwsError | None = None

    @property
    def found(self) -> int:
        """How many things AWS named."""
        return len(self.resources)


class Tags:
    """One part for each account and Region, and one for what has no Region."""

    key = "tags"
    field = "rs_arn"
    label = _("Resources by tag")
    actions = ("tag:GetResources",)

    def places(self, scope: Scope) -> list[Place]:
        """Every Region of the event, and the home of global things."""
        regions = dict.fromkeys([*scope.regions, HOME_OF_GLOBAL])
        return [Place(account, region, "tagging") for account in scope.accounts for region in regions]

    def read(self, target: Target, place: Place, scope: Scope, now: datetime) -> Answer:
        """Everything with the tag that the person chose."""
        key, value = scope.choices.get("tag_key") or DEFAULT_KEY, scope.choices.get("tag_value", "")
        found = resources.read_tagged(target, key, value)
        is_of_event = place.region in scope.regions
        return Answer([one for one in found if is_of_event or not one.region])

    def propose(self, answer: Answer, place: Place, scope: Scope) -> list[Proposal]:
        """A row for what the list does not hold yet; for what it holds, only what is still empty there."""
        by_arn, by_name = _known(scope)
        found = []
        for one in answer.resources:
            field = _global_field(one)
            if field:
                found += _global(one, field, scope)
                continue
            row = by_arn.get(one.arn) or by_name.get((one.service, one.id))
            gaps = _gaps(one, place) | {"rs_arn": one.arn}
            found.append(Proposal(row.pk if row else None, gaps=gaps, identity=f"resource/{one.arn}"))
        return found


def _known(scope: Scope) -> tuple[dict, dict]:
    """The rows by their ARN; those without one by service and name."""
    rows = scope.known("rs_arn")
    by_arn = {row.values["rs_arn"]: row for row in rows if row.values.get("rs_arn")}
    by_name = {
        (row.values.get("rs_service"), row.values.get("rs_id")): row
        for row in rows
        if not row.values.get("rs_arn")
    }
    return by_arn, by_name


def _gaps(one: Resource, place: Place) -> dict:
    return {
        "rs_account": place.account_id,
        "rs_region": one.region or place.region,
        "rs_service": one.service,
        "rs_id": one.id,
        "rs_module": one.tags.get(MODULE_TAG),
    }


def _global_field(one: Resource) -> str:
    name = one.arn.split(":", 5)[5]
    return next(
        (
            field
            for (service, start), field in GLOBAL_FIELDS.items()
            if one.service == service and name.startswith(start)
        ),
        "",
    )


def _global(one: Resource, field: str, scope: Scope) -> list[Proposal]:
    value = one.arn if field == "gl_waf" else one.id
    is_there = any(value in str(row.values.get(field, "")) for row in scope.known(field))
    return [] if is_there else [Proposal(None, gaps={field: value}, identity=f"resource/{one.arn}")]
