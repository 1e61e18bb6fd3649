"""What an escalation is: its path, its clocks, the deadlines they plan, and the table of targets."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement, TimelineEntry
from escalation.clock import BREACHED, WARNED
from escalation.hours import ALWAYS, BUSINESS


class Severity(models.TextChoices):
    """AWS Support's severity codes; the labels people read are in data/severities.json."""

    CRITICAL = "critical", _("Business-critical system down")
    URGENT = "urgent", _("Production system down")
    HIGH = "high", _("Production system impaired")
    NORMAL = "normal", _("System impaired")
    LOW = "low", _("General guidance")


class Lane(models.TextChoices):
    """The two paths a problem can take; the codes are AWS Support's issue types."""

    TECHNICAL = "technical", _("Technical")
    CUSTOMER_SERVICE = "customer-service", _("Account and billing")


def reference_of(number: int) -> str:
    """The short name of an escalation with this number, such as ESC-07."""
    return f"ESC-{number:02d}"


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


class Escalation(models.Model):
    """One problem on its way up, from the first sign of it to its end."""

    class Answer(models.TextChoices):
        """How AWS's first answer came."""

        CASE = "case", _("In the case")
        CALL = "call", _("By phone")
        CHAT = "chat", _("By chat")
        BRIDGE = "bridge", _("On the bridge")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="escalations")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    symptom = models.TextField(_("symptom"), blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    severity_reason = models.TextField(_("reason for the severity"), blank=True)
    lane = models.CharField(_("lane"), max_length=20, choices=Lane)
    level = models.PositiveSmallIntegerField(_("level"), default=0)
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    detected_at = models.DateTimeField(_("detected"))
    declared_at = models.DateTimeField(_("declared"))
    case_id = models.CharField(_("case number"), max_length=80, blank=True)
    case_opened_at = models.DateTimeField(_("case opened"), null=True, blank=True)
    answered_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    answered_how = models.CharField(_("how AWS answered"), max_length=10, choices=Answer, blank=True)
    restored_at = models.DateTimeField(_("service restored"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolution = models.TextField(_("what solved it"), blank=True)
    # The promise as it stood at the opening: a later edit of the table changes no running clock.
    plan = models.CharField(max_length=30)
    policy = models.JSONField(default=dict)
    signal = models.JSONField(null=True, blank=True)
    opened_by_id = models.BigIntegerField(null=True, blank=True)
    opened_by_name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["engagement", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "number"], name="escalation_number_once"),
            models.CheckConstraint(condition=Q(level__range=(0, 4)), name="escalation_level_0_to_4"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_how="")
                | (Q(answered_at__isnull=False, case_opened_at__isnull=False) & ~Q(answered_how="")),
                name="escalation_answer_has_case_and_way",
            ),
            models.CheckConstraint(
                condition=Q(lane=Lane.TECHNICAL) | Q(level__lte=2), name="escalation_service_lane_ends_at_2"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def reference(self) -> str:
        """The short name people say aloud, such as ESC-07."""
        return reference_of(self.number)

    @property
    def is_open(self) -> bool:
        """Is somebody still working on it?"""
        return self.resolved_at is None


class Hop(models.Model):
    """One step of an escalation's path: which level of which lane it entered, and who took it there."""

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="hops")
    lane = models.CharField(max_length=20, choices=Lane)
    level = models.PositiveSmallIntegerField()
    entered_at = models.DateTimeField()
    owner_name = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    # What is said inside AWS (internal ticket, service team) is not for customers.
    is_internal = models.BooleanField(default=False)
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["entered_at", "pk"]

    def __str__(self) -> str:
        return f"{self.lane} {self.level}"


class Communication(models.Model):
    """What was said to whom about an escalation, as somebody logged it."""

    class Channel(models.TextChoices):
        """Where it was said."""

        CASE = "case", _("Case")
        BRIDGE = "bridge", _("Bridge")
        PHONE = "phone", _("Phone")
        CHAT = "chat", _("Chat")
        MAIL = "mail", _("E-mail")

    escalation = models.ForeignKey(Escalation, models.CASCADE, related_name="communications")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel, default=Channel.CASE)
    audience = models.CharField(
        _("who may read it"), max_length=5, choices=TimelineEntry.Audience, default="all"
    )
    text = models.TextField(_("message"))
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Clock(models.Model):
    """One promise that is being timed; what it says is folded from its events."""

    class Kind(models.TextChoices):
        """What is timed. Source: planning workbook 5.5, clocks C1 to C4."""

        FIRST_RESPONSE = "first_response", _("First answer")

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
                condition=Q(kind__in=[WARNED, BREACHED]),
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

    clock = models.ForeignKey(Clock, models.CASCADE, related_name="deadlines")
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
