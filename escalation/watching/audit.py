"""Is there anything the clocks have forgotten? Every open escalation has a next wake-up, or a reason for none.

The number of queries does not grow with the escalations, but for one for each five hundred that sleep by right.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from escalation import clock as pure
from escalation import firing, planning
from escalation.ladder import rules
from escalation.models import Clock, ClockEvent, Deadline, EngineBeat
from escalation.probes import LONGEST_SILENCE, overdue
from iem_portal.notifications.models import Notification, RelayBeat
from iem_portal.notifications.probes import LONGEST_SILENCE as LONGEST_RELAY_SILENCE
from iem_portal.notifications.relay import waiting as unsent

# More than this many of one kind say no more than this many do.
MOST = 200
LONGEST_UNSENT = timedelta(minutes=2)
RECENTLY = timedelta(days=1)


@dataclass(frozen=True)
class Wrong:
    """One thing that is wrong now. `key` is the same as long as it is the same thing."""

    key: str
    kind: str
    params: dict = field(default_factory=dict)
    engagement_id: int | None = None


def wrongs(now: datetime) -> list[Wrong]:
    """Everything that is wrong at `now` (aware UTC); an empty list is a clean audit."""
    return [*_silences(now), *_overdue(now), *_asleep(), *_undelivered(now)]


def _silences(now: datetime) -> Iterator[Wrong]:
    """The loops that should come round every second or two."""
    for kind, model, longest in (
        ("engine", EngineBeat, LONGEST_SILENCE),
        ("relay", RelayBeat, LONGEST_RELAY_SILENCE),
    ):
        beat_at = model.objects.order_by("-beat_at").values_list("beat_at", flat=True).first()
        if beat_at is None or now - beat_at > longest:
            yield Wrong(f"{kind}:silent", f"{kind}-silent", {"at": beat_at.isoformat() if beat_at else ""})


def _overdue(now: datetime) -> Iterator[Wrong]:
    """Deadlines that have passed and that nobody recorded."""
    rows = overdue(now).order_by("due_at")[:MOST]
    for row in rows.values(
        "pk", "stage", "due_at", "clock__escalation_id", "clock__escalation__engagement_id"
    ):
        yield Wrong(
            f"deadline:{row['pk']}:overdue",
            "overdue",
            {
                "escalation": row["clock__escalation_id"],
                "stage": row["stage"],
                "at": row["due_at"].isoformat(),
            },
            row["clock__escalation__engagement_id"],
        )


def _asleep() -> Iterator[Wrong]:
    """Running clocks of open escalations that nothing will wake, though something is still due."""
    asleep = sleepers().select_related("escalation").prefetch_related("events")
    for clock in asleep.iterator(chunk_size=500):
        why = _what_is_due(clock)
        if why:
            yield Wrong(
                f"clock:{clock.pk}:c{clock.cycle}:asleep",
                "asleep",
                {"escalation": clock.escalation_id, "clock": clock.kind, "stage": why},
                clock.escalation.engagement_id,
            )


def sleepers():
    """Clocks of open escalations that have started, have not ended, are not held, and have no row waiting.

    Among them are those with another reason: no target, or broken with no repeat to come.
    """
    events = ClockEvent.objects.filter(clock=OuterRef("pk"), cycle=OuterRef("cycle"))
    rows = Deadline.objects.filter(clock=OuterRef("pk"), cycle=OuterRef("cycle"))
    waiting = Deadline.objects.waiting().filter(clock=OuterRef("pk"), cycle=OuterRef("cycle"))
    held = rows.filter(fired_at__isnull=True, cancel_reason=planning.PAUSED)
    ended = Exists(events.filter(kind__in=[pure.CANCELLED, pure.STOPPED]))
    return (
        Clock.objects.filter(escalation__resolved_at__isnull=True)
        .filter(Exists(events.filter(kind__in=[pure.STARTED, pure.TARGET_CHANGED], target_s__gt=0)))
        .exclude(ended & ~Exists(events.filter(kind=pure.REOPENED)))
        .exclude(Exists(waiting.exclude(firing.RESUMES)))
        .exclude(Exists(held) & Q(escalation__waiting_since__isnull=False))
        .order_by("pk")
    )


def _what_is_due(clock: Clock) -> str:
    """The stage that nobody will wake for, or "" when there is a reason for it."""
    state = planning.state_of(clock)
    if state.is_over or state.status == pure.HELD or state.target is None:
        return ""
    if state.breached_at is None:
        return pure.BREACH
    last = planning.last_told(state)
    escalation = clock.escalation
    following = rules.next_again(
        escalation.policy.get("ladder") or {},
        kind=clock.kind,
        severity=escalation.severity,
        lane=escalation.lane,
        stage=last,
        due_at=state.fired.get(last, state.breached_at),
    )
    return following[0] if following else ""


def _undelivered(now: datetime) -> Iterator[Wrong]:
    """Messages that were given up and reached nobody, and messages that nobody takes.

    One whose next way took over reached somebody, or that next one was given up and is found here itself. So did
    one beside which the same person was told of the same by another way.
    """
    beside = Notification.objects.filter(
        user_id=OuterRef("user_id"),
        about=OuterRef("about"),
        template=OuterRef("template"),
        created_at=OuterRef("created_at"),
    )
    reached = Exists(beside.filter(Q(sent_at__isnull=False) | ~Q(fell_to="")))
    dead = Notification.objects.filter(~reached, dead_at__gte=now - RECENTLY, fell_to="")
    dead = dead.order_by("-dead_at")[:MOST]
    for row in dead.values("pk", "channel", "engagement_id"):
        yield Wrong(
            f"message:{row['pk']}:dead", "undelivered", {"channel": row["channel"]}, row["engagement_id"]
        )
    oldest = unsent().filter(attempts=0).order_by("created_at").values_list("created_at", flat=True).first()
    if oldest is not None and oldest < now - LONGEST_UNSENT:
        yield Wrong("messages:stuck", "stuck", {"at": oldest.isoformat()})
