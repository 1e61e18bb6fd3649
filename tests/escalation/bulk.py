"""Makes many running clocks with a few statements, for tests of numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from escalation.clock import BREACH
from escalation.models import Clock, ClockEvent, Deadline, Escalation

POLICY = {"plan": "enterprise", "targets": {"critical": {"minutes": 15, "calendar": "24x7"}}}


def hash_cheaply() -> None:
    """For programs outside pytest that make people: a second saved for each of them."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def make_running(
    engagement, count: int, *, due_at: datetime | list[datetime], stage: str = BREACH
) -> list[Deadline]:
    """Escalations whose clock runs, each with one waiting deadline; `due_at` for all, or one each."""
    dues = due_at if isinstance(due_at, list) else [due_at] * count
    last = Escalation.objects.filter(engagement=engagement).count()
    escalations = Escalation.objects.bulk_create(
        Escalation(
            engagement=engagement,
            number=last + 1 + index,
            title=f"Trouble {last + 1 + index}",
            severity="critical",
            lane="technical",
            level=1,
            detected_at=due - timedelta(minutes=17),
            declared_at=due - timedelta(minutes=16),
            case_id=str(index),
            case_opened_at=due - timedelta(minutes=15),
            plan="enterprise",
            policy=POLICY,
            opened_by_name="Somebody",
        )
        for index, due in enumerate(dues)
    )
    clocks = Clock.objects.bulk_create(
        Clock(escalation=escalation, kind="first_response") for escalation in escalations
    )
    ClockEvent.objects.bulk_create(
        ClockEvent(
            clock=clock,
            kind="started",
            at=due - timedelta(minutes=15),
            recorded_at=due - timedelta(minutes=15),
            target_s=900,
            label="critical",
            by_name="Somebody",
        )
        for clock, due in zip(clocks, dues, strict=True)
    )
    return Deadline.objects.bulk_create(
        Deadline(clock=clock, stage=stage, due_at=due, wake_at=due)
        for clock, due in zip(clocks, dues, strict=True)
    )
