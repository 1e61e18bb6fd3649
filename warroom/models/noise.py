"""What is expected and therefore quiet: alarms during one step, and Health events by their type code."""

from django.db import models
from django.db.models import Q

from engagements.models import Engagement


class ExpectedAlarm(models.Model):
    """An alarm that one step will set off; it is quiet while that step runs, and only then."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="expected_alarms")
    # No foreign key to the step: rows of a sheet come and go, and what was muted stays on record.
    runbook_number = models.PositiveSmallIntegerField()
    step_code = models.CharField(max_length=20)
    alarm_name = models.CharField(max_length=255)
    # Two accounts may have alarms of one name; empty means any.
    account_id = models.CharField(max_length=12, blank=True, default="")
    region = models.CharField(max_length=20, blank=True, default="")
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "runbook_number", "step_code", "alarm_name", "account_id", "region"],
                condition=Q(ended_at__isnull=True),
                name="alarm_expected_once_a_step",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_by_name=""),
                name="expected_alarm_ended_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alarm_name} during {self.step_code}"


class HealthMute(models.Model):
    """A type code of AWS Health that says nothing to this event; its events are counted, not listed."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="health_mutes")
    code = models.CharField(max_length=120)
    reason = models.CharField(max_length=300)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "code"],
                condition=Q(ended_at__isnull=True),
                name="health_code_muted_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_by_name=""), name="health_mute_ended_by_someone"
            ),
        ]

    def __str__(self) -> str:
        return f"mute {self.code}"
