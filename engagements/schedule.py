"""Dates the milestones, moves the window with a preview first, and ticks milestones off."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q

from engagements import access, catalog, plan
from engagements.errors import Conflict, Refused
from engagements.models import Engagement, Membership, Milestone
from engagements.timeline import record
from engagements.workdays import working_days_of
from iem_portal.live.announce import announce
from iem_portal.notifications.outbox import Message, enqueue

TILES = ("clock", "timeline", "lanes", "runbook")
#: Years of a window: an instant at the edge of the calendar cannot be shown in every zone.
YEARS = range(2000, 2200)


def days_between(requested_at: datetime, starts_at: datetime, time_zone: str) -> int:
    """Calendar days from the request to T0, counted in the engagement's zone."""
    zone = ZoneInfo(time_zone)
    return (starts_at.astimezone(zone).date() - requested_at.astimezone(zone).date()).days


def preset_days(event_type: str) -> int | None:
    """Plan length that the event type asks for, in days."""
    return catalog.event_types().get(event_type, {}).get("plan_days")


def create_milestones(engagement: Engagement, *, by, now: datetime) -> None:
    """Write the milestones of the engagement's template version, dated; the request itself is done."""
    rows = catalog.milestone_set(engagement.milestones_version)
    dues = _dues(engagement, [(row["code"], row["rule"]) for row in rows])
    is_checked = engagement.entitlement in ("included", "paid")
    milestones = []
    for position, (row, due) in enumerate(zip(rows, dues, strict=True), start=1):
        milestone = Milestone(
            engagement=engagement, code=row["code"], position=position, group=row["group"],
            owner_role=row["owner"], rule=row["rule"], offset_min=due.offset_min,
            due_at=due.due_at, is_fixed=due.is_fixed,
        )  # fmt: skip
        if row["code"] == "M01" and is_checked:
            milestone.done_at, milestone.done_by_name = engagement.requested_at, by.name
        milestones.append(milestone)
    Milestone.objects.bulk_create(milestones)


def _dues(engagement: Engagement, rules: list[tuple[str, dict]]) -> list[plan.Due]:
    return plan.due_dates(
        rules,
        starts_at=engagement.starts_at,
        ends_at=engagement.ends_at,
        zone=ZoneInfo(engagement.time_zone),
        plan_days=engagement.plan_days,
        is_workday=working_days_of(engagement.customer.country),
    )


@dataclass(frozen=True)
class Window:
    """When the event is: T0 and its end, aware, with the zone people read them in."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str


@dataclass(frozen=True)
class Move:
    """What happens to one milestone; ``conflict`` is "", "past" (due before now) or "done" (stays)."""

    milestone: Milestone
    old_due_at: datetime | None
    new_due_at: datetime | None
    offset_min: int | None
    conflict: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether the date changes at all."""
        return self.conflict != "done" and self.old_due_at != self.new_due_at


@dataclass(frozen=True)
class Preview:
    """Everything a new window would change, worked out and not saved."""

    window: Window
    plan_days: int
    days_left: int
    is_late: bool
    moves: list[Move]
    told: list[Membership] = field(default_factory=list)
    same_night: list[Engagement] = field(default_factory=list)

    @property
    def moved(self) -> list[Move]:
        """Only the milestones whose date changes."""
        return [move for move in self.moves if move.is_moved]

    @property
    def past(self) -> list[Move]:
        """The milestones that would be overdue the moment it is saved."""
        return [move for move in self.moves if move.conflict == "past"]


def preview_window(engagement: Engagement, window: Window, *, now: datetime, by) -> Preview:
    """What moving to ``window`` changes, whom of ``by``'s other events it clashes with, and who will be told."""
    days_left = days_between(engagement.requested_at, window.starts_at, window.time_zone)
    moved = Engagement(
        customer=engagement.customer,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        time_zone=window.time_zone,
        plan_days=plan.plan_days(preset_days(engagement.event_type), days_left),
    )
    milestones = list(engagement.milestones.all())
    dues = _dues(moved, [(milestone.code, milestone.rule) for milestone in milestones])
    return Preview(
        window=window,
        plan_days=moved.plan_days,
        days_left=days_between(now, window.starts_at, window.time_zone),
        is_late=plan.is_late_request(days_between(now, window.starts_at, window.time_zone)),
        moves=[_move(milestone, due, now) for milestone, due in zip(milestones, dues, strict=True)],
        told=list(people_to_tell(engagement, but=by)),
        same_night=[] if by.pk is None else _clashes(engagement, window, by),
    )


def _move(milestone: Milestone, due: plan.Due, now: datetime) -> Move:
    conflict = ""
    if milestone.done_at:
        conflict = "done"
    elif due.due_at and due.due_at < now:
        conflict = "past"
    return Move(milestone, milestone.due_at, due.due_at, due.offset_min, conflict)


def people_to_tell(engagement: Engagement, *, but=None):
    """The members with an account, except the person who acts."""
    members = access.members().filter(engagement=engagement)
    return members.exclude(user_id=but.pk) if but is not None and but.pk else members


