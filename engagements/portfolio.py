"""Which engagements need somebody today: rows for the portfolio, grouped by how near the event is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from engagements import ruler
from engagements.access import visible_engagements
from engagements.models import Engagement, Membership, Phase, Role
from iem_portal.accounts.models import Customer
from iem_portal.registry import figures

BEFORE, AFTER = timedelta(days=24), timedelta(days=67)
NEAR = timedelta(days=30)
SOON = timedelta(days=14)
LIVE_AFTER = timedelta(days=2)
GROUPS = {
    "live": _("Live now"),
    "near": _("Event within 30 days"),
    "later": _("Later"),
    "review": _("In review"),
    "hold": _("On hold"),
    "closed": _("Closed"),
}


@dataclass
class Row:
    """One engagement of the portfolio with its figures and its place on the shared axis."""

    engagement: Engagement
    group: str
    bars: list[ruler.Bar]
    t0: str  # place of the flag, empty when it is off the axis
    tams: list[str]
    figures: dict[str, dict] = field(default_factory=dict)
    is_mine: bool = False


@dataclass
class Portfolio:
    """Everything the page shows."""

    groups: list[tuple[str, str, list[Row]]]
    axis: ruler.Axis
    today: str
    months: list[tuple[str, str, datetime]]
    weeks: list[str]
    ledger: dict
    nights: list[tuple[Row, Row, list[str]]]
    shown: int
    total: int
    customers: list[Customer]


def axis_of(now: datetime) -> ruler.Axis:
    """The 13 weeks all rows share; today stands a quarter in."""
    return ruler.Axis(now - BEFORE, now + AFTER)


def group_of(engagement: Engagement, now: datetime) -> str:
    """How near the event is: live, near, later, in review, on hold or closed."""
    if engagement.phase == Phase.CLOSED or engagement.standing == Engagement.Standing.CANCELLED:
        return "closed"
    if engagement.standing == Engagement.Standing.POSTPONED:
        return "hold"
    if engagement.phase == Phase.REVIEW:
        return "review"
    if engagement.starts_at <= now + timedelta(hours=1):
        is_running = engagement.phase == Phase.EXECUTE or now <= engagement.ends_at + LIVE_AFTER
        return "live" if is_running else "review"
    return "near" if engagement.starts_at <= now + NEAR else "later"


def portfolio(user, filters: dict, now: datetime) -> Portfolio:
    """The engagements this person may see, filtered. Three queries and those of the figures."""
    engagements = list(_filtered(visible_engagements(user), user, filters))
    customers = sorted({one.customer for one in engagements}, key=lambda customer: customer.name)
    if slug := filters.get("customer"):
        # Here and not in the query: the other customers stay in the list to choose from.
        engagements = [one for one in engagements if one.customer.slug == slug]
    rows = _rows(engagements, user, now)
    if filters.get("escalated"):
        rows = [row for row in rows if row.figures.get("escalations", {}).get("open")]
    by_group: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_group[row.group].append(row)
    axis = axis_of(now)
    return Portfolio(
        groups=[(key, label, by_group[key]) for key, label in GROUPS.items() if by_group[key]],
        axis=axis,
        today=ruler.pct(axis.at(now)),
        months=[(ruler.pct(axis.at(_midnight(day))), ruler.pct(axis.at(_midnight(day)) + 0.01), _midnight(day))
                for day in ruler.month_starts(axis)],
        weeks=[ruler.pct(week / 13) for week in range(14)],
        ledger=_ledger(rows, now),
        nights=shared_nights(rows, now),
        shown=len(rows),
        total=len(engagements),
        customers=customers,
    )  # fmt: skip


def _midnight(day) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo("UTC"))


def _filtered(visible: QuerySet[Engagement], user, filters: dict) -> QuerySet[Engagement]:
    joined = {name for figure in figures for name in getattr(figure, "joins", ())}
    rows = visible.select_related("customer", *sorted(joined)).prefetch_related(
        Prefetch("memberships", Membership.objects.select_related("user"), to_attr="team")
    )
    if filters.get("scope") == "mine":
        rows = rows.filter(pk__in=Membership.objects.filter(user=user).values("engagement"))
    if phase := filters.get("phase"):
        rows = rows.filter(phase=phase)
    else:
        rows = rows.exclude(phase=Phase.CLOSED).exclude(standing=Engagement.Standing.CANCELLED)
    if words := filters.get("q"):
        rows = rows.filter(
            Q(name__icontains=words) | Q(reference__icontains=words) | Q(customer__name__icontains=words)
        )
    return rows.order_by("starts_at", "pk")


def _rows(engagements: list[Engagement], user, now: datetime) -> list[Row]:
    axis = axis_of(now)
    rows = []
    for engagement in engagements:
        spans = ruler.spans(
            requested_at=engagement.requested_at, starts_at=engagement.starts_at,
            ends_at=engagement.ends_at, plan_days=engagement.plan_days, phase=engagement.phase,
        )  # fmt: skip
        rows.append(
            Row(
                engagement=engagement,
                group=group_of(engagement, now),
                bars=ruler.bars(spans, axis, now),
                t0=ruler.pct(axis.at(engagement.starts_at)) if axis.holds(engagement.starts_at) else "",
                tams=[m.user.name for m in engagement.team if m.role == Role.TAM and m.user],
                is_mine=any(m.user_id == user.pk for m in engagement.team),
            )
        )
    _add_figures(rows, now)
    return rows


def _add_figures(rows: list[Row], now: datetime) -> None:
    """Every figure of the registry for all rows at once, so the queries do not grow with the rows."""
    engagements = [row.engagement for row in rows]
    for figure in figures if rows else ():
        values = figure.for_engagements(engagements, now)
        for row in rows:
            if row.engagement.pk in values:
                row.figures[figure.key] = values[row.engagement.pk]


def _ledger(rows: list[Row], now: datetime) -> dict:
    def total(key: str, name: str) -> int:
        return sum(row.figures.get(key, {}).get(name) or 0 for row in rows)

    return {
        "active": sum(row.group in ("live", "near", "later", "review") for row in rows),
        "live": sum(row.group == "live" for row in rows),
        "soon": sum(now < row.engagement.starts_at <= now + SOON for row in rows if row.group == "near"),
        "overdue": total("milestones", "overdue"),
        "behind": sum(bool((row.figures.get("milestones") or {}).get("overdue")) for row in rows),
        "escalations": total("escalations", "open"),
        "breached": total("escalations", "breached"),
        "has_escalations": any("escalations" in row.figures for row in rows),
    }


def shared_nights(rows: list[Row], now: datetime) -> list[tuple[Row, Row, list[str]]]:
    """Pairs of coming events whose windows overlap, with the people who are on both teams."""
    coming = [row for row in rows if row.engagement.ends_at > now and row.group in ("live", "near", "later")]
    coming.sort(key=lambda row: row.engagement.starts_at)
    pairs = []
    for index, first in enumerate(coming):
        for second in coming[index + 1 :]:
            if second.engagement.starts_at >= first.engagement.ends_at:
                # Sorted by start, so nothing later can overlap either.
                break
            people = {m.user.name for m in first.engagement.team if m.user}
            both = people & {m.user.name for m in second.engagement.team if m.user}
            pairs.append((first, second, sorted(both)))
    return pairs
