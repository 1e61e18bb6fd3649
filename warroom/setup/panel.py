"""What the pages of an account's set-up and of the ledger show, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.models import AwsAccount, Engagement
from iem_portal.aws import probing
from iem_portal.aws.models import AwsCall
from warroom import faults
from warroom.models import AccountProbe, AccountSetup, PollBudget
from warroom.setup import accounts, policy, tiers
from warroom.setup.budget import day_of, usual_budget

SKEW_WARN_S, SKEW_BAD_S = 60, 240
LEDGER_DAYS = 14


@dataclass(frozen=True)
class Row:
    """One permission as drawn."""

    action: str
    group: str
    word: str
    look: str
    why: str


def groups() -> dict[str, str]:
    """What each group of permissions is for."""
    return {
        "Identity": pgettext("permissions", "Role"),
        "Metrics": _("Metrics"),
        "Alarms": _("Alarms"),
        "Health": "AWS Health",
        "Cases": _("Support cases"),
        "Quotas": _("Quotas"),
        "Resources": _("Resources"),
    }


def account_page(account: AwsAccount, now: datetime) -> dict:
    """Everything about one account. Five queries."""
    engagement = account.engagement
    setup, external = accounts.setup_of(account), accounts.issued(account)
    others = engagement.aws_accounts.exclude(account_id=account.account_id)
    kinds = [probing.READ]
    if setup and setup.health_view == AccountSetup.HealthView.ORGANIZATION:
        kinds.append(probing.ORGANIZATION)
    principal = settings.PORTAL_PRINCIPAL
    value = external.value if external else ""
    return {
        "account": account,
        "setup": setup,
        "external_id": value,
        "external": external,
        # Typed by somebody before the portal issued one: whoever chose it could name somebody else's role.
        "is_foreign_id": bool(account.external_id) and account.external_id != value,
        "principal": principal,
        "trust": policy.trust(principal or "arn:aws:iam::PORTAL_ACCOUNT:role/PORTAL_ROLE", value)
        if value
        else "",
        "read_policy": policy.permissions(probing.actions(*kinds)),
        "write_policy": policy.permissions(probing.actions(probing.WRITE)),
        "others": list(others),
    } | progress(engagement, account.account_id, now)


def progress(engagement: Engagement, account_id: str, now: datetime) -> dict:
    """The newest run of the probes. One query."""
    run = AccountProbe.objects.filter(engagement=engagement, account_id=account_id).first()
    if run is None:
        return {"run": None}
    rows = [_row(finding) for finding in run.findings]
    is_running = run.status != AccountProbe.Status.DONE
    total = 1 + sum(check.kind != probing.ORGANIZATION for check in probing.CHECKS)
    return {
        "run": run,
        "rows": rows,
        "is_running": is_running,
        # Nobody has taken it for a while: the worker is away.
        "is_stuck": is_running and now - (run.lease_until or run.asked_at) > timedelta(seconds=30),
        "done": len(rows),
        "total": max(total, len(rows)),
        "missing": [row.action for row in rows if row.look == "bad"],
        "skew": skew_words(run),
        "plan": plan_words(run.plan),
    }


def _row(finding: dict) -> Row:
    action, verdict, kind = finding["action"], finding["verdict"], finding["kind"]
    group = next((check.group for check in probing.CHECKS if check.action == action), "Identity")
    looks = {
        probing.YES: (pgettext("permission", "Yes"), "ok"),
        probing.NO: (pgettext("permission", "No"), "bad"),
        probing.UNKNOWN: (pgettext("permission", "Unknown"), "stale"),
    }
    word, look = looks.get(verdict, looks[probing.UNKNOWN])
    return Row(action, groups()[group], word, look, why(action, kind))


def why(action: str, kind: str) -> str:
    """Why not, and what is missing by its name."""
    if not kind:
        return ""
    if action == probing.IDENTITY and kind in ("permission", "auth"):
        return _("the role cannot be assumed: check the trust policy and the External ID")
    if action == probing.IDENTITY and kind == "invalid":
        return _("the role belongs to another account")
    return faults.words(kind, (action,))


def skew_words(run: AccountProbe) -> dict | None:
    """How far our clock is from AWS's, and whether that is well. Source: AWS refuses signatures 5 minutes off."""
    if run.skew_s is None:
        return None
    off = abs(run.skew_s)
    look = "bad" if off >= SKEW_BAD_S else "watch" if off >= SKEW_WARN_S else "ok"
    if off < 2:
        words = _("Agrees with AWS's clock")
    elif run.skew_s > 0:
        words = _("%(seconds)d s ahead of AWS's clock") % {"seconds": round(off)}
    else:
        words = _("%(seconds)d s behind AWS's clock") % {"seconds": round(off)}
    return {"look": look, "words": words}