def overlapping(engagement: Engagement, window: Window):
    """Other active engagements in the same hours that share a member with this one."""
    return (
        Engagement.objects.filter(
            standing=Engagement.Standing.ACTIVE,
            starts_at__lt=window.ends_at,
            ends_at__gt=window.starts_at,
            memberships__user__in=Membership.objects.filter(engagement=engagement, user__isnull=False).values(
                "user"
            ),
        )
        .exclude(pk=engagement.pk)
        .select_related("customer")
        .distinct()
    )


def _clashes(engagement: Engagement, window: Window, by) -> list[Engagement]:
    """The overlapping events that this person may know of; another customer's stays unnamed."""
    return list(overlapping(engagement, window).filter(pk__in=access.visible_engagements(by)))


def move_window(
    *, engagement: Engagement, window: Window, base_version: int, by, now: datetime, reason: str = ""
) -> Preview:
    """Move T0 and every open milestone with it; done ones stay. Members are told by e-mail.

    Raises Conflict when the engagement changed since ``base_version``: the preview the person
    agreed to would no longer be true.
    """
    preview = preview_window(engagement, window, now=now, by=by)
    old_starts_at = engagement.starts_at
    with transaction.atomic():
        rows = Engagement.objects.filter(pk=engagement.pk, version=base_version).update(
            starts_at=window.starts_at,
            ends_at=window.ends_at,
            time_zone=window.time_zone,
            plan_days=preview.plan_days,
            version=F("version") + 1,
        )
        if not rows:
            raise Conflict(Engagement.objects.get(pk=engagement.pk), mine=window)
        for move in preview.moved:
            Milestone.objects.filter(pk=move.milestone.pk, done_at=None).update(
                due_at=move.new_due_at, offset_min=move.offset_min, version=F("version") + 1
            )
        record(
            engagement, "window.moved", by=by, now=now, kind="decision", text=reason,
            params={
                "old": {"at": old_starts_at.isoformat()},
                "new": {"at": window.starts_at.isoformat()},
                "moved": len(preview.moved),
            },
        )  # fmt: skip
        _tell_moved(engagement, preview, old_starts_at, base_version, by, now)
        announce(engagement.topic, *TILES)
    return preview


def _tell_moved(engagement, preview: Preview, old_starts_at: datetime, base_version: int, by, now) -> None:
    enqueue(
        [
            Message(
                key=f"window:{engagement.pk}:v{base_version + 1}:user:{member.user_id}:email",
                channel="email",
                address=member.user.email,
                user_id=member.user_id,
                language=member.user.language,
                time_zone=member.user.time_zone,
                template="engagements/mail/window_moved",
                params={
                    "reference": engagement.reference,
                    "name": engagement.name,
                    "by": by.name,
                    "old_starts_at": {"at": old_starts_at.isoformat()},
                    "starts_at": {"at": preview.window.starts_at.isoformat()},
                    "ends_at": {"at": preview.window.ends_at.isoformat()},
                    "event_zone": preview.window.time_zone,
                    "moved": len(preview.moved),
                    "past": len(preview.past),
                },
                engagement_id=engagement.pk,
            )
            for member in preview.told
        ],
        now=now,
    )


def set_done(
    *, milestone: Milestone, is_done: bool, by, now: datetime, base_version: int | None = None
) -> Milestone:
    """Tick a milestone off, or open it again; asking for what already is changes nothing.

    Raises Conflict when ``base_version`` is given and older than the row.
    """
    engagement = milestone.engagement
    open_or_done = Q(done_at__isnull=is_done)
    rows = Milestone.objects.filter(open_or_done, pk=milestone.pk)
    if base_version is not None:
        rows = rows.filter(version=base_version)
    with transaction.atomic():
        changed = rows.update(
            done_at=now if is_done else None,
            done_by_name=by.name if is_done else "",
            version=F("version") + 1,
        )
        milestone.refresh_from_db()
        if not changed:
            if (milestone.done_at is not None) == is_done:
                return milestone
            raise Conflict(milestone)
        record(
            engagement, "milestone.done" if is_done else "milestone.reopened", by=by, now=now,
            params={"code": milestone.code, "title": title_of(milestone)},
            subject_type="milestone", subject_id=milestone.pk,
        )  # fmt: skip
        announce(engagement.topic, *TILES)
    return milestone


def redate(*, milestone: Milestone, due_at: datetime, base_version: int, by, now: datetime) -> Milestone:
    """Give one milestone a date of its own; the next move of the window dates it by rule again."""
    if milestone.done_at:
        raise Refused(milestone.code)
    with transaction.atomic():
        rows = Milestone.objects.filter(pk=milestone.pk, version=base_version).update(
            due_at=due_at, version=F("version") + 1
        )
        old_due_at = milestone.due_at
        milestone.refresh_from_db()
        if not rows:
            raise Conflict(milestone, field="due_at", mine=due_at, theirs=milestone.due_at)
        record(
            milestone.engagement, "milestone.redated", by=by, now=now,
            params={
                "code": milestone.code,
                "title": title_of(milestone),
                "old": {"at": old_due_at.isoformat()} if old_due_at else "—",
                "new": {"at": due_at.isoformat()},
            },
        )  # fmt: skip
    return milestone


def title_of(milestone: Milestone) -> dict:
    """The milestone's title in both languages, of the version the engagement started with."""
    titles = catalog.milestone_titles(milestone.engagement.milestones_version)
    return titles.get(milestone.code, {"en": milestone.code, "ko": milestone.code})
