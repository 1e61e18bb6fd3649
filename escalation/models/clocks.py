"""Promises that are being timed: their logs, the deadlines they plan, and whether anybody looks at them."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalation.clock import BREACHED, REPEATED, WARNED
from escalation.models.escalations import Escalation


class Clock(models.Model):
    """One promise that is being timed; what it says is folded from its events."""

    class Kind(models.TextChoices):
        """What is timed. Source: planning workbook 5.5, clocks C1 to C4."""

        FIRST_RESPONSE = "first_response", _("First answer")
        UPDATE = "update", _("Update to the customer")
        LEVEL = "level", _("Time in level")
        RESTORE = "restore", _("Time to restore")

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="clocks")
    kind = models.CharField(max_length=20, choices=Kind)
    # Grows when the same clock starts again, such as after each update to the customer.
    cycle = models.PositiveIntegerField(default=0)
    calendar = models.JSONField(default=dict)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["escalation", "kind"], name="clock_once_per_kind")]

    def __str__(self) -> str:
        return self.kind


class ClockEvent(models.Model):
    """One line of a clock's log: append-only; the clock is what these lines add up to."""

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="events")
    cycle = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=15)
    # When it took effect (a breach: its deadline), which is not when it was written down.
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    stage = models.CharField(max_length=10, blank=True)
    target_s = models.PositiveIntegerField(null=True, blank=True)
    moved_to = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "cycle", "stage"],
                condition=Q(kind__in=[WARNED, BREACHED, REPEATED]),
                name="clock_event_stage_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%F %T}"


class DeadlineQuerySet(models.QuerySet):
    """Deadlines, with the one condition that everybody must say alike."""

    def waiting(self):
        """Neither fired nor cancelled; worded as the partial index is, so that it is used."""
        return self.filter(fired_at__isnull=True, cancelled_at__isnull=True)


class Deadline(models.Model):
    """One planned event of a clock: fired once, or cancelled, and never deleted."""

    # No index of its own: the constraint below begins with it, and each row is written and fired in a hurry.
    clock = models.ForeignKey(Clock, models.CASCADE, related_name="deadlines", db_index=False)
    cycle = models.PositiveIntegerField(default=0)
    stage = models.CharField(max_length=10)
    due_at = models.DateTimeField()
    # When the engine looks at it: `due_at`, or a little later after a failure, so that one bad row jams nobody.
    wake_at = models.DateTimeField()
    fired_at = models.DateTimeField(null=True, blank=True)
    fired_by = models.CharField(max_length=120, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at"]
        indexes = [
            models.Index(
                fields=["wake_at"],
                condition=Q(fired_at__isnull=True, cancelled_at__isnull=True),
                name="deadline_waiting",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["clock", "cycle", "stage"], name="deadline_once_per_stage"),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True, fired_by="")
                | (Q(fired_at__isnull=False) & ~Q(fired_by="")),
                name="deadline_fired_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="deadline_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(fired_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="deadline_fired_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.due_at:%F %T}"


class EngineBeat(models.Model):
    """When the clock loop last came round, so that a dead engine is noticed within seconds."""

    name = models.CharField(max_length=40, unique=True)
    instance = models.CharField(max_length=120)
    beat_at = models.DateTimeField()
    cycle_ms = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.beat_at:%F %T}"
