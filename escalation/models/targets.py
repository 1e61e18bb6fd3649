"""What is promised, as tables that administrators edit: AWS's first answer, and the team's own objectives."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escalation.hours import ALWAYS, BUSINESS, CalendarError, parse_segments
from escalation.models.words import Severity


class ResponseTarget(models.Model):
    """How soon AWS promises a first answer, by plan and severity. No row: not offered by the plan."""

    class CalendarKind(models.TextChoices):
        """When such a clock runs."""

        ALWAYS = ALWAYS, _("Round the clock")
        BUSINESS = BUSINESS, _("Business hours of the customer's country")

    plan = models.CharField(_("support plan"), max_length=30)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    minutes = models.PositiveIntegerField(_("minutes to the first answer"))
    calendar = models.CharField(
        _("calendar"), max_length=10, choices=CalendarKind, default=CalendarKind.ALWAYS
    )
    checked_on = models.DateField(_("checked with AWS on"))

    class Meta:
        ordering = ["plan", "minutes"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "severity"], name="target_once_per_plan_and_severity"),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="target_at_least_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.severity}: {self.minutes} min"


def check_hours(text: str) -> None:
    """Raise ValidationError unless the text names hours such as "08:00-12:00, 13:00-18:00"."""
    try:
        parse_segments(text)
    except CalendarError as error:
        raise ValidationError(
            _("Give hours such as 08:00-12:00, 13:00-18:00, in order and without overlap.")
        ) from error


class WorkingHours(models.Model):
    """The business hours of a country; a country without a row works 08:00 to 18:00."""

    country = models.CharField(_("country code"), max_length=2, unique=True)
    segments = models.CharField(_("hours of a working day"), max_length=100, validators=[check_hours])

    class Meta:
        ordering = ["country"]
        verbose_name_plural = _("working hours")

    def __str__(self) -> str:
        return f"{self.country} {self.segments}"


class Objective(models.Model):
    """The team's own promise, by severity: how often the customer hears, and how long a level may take."""

    class Kind(models.TextChoices):
        """Which clock it is for. Source: escalation tracker 5.5, clocks C2 and C3."""

        UPDATE = "update", _("Update to the customer")
        LEVEL = "level", _("Time in level")

    kind = models.CharField(_("clock"), max_length=10, choices=Kind)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    # The level that may take so long; updates are owed whatever the level.
    level = models.PositiveSmallIntegerField(_("level"), null=True, blank=True)
    minutes = models.PositiveIntegerField(_("minutes"))
    is_held_while_waiting = models.BooleanField(
        _("stands still while AWS waits for the customer"), default=True
    )

    class Meta:
        ordering = ["kind", "level", "minutes"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "severity", "level"],
                condition=Q(level__isnull=False),
                name="objective_once_per_level",
            ),
            models.UniqueConstraint(
                fields=["kind", "severity"], condition=Q(level__isnull=True), name="objective_once"
            ),
            models.CheckConstraint(condition=Q(minutes__gte=1), name="objective_at_least_a_minute"),
            models.CheckConstraint(
                condition=Q(kind="update", level__isnull=True) | Q(kind="level", level__range=(0, 4)),
                name="objective_level_for_level_clocks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.severity}: {self.minutes} min"


class AgeRule(models.Model):
    """How long an escalation may lie at a severity before the next one up is proposed; no row: the shipped rule."""

    severity = models.CharField(_("severity"), max_length=10, choices=Severity, unique=True)
    minutes = models.PositiveIntegerField(_("minutes at this severity; empty: never"), null=True, blank=True)
    is_automatic = models.BooleanField(_("raised without asking"), default=False)

    class Meta:
        ordering = ["severity"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1), name="age_rule_at_least_a_minute"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.severity}: {self.minutes} min"
