"""Everything a review report states, read from where it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Count, OuterRef, Q, Subquery, Window

from engagements import criteria, timeline
from engagements.margins import NOTHING, margins_of, with_margins
from engagements.models import Engagement, TimelineEntry
from engagements.verdict import is_met, plain, target_text, with_unit
from escalation import catalog, panels
from escalation.attainment.reading import with_everything
from escalation.attainment.summary import Summary, summary
from escalation.models import Escalation
from iem_portal.accounts.actors import shown
from iem_portal.registry import phrases
from review import scoring
from review.models import Report
from warroom.models import EntryMark, HealthEvent
from warroom.outlook import Outlook, outlook
from workbook.scorecard import outcome
from workbook.scorecard.outcome import Outcome

# A report of more lines than this is not read; the page says how many it leaves out.
TIMELINE_LINES = 200


@dataclass(frozen=True)
class Review:
    """The assembled report of one engagement for one side, at one instant."""

    engagement: Engagement
    report: Report
    criteria: list[dict]
    escalations: list[dict]
    severities: list[dict]
    runbook: Outlook | None
    steps: list[dict]
    health: list[HealthEvent]
    timeline: list[dict]
    timeline_left_out: int
    readiness: Outcome | None = None
    promises: Summary | None = None

    @property
    def starred(self) -> list[dict]:
        """The lines of the timeline that somebody starred for the report."""
        return [line for line in self.timeline if line["margin"].is_starred]

    @property
    def criteria_met(self) -> int:
        """How many criteria are met."""
        return sum(row["is_met"] is True for row in self.criteria)

    @property
    def criteria_measured(self) -> int:
        """How many criteria have a measured value."""
        return sum(row["is_met"] is not None for row in self.criteria)

    @property
    def timed(self) -> list[dict]:
        """The escalations whose first-answer clock has come to an end, well or badly."""
        return [one for one in self.escalations if one["face"].state in ("met", "missed")]

    @property
    def attained_percent(self) -> float | None:
        """Share of first answers in time, in percent; None when no clock has ended."""
        met = sum(one["face"].state == "met" for one in self.timed)
        return 100 * met / len(self.timed) if self.timed else None

    @property
    def suggested(self) -> scoring.Verdict | None:
        """The verdict the numbers suggest."""
        has_breach = any(one["face"].breached_at for one in self.escalations)
        pairs = [(row["is_met"], row["criterion"].is_must) for row in self.criteria]
        return scoring.verdict(pairs, has_breach=has_breach)

    @property
    def verdict(self) -> str:
        """The verdict a person chose, else the suggested one, else empty."""
        return self.report.verdict or self.suggested or ""

    @property
    def verdict_label(self) -> str:
        """The verdict in the reader's words."""
        return dict(Report.VerdictWord.choices).get(self.verdict, "")


def of_engagement(engagement: Engagement, *, audience: str, now: datetime) -> Review:
    """The report for one side ("staff" or "customer"); about ten queries."""
    view = outlook(engagement, now)
    report, readiness = _words_and_readiness(engagement)
    entries, left_out = _timeline(engagement, audience)
    found = sorted(
        (
            panels.card(one, now, is_staff=audience == "staff")
            for one in with_everything(Escalation.objects.filter(engagement=engagement))
        ),
        key=lambda one: one["escalation"].number,
    )
    return Review(
        engagement=engagement,
        report=report,
        criteria=criteria_rows(criteria.of(engagement)),
        escalations=found,
        severities=severity_rows(found),
        runbook=view,
        steps=_steps(view),
        health=_health(engagement),
        timeline=entries,
        timeline_left_out=left_out,
        readiness=readiness,
        promises=summary([one["escalation"] for one in found], now, is_staff=audience == "staff")
        if found
        else None,
    )


