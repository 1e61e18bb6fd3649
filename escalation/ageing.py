"""Has an escalation lain at its severity for too long? Then the next one up is proposed, or set if a rule says so."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db.models import QuerySet

from escalation import catalog
from escalation.models import Escalation
from escalation.models.targets import AgeRule


@dataclass(frozen=True)
class Proposal:
    """The next severity up, and since when (aware UTC) it is proposed, or from when on it will be."""

    severity: str
    due_at: datetime
    minutes: int
    is_automatic: bool

    @property
    def label(self) -> dict[str, str]:
        """The name of the proposed severity in both languages."""
        return catalog.severities()[self.severity]["label"]

    def is_due(self, now: datetime) -> bool:
        """Has the time come?"""
        return self.due_at <= now


@cache
def shipped() -> dict[str, int]:
    """The shipped minutes by severity; those in force are `AgeRule`, which administrators edit."""
    return json.loads((catalog.DATA / "ageing.json").read_text(encoding="utf-8"))["minutes"]


def freeze() -> dict:
    """The rules as they stand now, to be copied onto an escalation when it opens: an edit changes no open one."""
    rules = {severity: {"minutes": minutes, "automatic": False} for severity, minutes in shipped().items()}
    for row in AgeRule.objects.all():
        rules[row.severity] = {"minutes": row.minutes, "automatic": row.is_automatic}
    rules = {severity: rule for severity, rule in rules.items() if rule["minutes"]}
    return {"rules": rules, "automatic": any(rule["automatic"] for rule in rules.values())}


def proposal(escalation: Escalation) -> Proposal | None:
    """What its age proposes, with the instant; None when nothing is: solved, works again, waits, or no rule for it.

    Counted from when it got its present severity. A severity that the plan does not offer is never proposed.
    """
    rule = escalation.policy.get("ageing", {}).get("rules", {}).get(escalation.severity)
    if rule is None or not escalation.is_open or escalation.restored_at or escalation.waiting_since:
        return None
    worse = list(catalog.severities())
    worse = worse[: worse.index(escalation.severity)]
    offered = [code for code in worse if code in escalation.policy["targets"]]
    if not offered:
        return None
    since = max(
        escalation.severity_since or escalation.declared_at, escalation.reopened_at or escalation.declared_at
    )
    due_at = since + timedelta(minutes=rule["minutes"])
    return Proposal(offered[-1], due_at, rule["minutes"], rule["automatic"])


def aged(now: datetime) -> QuerySet[Escalation]:
    """Those that a rule may raise without asking; whether the time has come is `proposal`'s to say."""
    open_ones = Escalation.objects.filter(resolved_at=None, restored_at=None, waiting_since=None)
    return open_ones.filter(policy__ageing__automatic=True, declared_at__lt=now).order_by("pk")
