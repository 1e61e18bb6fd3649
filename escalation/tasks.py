"""The second wake-up of the clock: Celery calls what the clock loop calls; both may run at once."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from escalation import engine
from escalation.actions.ageing import raise_aged
from escalation.cases import following
from escalation.ladder import holdback
from escalation.watching import rounds


@shared_task(name="escalation.tasks.tick")
def tick() -> int:
    """Fire what is due; how many deadlines were fired."""
    return engine.run_due(timezone.now(), clock=timezone.now)


@shared_task(name="escalation.tasks.audit")
def audit() -> int:
    """Look everything over, and send the outside heartbeat when all is well; how much was wrong."""
    return rounds.go(timezone.now()).findings


@shared_task(name="escalation.tasks.follow_cases", soft_time_limit=80, time_limit=100)
def follow_cases() -> int:
    """Send what people asked of AWS Support, and read the cases that are due; how many of both."""
    return following.follow(timezone.now())


@shared_task(name="escalation.tasks.age")
def age() -> int:
    """Raise the severity of what lies too long at it, where the rule says so; how many."""
    return raise_aged(timezone.now())


@shared_task(name="escalation.tasks.tell_held")
def tell_held() -> int:
    """Tell what quiet hours and mutes kept back; how many messages."""
    return holdback.send_due(timezone.now())
