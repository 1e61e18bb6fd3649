"""What the overview of one engagement shows: phases on a ruler, next actions, people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from engagements import catalog, ruler
from engagements.models import Engagement, Membership, Milestone, Role

#: Words for who does a milestone; "CL+TAM" is read part by part.
OWNERS = {
    "TAM": gettext_lazy("TAM"),
    "SA": gettext_lazy("Solutions architect"),
    "CL": gettext_lazy("Customer lead"),
    "CB": gettext_lazy("Customer business owner"),
    "CE": gettext_lazy("Customer engineers"),
}
GROUPS = {
    "initiate": gettext_lazy("Initiate"),
    "early": gettext_lazy("Plan, early"),
    "middle": gettext_lazy("Plan, middle"),
    "late": gettext_lazy("Plan, late"),
    "execute": gettext_lazy("Execute"),
    "review": gettext_lazy("Review"),
    "after": gettext_lazy("After"),
}
#: Which groups of milestones a phase is about.
GROUPS_OF_PHASE = {
    "initiate": ("initiate",),
    "plan": ("early", "middle", "late"),
    "execute": ("execute",),
    "review": ("review",),
}
#: How milestones without a date are due.
UNDATED = {
    "weekly": gettext_lazy("Weekly"),
    "cadence": gettext_lazy("On the cadence"),
    "exit": gettext_lazy("At the exit criterion"),
}
#: What proves a milestone where it is no section of the workbook.
EVIDENCE = {
    "case id": pgettext_lazy("evidence", "case ID"),
    "invitations": pgettext_lazy("evidence", "invitations"),
    "list": pgettext_lazy("evidence", "list"),
    "log": pgettext_lazy("evidence", "log"),
    "minutes": pgettext_lazy("evidence", "minutes"),
    "report": pgettext_lazy("evidence", "report"),
}
SOON = timedelta(days=7)


def owner_words(owner_role: str) -> str:
    """ "CL+TAM" as "Customer lead, TAM"."""
    return ", ".join(str(OWNERS.get(part, part)) for part in owner_role.split("+"))


@dataclass(frozen=True)
class Action:
    """A milestone as a line to act on; ``kind`` and ``word`` are its state in shape and word."""

    milestone: Milestone
    title: dict
    owner: str
    evidence: str
    kind: str
    word: str
    undated: str


def actions(engagement: Engagement, now: datetime) -> list[Action]:
    """Every milestone with its state at ``now``, in the order of the plan. One query."""
    texts = {row["code"]: row for row in catalog.milestone_set(engagement.milestones_version or "2026.1")}
    return [
        _action(milestone, texts.get(milestone.code, {}), now) for milestone in engagement.milestones.all()
    ]


def _action(milestone: Milestone, text: dict, now: datetime) -> Action:
    kind, word = state(milestone, now)
    return Action(
        milestone=milestone,
        title=text.get("title", {"en": milestone.code}),
        owner=owner_words(milestone.owner_role),
        evidence=str(EVIDENCE.get(text.get("evidence", ""), text.get("evidence", ""))),
        kind=kind,
        word=word,
        undated=str(UNDATED.get(milestone.rule.get("kind", ""), "")),
    )


def state(milestone: Milestone, now: datetime) -> tuple[str, str]:
    """Status class and word of a milestone: done, overdue, due soon, open."""
    if milestone.done_at:
        return "ok", _("Done")
    if milestone.due_at is None:
        return "todo", pgettext("milestone", "Open")
    if milestone.due_at < now:
        days = (now - milestone.due_at).days
        return "bad", _("Overdue %(days)d d") % {"days": days} if days else _("Overdue")
    if milestone.due_at - now < timedelta(days=1):
        return "watch", _("Due today")
    if milestone.due_at - now < SOON:
        return "watch", _("Due soon")
    return "todo", pgettext("milestone", "Open")


def is_pressing(action: Action, phase: str, now: datetime) -> bool:
    """Whether the action belongs on the overview: open, and overdue, due within two weeks, or of this phase.

    A milestone without a date (weekly, on a cadence, at the exit) is of its phase.
    """
    due_at = action.milestone.due_at
    if action.milestone.done_at:
        return False
    if due_at is None:
        return action.milestone.group in GROUPS_OF_PHASE.get(phase, ())
    return due_at < now + 2 * SOON


def by_owner(pressing: list[Action]) -> list[tuple[str, list[Action]]]:
    """The actions grouped by who does them, in the order of the first due."""
    groups: dict[str, list[Action]] = {}
    for action in pressing:
        groups.setdefault(action.owner, []).append(action)
    return list(groups.items())


@dataclass(frozen=True)
class PhaseNote:
    """One phase under the ruler: its days, its state, and what it is about."""

    key: str
    label: str
    kind: str
    columns: int
    starts_at: datetime
    ends_at: datetime
    note: str


@dataclass(frozen=True)
class RulerMark:
    """A tick of the ruler with its count and date."""

    x: str
    anchor: str
    at: datetime
    is_bound: bool


@dataclass(frozen=True)
class Drawing:
    """The ruler as it is drawn: bars in percent, ticks, the flag at T0 and today."""

    bars: list[ruler.Bar]
    labels: list[tuple[str, str, str, str]]
    ticks: list[RulerMark]
    t0: str
    today: str
    t0_anchor: str
    today_anchor: str = ""  # empty where the word would run into that of T0


def phase_notes(engagement: Engagement, done: int, total: int) -> list[PhaseNote]:
    """The four phases in words, with the share of the grid each takes."""
    spans = _spans(engagement)
    kinds = {"done": "ok", "now": "run", "next": "todo"}
    columns = ruler.shares(spans)
    labels = {"initiate": _("Initiate"), "plan": _("Plan"), "execute": _("Execute"), "review": _("Review")}
    notes = {
        "initiate": _("Type, date, team and success criteria."),
        "plan": _("Milestones: %(done)d of %(total)d done.") % {"done": done, "total": total},
        "execute": _("War room from one hour before T0."),
        "review": _("Numbers, review meeting, report."),
    }
    return [
        PhaseNote(span.phase, labels[span.phase], kinds[span.state], width, span.starts_at, span.ends_at,
                  notes[span.phase])
        for span, width in zip(spans, columns, strict=True)
    ]  # fmt: skip


def _spans(engagement: Engagement) -> list[ruler.Span]:
    return ruler.spans(
        requested_at=engagement.requested_at, starts_at=engagement.starts_at, ends_at=engagement.ends_at,
        plan_days=engagement.plan_days, phase=engagement.phase,
    )  # fmt: skip


def drawing(engagement: Engagement, now: datetime) -> Drawing:
    """The ruler of the four phases, each drawn as wide as its words below."""
    spans = _spans(engagement)
    scale = _Scale(spans, ruler.shares(spans))
    bars, labels = [], []
    words = {"initiate": _("Initiate"), "plan": _("Plan"), "execute": _("Execute"), "review": _("Review")}
    for span in spans:
        left, right = scale.at(span.starts_at), scale.at(span.ends_at)
        bars.append(ruler.Bar(span.state, ruler.pct(left), ruler.pct(right - left - 0.0015), span.phase))
        if span.state == "now":
            past = min(max(scale.at(now), left), right - 0.0015) - left
            bars.append(ruler.Bar("past", ruler.pct(left), ruler.pct(past), span.phase))
        labels.append((ruler.pct(left), ruler.pct(right - left), span.state, words[span.phase]))
    t0, today = scale.at(engagement.starts_at), scale.at(now)
    return Drawing(
        bars=bars,
        labels=labels,
        ticks=_ticks(spans, scale, engagement),
        t0=ruler.pct(t0),
        t0_anchor="end" if t0 > 0.4 else "start",
        today=ruler.pct(today) if spans[0].starts_at <= now <= spans[-1].ends_at else "",
        today_anchor=_today_anchor(today, t0),
    )


def _today_anchor(today: float, t0: float) -> str:
    """On which side of its mark the word "Today" has room beside the words of T0, or "" for neither."""
    if today <= t0:
        left_of_words = t0 - (0.22 if t0 > 0.4 else 0)
        if left_of_words - today > 0.14:
            return "start"
        return "end" if today > 0.14 and left_of_words > today else ""
    return "start" if t0 > 0.4 and today - t0 > 0.03 and today < 0.86 else ""


class _Scale:
    """Time to place, stretched so that a phase of a day can still carry its name."""

    def __init__(self, spans: list[ruler.Span], columns: list[int]):
        self.spans, self.columns = spans, columns

    def at(self, instant: datetime) -> float:
        left = 0.0
        for span, width in zip(self.spans, self.columns, strict=True):
            if instant < span.ends_at or span is self.spans[-1]:
                share = (instant - span.starts_at) / (span.ends_at - span.starts_at)
                return min(1.0, max(0.0, (left + width * max(0.0, share)) / 100))
            left += width
        return 1.0


def _ticks(spans: list[ruler.Span], scale: _Scale, engagement: Engagement) -> list[RulerMark]:
    """A tick where each phase begins, and one a week inside the plan where there is room."""
    bounds = [span.starts_at for span in spans] + [spans[-1].ends_at]
    marks = [RulerMark(ruler.pct(scale.at(at)), "middle", at, True) for at in bounds]
    marks[0] = RulerMark(marks[0].x, "start", bounds[0], True)
    marks[-1] = RulerMark(marks[-1].x, "end", bounds[-1], True)
    plan = spans[1]
    week = engagement.starts_at - timedelta(days=14)
    taken = [scale.at(at) for at in bounds]
    while week > plan.starts_at:
        place = scale.at(week)
        if all(abs(place - other) > 0.075 for other in taken) and week < plan.ends_at:
            marks.append(RulerMark(ruler.pct(place), "middle", week, False))
            taken.append(place)
        week -= timedelta(days=7)
    return marks


def team(engagement: Engagement) -> list[Membership]:
    """The members, AWS's side first, the customer's lead before the others. One query."""
    order = {role: index for index, role in enumerate(Role)}
    members = Membership.objects.filter(engagement=engagement).select_related("user", "invitation")
    return sorted(members, key=lambda member: (order.get(member.role, 99), member.pk))


def zone_of(engagement: Engagement) -> ZoneInfo:
    """The zone people of the engagement read times in."""
    return ZoneInfo(engagement.time_zone)