def _words_and_readiness(engagement: Engagement) -> tuple[Report, Outcome | None]:
    """The report's words, empty before anybody wrote some, and how ready the event was let go. One query."""
    lines = list(outcome.joined(Engagement.objects.filter(pk=engagement.pk).select_related("report")))
    report = getattr(lines[0], "report", None) if lines else None
    return report or Report(engagement=engagement), outcome.of(lines)


def criteria_rows(found) -> list[dict]:
    """Each criterion with target and actual as people write them, its bar, and whether it is met."""
    return [
        {
            "criterion": one,
            "target": target_text(one.operator, one.target, one.target_high, one.unit),
            "actual": with_unit(plain(one.actual), one.unit),
            "is_met": is_met(one.operator, one.target, one.target_high, one.actual),
            "bar": scoring.bar(one.target, one.actual),
        }
        for one in found
    ]


def severity_rows(found: list[dict]) -> list[dict]:
    """First answers by severity: how many, how many in time, median and slowest, in seconds."""
    rows = []
    for code, severity in catalog.severities().items():
        ended = [
            one["face"]
            for one in found
            if one["escalation"].severity == code and one["face"].state in ("met", "missed")
        ]
        taken = [face.taken_s for face in ended]
        in_time = sum(face.state == "met" for face in ended)
        if ended:
            rows.append(
                {
                    "severity": severity,
                    "target_min": ended[0].target_min,
                    "cases": len(ended),
                    "in_time": in_time,
                    "percent": f"{100 * in_time / len(ended):.2f}",
                    "late": len(ended) - in_time,
                    "median_s": round(median(taken)),
                    "slowest_s": max(taken),
                }
            )
    return rows


def _steps(view: Outlook | None) -> list[dict]:
    if view is None:
        return []
    zone = ZoneInfo(view.engagement.time_zone)
    event_on = view.engagement.starts_at.astimezone(zone).date()
    return [
        {
            "step": step,
            "seen": seen,
            "stream": view.stream_label(step.stream),
            "is_other_day": seen.planned_start_at.astimezone(zone).date() != event_on,
        }
        for step in view.steps
        for seen in [view.of(step)]
    ]


def _health(engagement: Engagement) -> list[HealthEvent]:
    """AWS Health events that touched the event's window."""
    touches = Q(started_at__lte=engagement.ends_at) & (
        Q(ended_at=None) | Q(ended_at__gte=engagement.starts_at)
    )
    return list(engagement.health_events.filter(touches).order_by("started_at"))


def _of_the_event(engagement: Engagement):
    """What happened from a day before T0 on, and what was starred for the report whenever it happened."""
    stars = EntryMark.objects.filter(
        entry=OuterRef("pk"), kind__in=(EntryMark.Kind.STAR, EntryMark.Kind.UNSTAR)
    )
    newest = Subquery(stars.order_by("-number").values("kind")[:1])
    is_of_it = Q(at__gte=engagement.starts_at - timedelta(days=1)) | Q(star=EntryMark.Kind.STAR)
    return TimelineEntry.objects.filter(engagement=engagement).annotate(star=newest).filter(is_of_it)


def _timeline(engagement: Engagement, audience: str) -> tuple[list[dict], int]:
    """The event itself, oldest first, and how many entries of it are left out."""
    zone = ZoneInfo(engagement.time_zone)
    entries = with_margins(_of_the_event(engagement))
    if audience != "staff":
        entries = entries.filter(audience=TimelineEntry.Audience.ALL)
    counted = entries.annotate(together=Window(Count("pk")))
    found = list(counted.order_by("at", "pk")[:TIMELINE_LINES])
    left_out = found[0].together - len(found) if found else 0
    written = margins_of(found)
    lines = [
        {
            "entry": entry,
            "on": entry.at.astimezone(zone).date(),
            "margin": written.get(entry.pk, NOTHING),
            "sentence": written.get(entry.pk, NOTHING).text or timeline.sentence(entry, zone),
            "phrase": phrases.get(entry.phrase),
            "by": shown(entry.actor_name),
        }
        for entry in found
    ]
    return lines, left_out
