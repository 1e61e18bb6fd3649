"""Service quotas: the value applied, AWS's default, the highest use of a fortnight, and what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from iem_portal.aws import quotas
from iem_portal.aws.errors import AwsError
from iem_portal.aws.quotas import Quota, QuotaRequest
from iem_portal.aws.targets import Target
from workbook.prefill.proposals import Known, Place, Proposal, decimal_text
from workbook.prefill.scope import GLOBAL, HOME_OF_GLOBAL, Scope

# Services that Service Quotas knows in one Region only. Source: Service Quotas console, "global quota".
GLOBAL_SERVICES = frozenset({"cloudfront", "iam", "route53", "globalaccelerator", "organizations", "waf"})
STATES = frozenset(
    {"PENDING", "CASE_OPENED", "APPROVED", "DENIED", "NOT_APPROVED", "CASE_CLOSED", "INVALID_REQUEST"}
)
_REQUEST = ("q_req_id", "q_case_id", "q_status", "q_granted", "q_granted_at")


@dataclass(frozen=True)
class Answer:
    """What AWS said of one service; ``problem`` is what could not be read beside the values themselves."""

    quotas: list[Quota]
    requests: list[QuotaRequest]
    problem: AwsError | None = None

    @property
    def found(self) -> int:
        """How many things AWS named."""
        return len(self.quotas)


class Quotas:
    """One part for each account, Region and service that the sheet or its starter rows name."""

    key = "quotas"
    field = "q_code"
    label = _("Service quotas")
    actions = (
        "servicequotas:ListServiceQuotas",
        "servicequotas:ListAWSDefaultServiceQuotas",
        "servicequotas:ListRequestedServiceQuotaChangeHistory",
        "cloudwatch:GetMetricData",
    )

    def places(self, scope: Scope) -> list[Place]:
        """Where to ask: what the rows name, and the starter rows in every account's first Region."""
        found = {
            Place(account, HOME_OF_GLOBAL if region == GLOBAL else region, row.values["q_service"])
            for row in scope.known(self.field)
            if row.values.get("q_service")
            for account, region in [_home(row, scope)]
            if account in scope.roles and region
        }
        for account in scope.accounts:
            for service in {starter["q_service"] for starter in _starters(scope)}:
                region = HOME_OF_GLOBAL if service in GLOBAL_SERVICES else (scope.regions or [""])[0]
                found |= {Place(account, region, service)} if region else set()
        return sorted(found, key=lambda place: (place.account_id, place.region, place.service))

    def read(self, target: Target, place: Place, scope: Scope, now: datetime) -> Answer:
        """The quotas of one service. Use and requests may fail alone; then the rest is still worth having."""
        found = quotas.read_quotas(target, place.service)
        problem: AwsError | None = None
        wanted = _codes(place, scope)
        try:
            used = quotas.read_peak_usage(
                target, [quota for quota in found if _is_wanted(quota, wanted)], now
            )
            found = _replaced(found, used)
        except AwsError as error:
            problem = error
        requests: list[QuotaRequest] = []
        try:
            requests = quotas.read_quota_requests(target, service=place.service)
        except AwsError as error:
            problem = problem or error
        return Answer(found, requests, problem)

    def propose(self, answer: Answer, place: Place, scope: Scope) -> list[Proposal]:
        """Values for the rows of this place, and a row for every starter that has none yet."""
        rows = [row for row in scope.known(self.field) if _is_of(row, place, scope)]
        by_code = {quota.code: quota for quota in answer.quotas}
        by_name = {_folded(quota.name): quota for quota in answer.quotas}
        taken, proposals = set(), []
        for row in rows:
            quota = _quota_of(row.values, by_code, by_name)
            if quota:
                taken.add(quota.code)
                proposals.append(_for_row(row, quota, answer, place, scope))
        if place.region == (scope.regions or [""])[0] or place.service in GLOBAL_SERVICES:
            for starter in _starters(scope):
                quota = _quota_of(starter, by_code, by_name)
                if starter["q_service"] == place.service and quota and quota.code not in taken:
                    taken.add(quota.code)
                    proposals.append(_new_row(starter, quota, answer, place))
        return proposals


