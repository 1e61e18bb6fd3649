"""The timed plan of an event day: one runbook of steps counted from T0, with what really happened."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement


class Runbook(models.Model):
    """A copy of a template made for one engagement; it keeps the template's version."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="runbooks")
    kind = models.CharField(_("kind"), max_length=20, default="cutover")
    title = models.JSONField(_("title"))
    streams = models.JSONField(_("streams"), default=list)
    template_key = models.CharField(max_length=30)
    template_version = models.PositiveSmallIntegerField()
    downtime_budget_min = models.PositiveIntegerField(_("downtime budget (min)"), null=True, blank=True)
    created_by_name = models.CharField(max_length=120)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["engagement", "kind"], name="runbook_once_per_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.engagement_id} {self.kind}"


class Step(models.Model):
    """One step of a runbook: planned as minutes from T0, kept with its actual times.

    Whether a step is ready is not stored: it follows from its predecessors. A gate step carries
    the decision and who took it.
    """

    class Status(models.TextChoices):
        """What has happened to the step."""

        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        BLOCKED = "blocked", _("Blocked")

    class Kind(models.TextChoices):
        """What sort of work the step is."""

        TASK = "task", _("Task")
        CHECK = "check", _("Check")
        GATE = "gate", _("Decision gate")
        COMMUNICATION = "communication", _("Communication")
        WAIT = "wait", _("Wait")
        MILESTONE = "milestone", _("Milestone")
        AWS_ACTION = "aws_action", _("AWS action")

    class Downtime(models.TextChoices):
        """How the step relates to the outage users see."""

        NONE = "none", _("None")
        STARTS = "starts", _("Starts the downtime")
        INSIDE = "inside", _("Inside the downtime")
        ENDS = "ends", _("Ends the downtime")

    class Reversible(models.TextChoices):
        """Whether the step can be taken back."""

        YES = "yes", _("Yes")
        WITH_LOSS = "with_loss", _("Yes, with loss")
        NO = "no", _("No")
        NOT_APPLICABLE = "na", _("Not applicable")

    class Decision(models.TextChoices):
        """What was decided at a gate."""

        NONE = "", _("Not decided")
        GO = "go", _("GO")
        HOLD = "hold", _("Hold")

    runbook = models.ForeignKey(Runbook, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=20)
    stream = models.CharField(_("stream"), max_length=20)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.TASK)
    title = models.JSONField(_("title"))
    instruction = models.JSONField(_("instruction"), default=dict, blank=True)
    criterion = models.JSONField(_("done when"), default=dict, blank=True)
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    offset_min = models.IntegerField(_("planned start, minutes from T0"))
    planned_min = models.PositiveIntegerField(_("planned length (min)"))
    is_fixed_start = models.BooleanField(_("not before its planned start"), default=False)
    predecessors = models.JSONField(_("waits for"), default=list, blank=True)
    downtime = models.CharField(_("downtime"), max_length=6, choices=Downtime, default=Downtime.NONE)
    reversible = models.CharField(_("reversible"), max_length=9, choices=Reversible, default=Reversible.YES)

    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.PLANNED)
    decision = models.CharField(
        _("decision"), max_length=4, choices=Decision, default=Decision.NONE, blank=True
    )
    actual_start_at = models.DateTimeField(_("started"), null=True, blank=True)
    actual_end_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # When each of them was entered: a late entry keeps both times.
    start_recorded_at = models.DateTimeField(null=True, blank=True)
    end_recorded_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(_("by"), max_length=120, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["runbook", "code"], name="step_code_once"),
            models.CheckConstraint(
                condition=Q(actual_end_at__isnull=True)
                | Q(actual_start_at__isnull=True)
                | Q(actual_end_at__gte=F("actual_start_at")),
                name="step_ends_after_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(actual_start_at__isnull=False, actual_end_at__isnull=True),
                name="step_running_has_only_start",
            ),
            models.CheckConstraint(
                condition=~Q(status="done") | Q(actual_start_at__isnull=False, actual_end_at__isnull=False),
                name="step_done_has_both_times",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["skipped", "blocked"]) | ~Q(reason=""), name="step_stop_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(decision="") | Q(kind="gate"), name="step_decision_only_at_gate"
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_gate(self) -> bool:
        """Whether the step is closed by a decision rather than by work."""
        return self.kind == self.Kind.GATE

    @property
    def is_late_entry(self) -> bool:
        """Whether a time was entered more than a minute after it happened."""
        pairs = ((self.actual_start_at, self.start_recorded_at), (self.actual_end_at, self.end_recorded_at))
        return any(at and entered and (entered - at).total_seconds() > 60 for at, entered in pairs)
