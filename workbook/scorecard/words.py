"""What the scorecard says: lines, colours and reasons in the reader's language."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy

#: Source: planning workbook, section WB21.
LINES = {
    "availability": _("Availability: no single point of failure"),
    "stability": _("Stability: no stuck or repeating cases"),
    "capacity": _("Scalability: quotas raised, capacity confirmed"),
    "load_balancers": _("Scalability: load balancers sized"),
    "load_test": _("Scalability: load test passed at event level"),
    "trusted_advisor": _("Security: Trusted Advisor checks"),
    "ddos": _("Security: DDoS minimum met"),
    "monitoring": _("Operations: board and alarms tested"),
    "runbook": _("Operations: runbook rehearsed"),
    "people": _("Operations: shifts and levels filled"),
    "data": _("Recovery: backups and restore tested"),
    "third_parties": _("Third parties confirmed"),
    "risks": _("No open red risk without a plan"),
    "health": _("No AWS Health event in the window"),
}
COLOURS = {
    "GREEN": pgettext_lazy("scorecard", "Green"),
    "YELLOW": pgettext_lazy("scorecard", "Yellow"),
    "RED": pgettext_lazy("scorecard", "Red"),
    "GREY": pgettext_lazy("scorecard", "Unknown"),
}
#: The status shape of each colour: colour is never the only sign.
SHAPES = {"GREEN": "ok", "YELLOW": "watch", "RED": "bad", "GREY": "stale"}


_UNKNOWN = _("Nothing is answered yet")
REASONS = {
    "availability.unknown": _UNKNOWN,
    "availability.no": ngettext_lazy(
        "%(count)d weighty architecture check is answered “no”",
        "%(count)d weighty architecture checks are answered “no”",
        "count",
    ),
    "availability.partly": ngettext_lazy(
        "%(count)d weighty check holds only partly or is unknown",
        "%(count)d weighty checks hold only partly or are unknown",
        "count",
    ),
    "availability.light": ngettext_lazy(
        "%(count)d lesser check is answered “no”", "%(count)d lesser checks are answered “no”", "count"
    ),
    "availability.open": ngettext_lazy(
        "%(count)d weighty check is not answered", "%(count)d weighty checks are not answered", "count"
    ),
    "availability.good": ngettext_lazy(
        "%(count)d check answered, every weighty one “yes”",
        "%(count)d checks answered, every weighty one “yes”",
        "count",
    ),
    "stability.unknown": _("No open issue in the register. The TAM judges the support cases."),
    "stability.stuck": ngettext_lazy("%(count)d open issue is red", "%(count)d open issues are red", "count"),
    "stability.open": ngettext_lazy("%(count)d issue is open", "%(count)d issues are open", "count"),
    "capacity.unknown": _UNKNOWN,
    "capacity.refused": ngettext_lazy(
        "%(count)d quota is short and its increase was refused",
        "%(count)d quotas are short and their increase was refused",
        "count",
    ),
    "capacity.short": ngettext_lazy(
        "%(count)d quota is below the need and not granted",
        "%(count)d quotas are below the need and not granted",
        "count",
    ),
    "capacity.no_capacity": ngettext_lazy(
        "%(count)d capacity reservation was refused", "%(count)d capacity reservations were refused", "count"
    ),
    "capacity.unconfirmed": ngettext_lazy(
        "%(count)d capacity reservation is not confirmed",
        "%(count)d capacity reservations are not confirmed",
        "count",
    ),
    "capacity.unverified": ngettext_lazy(
        "%(count)d granted quota was not checked again",
        "%(count)d granted quotas were not checked again",
        "count",
    ),
    "capacity.tight": ngettext_lazy(
        "%(count)d quota covers the need but not the margin",
        "%(count)d quotas cover the need but not the margin",
        "count",
    ),
    "capacity.no_need": ngettext_lazy(
        "%(count)d quota has no need at the peak", "%(count)d quotas have no need at the peak", "count"
    ),
    "capacity.good": ngettext_lazy(
        "%(count)d quota covers need and margin", "%(count)d quotas cover need and margin", "count"
    ),
    "load_balancers.unknown": _UNKNOWN,
    "load_balancers.failed": ngettext_lazy(
        "%(count)d reservation failed", "%(count)d reservations failed", "count"
    ),
    "load_balancers.waiting": ngettext_lazy(
        "%(count)d reservation is not provisioned", "%(count)d reservations are not provisioned", "count"
    ),
    "load_balancers.backends": ngettext_lazy(
        "%(count)d load balancer has backends below the event size",
        "%(count)d load balancers have backends below the event size",
        "count",
    ),
    "load_balancers.unchecked": ngettext_lazy(
        "%(count)d load balancer was not checked", "%(count)d load balancers were not checked", "count"
    ),
    "load_balancers.good": ngettext_lazy(
        "%(count)d load balancer reserved and checked",
        "%(count)d load balancers reserved and checked",
        "count",
    ),
    "load_test.unknown": _UNKNOWN,
    "load_test.none": _("No load test is planned"),
    "load_test.not_run": _("The load test was not run"),
    "load_test.failed": _("The newest load test failed"),
    "load_test.no_peak": _("The load test says no peak to compare with the forecast"),
    "load_test.far_below": _("The load test reached %(percent)d%% of the forecast peak"),
    "load_test.below": _("The load test reached %(percent)d%% of the forecast peak"),
    "load_test.findings": _("The load test passed with findings"),
    "load_test.good": _("The expected load was reached"),
    "trusted_advisor.unknown": _UNKNOWN,
    "trusted_advisor.red": ngettext_lazy(
        "%(count)d security check is red", "%(count)d security checks are red", "count"
    ),
    "trusted_advisor.root": _("The root user has no MFA, or has access keys"),
    "trusted_advisor.yellow": ngettext_lazy(
        "%(count)d security check is yellow", "%(count)d security checks are yellow", "count"
    ),
    "trusted_advisor.root_unknown": _("The root user's MFA is unknown"),
    "trusted_advisor.trail": _("CloudTrail and logs are not confirmed"),
    "trusted_advisor.not_read": _("The Trusted Advisor checks were not read"),
    "trusted_advisor.good": _("Security checks green, root user protected, logs kept"),
    "ddos.unknown": _UNKNOWN,
    "ddos.open": _("Entry points are open and no rules protect the edge"),
    "ddos.surface": _("Entry points are not hidden behind the edge"),
    "ddos.rules": _("No rules or rate limits at the edge are written down"),
    "ddos.good": _("Entry points hidden, rules at the edge"),
    "monitoring.unknown": _UNKNOWN,
    "monitoring.no_tiles": _("There is no dashboard for the event"),
    "monitoring.no_alarms": _("No alarm is listed"),
    "monitoring.untested": ngettext_lazy(
        "%(count)d alarm was not tested end to end", "%(count)d alarms were not tested end to end", "count"
    ),
    "monitoring.nobody": ngettext_lazy(
        "%(count)d alarm has no first responder", "%(count)d alarms have no first responder", "count"
    ),
    "monitoring.good": ngettext_lazy(
        "%(count)d alarm tested, with a first responder",
        "%(count)d alarms tested, each with a first responder",
        "count",
    ),
    "runbook.unknown": _UNKNOWN,
    "runbook.gaps": ngettext_lazy(
        "%(count)d step lacks owner, minutes or a way out",
        "%(count)d steps lack owner, minutes or a way out",
        "count",
    ),
    "runbook.failed": ngettext_lazy("%(count)d rehearsal failed", "%(count)d rehearsals failed", "count"),
    "runbook.not_rehearsed": _("The plan was not rehearsed"),
    "runbook.good": _("Rehearsed with real timings"),
    "people.unknown": _UNKNOWN,
    "people.no_commander": _("Nobody is incident commander"),
    "people.gap": ngettext_lazy(
        "%(hours)d hour of the event has no incident commander",
        "%(hours)d hours of the event have no incident commander",
        "hours",
    ),
    "people.unreachable": ngettext_lazy(
        "%(count)d incident commander has no phone number",
        "%(count)d incident commanders have no phone number",
        "count",
    ),
    "people.level": ngettext_lazy(
        "%(count)d escalation level has no person", "%(count)d escalation levels have no person", "count"
    ),
    "people.good": _("Every hour of the event has an incident commander, every level a person"),
    "data.unknown": _UNKNOWN,
    "data.none": ngettext_lazy(
        "%(count)d data store has no backup", "%(count)d data stores have no backup", "count"
    ),
    "data.old": ngettext_lazy(
        "%(count)d backup is older than the RPO", "%(count)d backups are older than the RPO", "count"
    ),
    "data.undated": ngettext_lazy(
        "%(count)d data store does not say its last good backup",
        "%(count)d data stores do not say their last good backup",
        "count",
    ),
    "data.untried": ngettext_lazy(
        "%(count)d restore was not tried", "%(count)d restores were not tried", "count"
    ),
    "data.good": ngettext_lazy(
        "%(count)d data store with a fresh backup and a tried restore",
        "%(count)d data stores with a fresh backup and a tried restore",
        "count",
    ),
    "third_parties.unknown": _UNKNOWN,
    "third_parties.limit": ngettext_lazy(
        "%(count)d limit is below the need", "%(count)d limits are below the need", "count"
    ),
    "third_parties.untold": ngettext_lazy(
        "%(count)d vendor was not told", "%(count)d vendors were not told", "count"
    ),
    "third_parties.unconfirmed": ngettext_lazy(
        "%(count)d vendor did not confirm", "%(count)d vendors did not confirm", "count"
    ),
    "third_parties.contact": ngettext_lazy(
        "%(count)d vendor has no 24-hour contact", "%(count)d vendors have no 24-hour contact", "count"
    ),
    "third_parties.good": ngettext_lazy("%(count)d vendor confirmed", "%(count)d vendors confirmed", "count"),
    "risks.unknown": _UNKNOWN,
    "risks.bare": ngettext_lazy(
        "%(count)d open red risk has no owner or plan",
        "%(count)d open red risks have no owner or plan",
        "count",
    ),
    "risks.planned": ngettext_lazy(
        "%(count)d red risk is open with an accepted plan",
        "%(count)d red risks are open with an accepted plan",
        "count",
    ),
    "risks.good": _("No open red risk"),
    "health.unknown": _("No clash is written down. The board shows AWS Health; the TAM judges it."),
    "health.inside": _("A clash inside the event window is written down"),
    "health.near": ngettext_lazy(
        "%(count)d clash near the window is written down",
        "%(count)d clashes near the window are written down",
        "count",
    ),
}


def reason(key: str, params: dict) -> str:
    """A reason in the active language; the bare key when the rule that said it is gone."""
    words = REASONS.get(key)
    if words is None:
        return key
    return words % (params | {"count": params.get("count", 0)})
