"""How late the clocks were, what an audit found, and what people say a breach came from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalation.models.clocks import Clock


class Lag(models.Model):
    """How late deadlines were recorded in one minute, as a histogram: cheap to keep, and enough for percentiles."""

    minute = models.DateTimeField(unique=True)
    # Deadlines recorded at most so many milliseconds late; the last column holds the rest.
    le_50 = models.PositiveIntegerField(default=0)
    le_250 = models.PositiveIntegerField(default=0)
    le_1000 = models.PositiveIntegerField(default=0)
    le_5000 = models.PositiveIntegerField(default=0)
    later = models.PositiveIntegerField(default=0)
    worst_ms = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-minute"]

    def __str__(self) -> str:
        return f"{self.minute:%F %T}: {self.worst_ms} ms"


class Finding(models.Model):
    """Something an audit found wrong: told once, and gone when an audit finds it no more."""

    # What it is about, such as "clock:12:c0:asleep": found again, it is the same finding.
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    params = models.JSONField(default=dict)
    engagement_id = models.BigIntegerField(null=True, blank=True)
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=Q(gone_at__isnull=True), name="finding_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Audit(models.Model):
    """When the clocks were last looked over as a whole, and whether anything was wrong."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()
    took_ms = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    # The outside heartbeat: its last answer, and what was wrong with the last one that failed.
    pinged_at = models.DateTimeField(null=True, blank=True)
    ping_problem = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%F %T}"


class BreachCause(models.Model):
    """What people say a breach came from: append-only, the newest holds."""

    class Kind(models.TextChoices):
        """Where the time went."""

        AWS_LATE = "aws-late", _("AWS answered late")
        OPENED_LATE = "opened-late", _("Noted or opened late")
        NOBODY_ON_DUTY = "nobody", _("Nobody was on duty")
        NOT_SEEN = "not-seen", _("The page was not seen")
        CUSTOMER = "customer", _("The customer was waited for")
        TARGET = "target", _("The target changed under way")
        OTHER = "other", _("Something else")

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="causes")
    cycle = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("cause of the breach"), max_length=12, choices=Kind)
    text = models.TextField(_("in a sentence"))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["clock", "cycle", "-at"], name="breach_cause_newest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text[:40]}"