def _home(row: Known, scope: Scope) -> tuple[str, str]:
    """Account and Region of a row; what it leaves open is the only account and the first Region."""
    only = scope.accounts[0] if len(scope.accounts) == 1 else ""
    return row.values.get("q_account") or only, row.values.get("q_region") or (scope.regions or [""])[0]


def _is_of(row: Known, place: Place, scope: Scope) -> bool:
    account, region = _home(row, scope)
    where = HOME_OF_GLOBAL if region == GLOBAL else region
    return (account, where, row.values.get("q_service")) == (place.account_id, place.region, place.service)


def _starters(scope: Scope) -> list[dict]:
    """Starter rows that name a service and a quota."""
    table = scope.table(Quotas.field)
    return [
        starter.values
        for starter in (table.starters if table else ())
        if starter.values.get("q_service") and (starter.values.get("q_code") or starter.values.get("q_name"))
    ]


def _codes(place: Place, scope: Scope) -> set[str]:
    """Codes and names that somebody asks about: only their use is read, for it is paid by the metric."""
    named = [row.values for row in scope.known(Quotas.field) if _is_of(row, place, scope)]
    named += [starter for starter in _starters(scope) if starter["q_service"] == place.service]
    return {_folded(str(values[key])) for values in named for key in ("q_code", "q_name") if values.get(key)}


def _is_wanted(quota: Quota, wanted: set[str]) -> bool:
    return bool({_folded(quota.code), _folded(quota.name)} & wanted)


def _replaced(found: list[Quota], used: Iterable[Quota]) -> list[Quota]:
    by_code = {quota.code: quota for quota in used}
    return [by_code.get(quota.code, quota) for quota in found]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _quota_of(values, by_code: dict[str, Quota], by_name: dict[str, Quota]) -> Quota | None:
    """By its code; by its name only where no code is given."""
    if values.get("q_code"):
        return by_code.get(values["q_code"])
    name = values.get("q_name")
    return by_name.get(_folded(name)) if isinstance(name, str) else None


def _facts(quota: Quota) -> dict:
    return {
        "q_default": decimal_text(quota.default),
        "q_applied": decimal_text(quota.value),
        "q_usage": decimal_text(quota.used),
        "q_adjustable": quota.is_adjustable,
    }


def _gaps(quota: Quota) -> dict:
    return {
        "q_code": quota.code,
        "q_name": quota.name,
        "q_unit": quota.unit if quota.unit not in {"None", ""} else None,
    }


_ORIGINS = {"q_usage": "usage", **dict.fromkeys(_REQUEST, "requests")}


def _for_row(row: Known, quota: Quota, answer: Answer, place: Place, scope: Scope) -> Proposal:
    facts, gaps = _facts(quota), _gaps(quota)
    gaps |= {"q_account": place.account_id, "q_region": GLOBAL if quota.is_global else place.region}
    if row.pk not in scope.followed:
        asked, filling = _request(row.values, quota, answer.requests)
        facts, gaps = facts | asked, gaps | filling
    return Proposal(row.pk, facts, gaps, origins=_ORIGINS)


def _request(values, quota: Quota, requests: list[QuotaRequest]) -> tuple[dict, dict]:
    """The newest request for this quota, if the row speaks of none or of just this one: facts and gaps."""
    newest = next((one for one in requests if one.code == quota.code), None)
    mine = values.get("q_req_id")
    if newest is None or newest.status not in STATES or mine not in (None, newest.id):
        return {}, {}
    gaps = {"q_req_id": newest.id, "q_case_id": newest.case_id or None}
    if newest.status == "APPROVED":
        at = newest.updated_at or newest.created_at
        gaps |= {"q_granted": decimal_text(newest.desired), "q_granted_at": at.isoformat() if at else None}
    return {"q_status": newest.status}, gaps


def _new_row(starter, quota: Quota, answer: Answer, place: Place) -> Proposal:
    region = GLOBAL if quota.is_global else place.region
    asked, filling = _request({}, quota, answer.requests)
    unit = {"q_unit": starter["q_unit"]} if isinstance(starter.get("q_unit"), str) else {}
    home = {"q_account": place.account_id, "q_region": region, "q_service": quota.service}
    return Proposal(
        None,
        facts=_facts(quota) | asked,
        gaps=home | _gaps(quota) | unit | filling,
        identity=f"quota/{place.account_id}/{region}/{quota.service}/{quota.code}",
        origins=_ORIGINS,
    )