def plan_words(plan: str) -> dict | None:
    """What the support plan allows."""
    return {
        "enterprise": {"look": "ok", "words": _("Critical cases can be opened")},
        "business": {"look": "watch", "words": _("Urgent cases can be opened, critical ones cannot")},
        "basic": {
            "look": "bad",
            "words": _("No Support API and no AWS Health API: the plan does not include them"),
        },
    }.get(plan)


def overview(engagement: Engagement, now: datetime) -> dict:
    """Every account with the newest run of its probes. Three queries."""
    runs: dict[str, AccountProbe] = {}
    for run in AccountProbe.objects.filter(engagement=engagement).order_by("asked_at", "pk"):
        runs[run.account_id] = run
    rows = []
    for account in engagement.aws_accounts.all():
        run = runs.get(account.account_id)
        found = run.findings if run else []
        rows.append(
            {
                "account": account,
                "run": run,
                "is_running": run is not None and run.status != AccountProbe.Status.DONE,
                "no": sum(one["verdict"] == probing.NO for one in found),
                "unknown": sum(one["verdict"] == probing.UNKNOWN for one in found),
                "yes": sum(one["verdict"] == probing.YES for one in found),
            }
        )
    return {"rows": rows, "zone": engagement.time_zone}


def ledger_page(engagement: Engagement, now: datetime) -> dict:
    """What was asked for this engagement by day, account and service, and the budget of today. Three queries."""
    since = day_of(now) - timedelta(days=LEDGER_DAYS - 1)
    calls = AwsCall.objects.filter(engagement_id=engagement.pk, at__gte=since)
    counted = (
        calls.annotate(day=TruncDate("at", tzinfo=UTC))
        .values("day", "account_id", "service", "operation", "outcome")
        .annotate(
            all_calls=Sum("calls"),
            all_attempts=Sum("attempts"),
            all_metrics=Sum("metrics"),
            all_statistics=Sum("statistics"),
            all_usd=Sum("usd"),
        )
        .order_by("-day", "account_id", "service", "operation", "outcome")
    )
    days: dict = {}
    for row in counted:
        total = days.setdefault(row["day"], {"rows": [], "usd": 0, "calls": 0, "metrics": 0, "statistics": 0})
        total["rows"].append(row | {"failed": faults.words(row["outcome"]) if row["outcome"] != "ok" else ""})
        for name in ("usd", "calls", "metrics", "statistics"):
            total[name] += row[f"all_{name}"]
    budget = PollBudget.objects.filter(engagement=engagement).first() or usual_budget(engagement, now=now)
    share = budget.spent_usd / budget.usd_per_day
    return {
        "days": [{"date": date} | total for date, total in days.items()],
        "budget": budget,
        "share": min(100, round(share * 100)),
        "percent": round(share * 100),
        "look": "bad" if budget.level >= tiers.NO_METRICS else "watch" if budget.level else "ok",
        "cut": level_words(budget.level),
    }


def level_words(level: int) -> str:
    """What is not read, or less often, because of the budget."""
    return {
        0: _("everything is read as usual"),
        tiers.NO_FAST: _("metrics every 10 s are read each minute"),
        tiers.SLOW_METRICS: _("metrics are read every 5 minutes, quota use is not read"),
        tiers.NO_METRICS: _("metrics and quota use are not read"),
        tiers.SLOW_ALARMS: _("metrics are not read, alarms each minute"),
        tiers.NO_ALARMS: _("metrics and alarms are not read, AWS Health is"),
    }.get(level, "")
