"""What AWS said: metric points, alarm states and Health events, each as last seen."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class MetricSeries(models.Model):
    """The readings of one watch as it is specified now; a changed specification is a new series."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="metric_series")
    # The row of the workbook that is the watch's only home, and a digest of what it asks for.
    watch_row = models.BigIntegerField()
    fingerprint = models.CharField(max_length=16)
    cursor_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)
    last_value = models.FloatField(null=True, blank=True)
    is_silent = models.BooleanField(default=False)
    # Why the last answer for this series was not complete, in AWS's words.
    incomplete_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "watch_row", "fingerprint"], name="metric_series_once"
            ),
        ]

    def __str__(self) -> str:
        return f"series {self.watch_row} {self.fingerprint}"


class MetricPoint(models.Model):
    """One bucket of one series, dated at the bucket's start; provisional while AWS may still change it."""

    series = models.ForeignKey(MetricSeries, models.CASCADE, related_name="points")
    at = models.DateTimeField()
    value = models.FloatField()
    is_provisional = models.BooleanField(default=False)
    # Seconds after its end at which it first arrived, when that was later than usual; empty: on time, or not known.
    late_s = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["series", "at"], name="metric_point_once")]
        indexes = [models.Index(fields=["at"], name="metric_point_by_age")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.value:g}"


class AlarmState(models.Model):
    """A CloudWatch alarm as last read."""

    class State(models.TextChoices):
        """CloudWatch's three states."""

        OK = "OK", _("Normal")
        ALARM = "ALARM", _("In alarm")
        INSUFFICIENT_DATA = "INSUFFICIENT_DATA", _("Not enough data")

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="alarm_states")
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, default="metric")
    state = models.CharField(max_length=20)
    previous_state = models.CharField(max_length=20, blank=True)
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    # The alarm no longer exists in the account; kept for the report.
    gone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "account_id", "region", "name"], name="alarm_state_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.state}"


class AlarmChange(models.Model):
    """One change of an alarm's state as AWS's history has it; append-only, so that a short flap is not lost."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="alarm_changes")
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, default="metric")
    at = models.DateTimeField()
    old_state = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "account_id", "region", "name", "at", "state"], name="alarm_change_once"
            ),
        ]
        indexes = [models.Index(fields=["engagement", "at"], name="alarm_changes_by_time")]

    def __str__(self) -> str:
        return f"{self.name} {self.state} {self.at:%F %T}"


class HealthEvent(models.Model):
    """An AWS Health event as last read or received, for one account."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="health_events")
    account_id = models.CharField(max_length=12)
    arn = models.CharField(max_length=400)
    service = models.CharField(max_length=60)
    code = models.CharField(max_length=120)
    category = models.CharField(max_length=40)
    region = models.CharField(max_length=30, blank=True)
    scope = models.CharField(max_length=30, blank=True)
    status = models.CharField(max_length=20)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    updated_at = models.DateTimeField(null=True, blank=True)
    text = models.TextField(blank=True)
    entities = models.JSONField(default=list)
    # ACTION_REQUIRED, ACTION_MAY_BE_REQUIRED, INFORMATIONAL; unknown words are kept.
    actionability = models.CharField(max_length=40, blank=True)
    # Why its text or resources are missing, in AWS's words.
    problem = models.CharField(max_length=300, blank=True)
    first_seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at", "arn"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "account_id", "arn"], name="health_event_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.status}"


class HealthWord(models.Model):
    """What AWS said about an event at one update; its API replaces the text, so every version is kept here."""

    event = models.ForeignKey(HealthEvent, models.CASCADE, related_name="words")
    at = models.DateTimeField()
    status = models.CharField(max_length=20)
    text = models.TextField()
    is_pushed = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["event", "at", "status"], name="health_word_once")]

    def __str__(self) -> str:
        return f"{self.event_id} {self.at:%F %T}"


class QuotaUse(models.Model):
    """How much of a quota is in use: the newest value of its usage metric; None when AWS publishes none."""

    engagement = models.ForeignKey(Engagement, models.CASCADE, related_name="quota_uses")
    account_id = models.CharField(max_length=12)
    region = models.CharField(max_length=30)
    service = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    unit = models.CharField(max_length=60, blank=True)
    value = models.FloatField()
    used = models.FloatField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["service", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "account_id", "region", "service", "code"], name="quota_use_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service}/{self.code} {self.used} of {self.value:g}"

    @property
    def share(self) -> float | None:
        """Used part, 1 is all of it; None when unknown."""
        return self.used / self.value if self.used is not None and self.value else None
