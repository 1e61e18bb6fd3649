"""What does AWS promise this engagement, and in which hours does the promise run?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.workdays import working_days_of
from escalation import ageing, catalog, matrix
from escalation.hours import ALWAYS, BUSINESS, OFFICE, Calendar, from_json, parse_segments
from escalation.ladder import policies
from escalation.models import Objective, ResponseTarget, WorkingHours

# A frozen calendar must outlast the longest target by far; two years of holidays are some fifty dates.
HOLIDAYS_AHEAD = timedelta(days=730)
# Countries with one zone only; elsewhere the zone of the event stands for the customer's.
COUNTRY_ZONES = {
    "KR": "Asia/Seoul",
    "JP": "Asia/Tokyo",
    "SG": "Asia/Singapore",
    "IN": "Asia/Kolkata",
    "GB": "Europe/London",
    "DE": "Europe/Berlin",
    "FR": "Europe/Paris",
    "TW": "Asia/Taipei",
}


def restore_shipped() -> None:
    """Put the shipped tables back when the database has none, as after a flush; edited ones are left alone."""
    if not Objective.objects.exists():
        Objective.objects.bulk_create(
            Objective(**row) for row in catalog.objective_rows(catalog.objectives())
        )
    if ResponseTarget.objects.exists():
        return
    table = catalog.targets()
    ResponseTarget.objects.bulk_create(
        ResponseTarget(
            plan=plan,
            severity=severity,
            minutes=minutes,
            calendar=row["calendar"],
            checked_on=table["checked_on"],
        )
        for plan, row in table["plans"].items()
        for severity, minutes in row["minutes"].items()
    )


def freeze(engagement: Engagement, *, now: datetime) -> dict:
    """The promise as it stands now, to be copied onto an escalation when it opens.

    `targets` holds minutes and calendar kind by severity; a severity that the plan does not offer is missing.
    `objectives` holds {minutes, held} by severity for "update", and by level and severity for "level"; "matrix" has
    the minutes that both sides agreed on for this event (planning workbook WB22), by lane, level and severity.
    `ageing` says after how long at a severity the next one up is proposed.
    """
    rows = ResponseTarget.objects.filter(plan=engagement.support_plan)
    targets = {row.severity: {"minutes": row.minutes, "calendar": row.calendar} for row in rows}
    checked_on = max((row.checked_on.isoformat() for row in rows), default="")
    policy = {
        "plan": engagement.support_plan,
        "targets": targets,
        "checked_on": checked_on,
        "objectives": _objectives() | {"matrix": matrix.frozen(matrix.read(engagement.pk))},
        "ladder": policies.freeze(engagement, now=now),
        "ageing": ageing.freeze(),
    }
    if any(row["calendar"] == BUSINESS for row in targets.values()):
        policy["hours"] = business_hours(engagement, since=now.date()).as_json()
    return policy


def _objectives() -> dict:
    frozen: dict = {"update": {}, "level": {}}
    for row in Objective.objects.all():
        promise = {"minutes": row.minutes, "held": row.is_held_while_waiting}
        if row.level is None:
            frozen["update"][row.severity] = promise
        else:
            frozen["level"].setdefault(str(row.level), {})[row.severity] = promise
    return frozen


def business_hours(engagement: Engagement, *, since: date) -> Calendar:
    """Hours of work on working days in the customer's country: 08:00-18:00 unless the table says otherwise.

    Source: AWS Support user guide, Developer plan.
    """
    country = engagement.customer.country
    zone = COUNTRY_ZONES.get(country, engagement.time_zone)
    is_workday = working_days_of(country)
    first = since - timedelta(days=366)
    days = (first + timedelta(days=step) for step in range((HOLIDAYS_AHEAD + timedelta(days=366)).days))
    holidays = frozenset(day for day in days if day.weekday() < 5 and not is_workday(day))
    own = WorkingHours.objects.filter(country=country).values_list("segments", flat=True).first()
    segments = parse_segments(own) if own else OFFICE
    return Calendar(kind=BUSINESS, zone=str(ZoneInfo(zone)), segments=segments, holidays=holidays)


def offered(policy: dict) -> list[str]:
    """The severities of this promise, worst first."""
    return [code for code in catalog.severities() if code in policy["targets"]]


def require_offered(policy: dict, severity: str) -> None:
    """Raise ValidationError (field `severity`) naming what the plan offers, unless it offers this one."""
    if severity in policy["targets"]:
        return
    codes = offered(policy)
    if not codes:
        message = _(
            "This support plan promises no first answer. Choose another plan for the engagement first."
        )
    else:
        names = ", ".join(catalog.in_words(catalog.severities()[code]["aws"]) for code in codes)
        message = _("The support plan does not offer this severity. It offers: %(names)s.") % {"names": names}
    raise ValidationError({"severity": message})


def target_of(policy: dict, severity: str) -> timedelta:
    """The promised time to the first answer; the severity must be offered."""
    return timedelta(minutes=policy["targets"][severity]["minutes"])


def calendar_of(policy: dict, severity: str) -> Calendar:
    """The hours in which that promise runs."""
    kind = policy["targets"][severity]["calendar"]
    return Calendar() if kind == ALWAYS else from_json(policy["hours"])


def update_objective(policy: dict, severity: str) -> dict | None:
    """{minutes, held} of the update that the customer is owed at this severity, or None."""
    return policy.get("objectives", {}).get("update", {}).get(severity)


def level_objective(policy: dict, severity: str, level: int, lane: str) -> dict | None:
    """{minutes, held} that this level may take at this severity before the next one has it, or None.

    What was agreed for the event goes before the table of objectives.
    """
    objectives = policy.get("objectives", {})
    usual = objectives.get("level", {}).get(str(level), {}).get(severity)
    agreed = objectives.get("matrix", {}).get(lane, {}).get(str(level), {}).get(severity)
    return usual if agreed is None else {"held": True} | (usual or {}) | {"minutes": agreed}
