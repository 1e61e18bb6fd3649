"""Which rules of telling hold for an engagement, and which did when an escalation opened?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache

from django.db.models import F, Q

from engagements.models import Engagement
from escalation import catalog
from escalation.ladder import rules
from escalation.models import Escalation, LadderPolicy


def freeze(engagement: Engagement, *, now: datetime) -> dict:
    """The rules as they stand now, to be copied onto an escalation when it opens.

    A version never changes, so its number stands for its rules; the terms, which plan deadlines, are copied.
    """
    found = in_force(engagement)
    body = found.body if found else shipped()
    return {"policy": found.pk if found else None, "terms": body["terms"]}


def in_force(engagement: Engagement | None) -> LadderPolicy | None:
    """The newest version of the engagement, else the portal's; None when the shipped rules were never stored."""
    where = Q(engagement=None) if engagement is None else Q(engagement=engagement) | Q(engagement=None)
    newest = LadderPolicy.objects.filter(where).order_by(F("engagement").asc(nulls_last=True), "-version")
    own = next(iter(newest.select_related("engagement")[:1]), None)
    if own is None or own.body:
        return own
    return newest.filter(engagement=None).first()


def drill_days(engagement: Engagement) -> int:
    """For how many days a test page of everybody counts here; rules of before it was asked say what is shipped."""
    found = in_force(engagement)
    return (found.body if found else {}).get("drill_days") or shipped()["drill_days"]


def restore_shipped(now: datetime) -> None:
    """Store the shipped rules as the portal's first version when there is none, as after a flush."""
    if not LadderPolicy.objects.filter(engagement=None).exists():
        LadderPolicy.objects.create(version=1, body=_body(), saved_at=now, by_name="IEM Portal")


def _body() -> dict:
    return {name: shipped()[name] for name in ("rules", "terms", "drill_days")}


@cache
def shipped() -> dict:
    """The rules that come with the portal."""
    return catalog.ladder_policies()


@cache
def _shipped_policy() -> rules.Policy:
    return rules.policy_of(shipped())


def of_numbers(numbers: Iterable[int | None]) -> dict[int | None, rules.Policy]:
    """The policies of these versions, and the shipped one under None; one query however many."""
    wanted = set(numbers) - {None}
    found: dict[int | None, rules.Policy] = {None: _shipped_policy()}
    if wanted:
        found |= {one.pk: rules.policy_of(one.body) for one in LadderPolicy.objects.filter(pk__in=wanted)}
    return found


def of_escalation(escalation: Escalation) -> rules.Policy:
    """The policy under which this escalation opened."""
    number = (escalation.policy.get("ladder") or {}).get("policy")
    found = of_numbers([number])
    return found.get(number, found[None])


def is_loud(targets: Mapping[str, Mapping], severity: str) -> bool:
    """Is it never quiet at this severity? By AWS's promises that were copied at the opening (`policy["targets"]`)."""
    return rules.is_loud_class(severity, targets.get(severity, {}).get("minutes"))


def term_of(escalation: Escalation, kind: str = "") -> rules.Term:
    """The terms of this escalation at its present severity and lane."""
    frozen = (escalation.policy.get("ladder") or {}).get("terms")
    terms = map(rules.term_of, frozen if frozen is not None else shipped()["terms"])
    where = {"kind": kind, "severity": escalation.severity, "lane": escalation.lane}
    return rules.term_for(terms, **where) or rules.Term(rules.Scope())
