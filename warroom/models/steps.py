"""One step of a runbook: what is planned, who does it, and what happened."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warroom.models.runbook import Runbook, person


class Step(models.Model):
    """One step of a runbook: planned as minutes from T0, kept with its actual times.

    Whether a step is ready is not stored: it follows from its predecessors. A gate step carries
    the decision and who took it. Predecessors are written as people say them, see warroom.links.
    """

    class Status(models.TextChoices):
        """What has happened to the step."""

        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        BLOCKED = "blocked", _("Blocked")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        """What sort of work the step is."""

        TASK = "task", _("Task")
        CHECK = "check", _("Check")
        GATE = "gate", _("Decision gate")
        COMMUNICATION = "communication", _("Communication")
        WAIT = "wait", _("Wait")
        MILESTONE = "milestone", _("Milestone")
        AUTOMATION = "automation", _("Automation")
        AWS_ACTION = "aws_action", _("AWS action")
        VENDOR_ACTION = "vendor_action", _("Vendor action")

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

    class StartRule(models.TextChoices):
        """Which of the predecessors a step waits for."""

        ALL = "all", pgettext_lazy("predecessors", "All")
        ANY = "any", pgettext_lazy("predecessors", "Any")

    class Risk(models.TextChoices):
        """How much can go wrong."""

        LOW = "low", pgettext_lazy("risk", "Low")
        MEDIUM = "medium", pgettext_lazy("risk", "Medium")
        HIGH = "high", pgettext_lazy("risk", "High")

    class Decision(models.TextChoices):
        """What was decided at a gate: it lets through, it holds, or it stops; `outcome` has the word."""

        NONE = "", _("Not decided")
        GO = "go", _("GO")
        HOLD = "hold", _("Hold")
        STOP = "stop", _("No-go")

    runbook = models.ForeignKey(Runbook, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    code = models.CharField(_("code"), max_length=20)
    stream = models.CharField(_("stream"), max_length=20)
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.TASK)
    title = models.JSONField(_("title"))
    instruction = models.JSONField(_("instruction"), default=dict, blank=True)
    criterion = models.JSONField(_("done when"), default=dict, blank=True)
    owner = person(_("owner"))
    owner_name = models.CharField(_("owner"), max_length=120, blank=True)
    deputy = person(_("deputy"))
    deputy_name = models.CharField(_("deputy"), max_length=120, blank=True)
    checker = person(_("second pair of eyes"))
    checker_name = models.CharField(_("second pair of eyes"), max_length=120, blank=True)
    is_four_eyes = models.BooleanField(_("four eyes"), default=False)
    offset_min = models.IntegerField(_("planned start, minutes from T0"))
    planned_min = models.PositiveIntegerField(_("planned length (min)"))
    is_fixed_start = models.BooleanField(_("not before its planned start"), default=False)
    fixed_start_at = models.DateTimeField(_("not before"), null=True, blank=True)
    must_end_at = models.DateTimeField(_("must end by"), null=True, blank=True)
    predecessors = models.JSONField(_("waits for"), default=list, blank=True)
    start_rule = models.CharField(_("starts after"), max_length=3, choices=StartRule, default=StartRule.ALL)
    downtime = models.CharField(_("downtime"), max_length=6, choices=Downtime, default=Downtime.NONE)
    reversible = models.CharField(_("reversible"), max_length=9, choices=Reversible, default=Reversible.YES)
    # Words, or the code of a step in the rollback runbook.
    undo = models.CharField(_("undo"), max_length=300, blank=True)
    risk = models.CharField(_("risk"), max_length=6, choices=Risk, default=Risk.LOW)
    is_evidence_required = models.BooleanField(_("evidence needed"), default=False)
    notify_start = models.JSONField(_("tell at the start"), default=list, blank=True)
    notify_end = models.JSONField(_("tell at the end"), default=list, blank=True)
    # Which set of questions and outcomes a gate has: a key of warroom/gates.json.
    gate_key = models.CharField(_("gate"), max_length=10, blank=True)

    status = models.CharField(_("status"), max_length=9, choices=Status, default=Status.PLANNED)
    decision = models.CharField(
        _("decision"), max_length=4, choices=Decision, default=Decision.NONE, blank=True
    )
    outcome = models.CharField(_("outcome"), max_length=20, blank=True)
    actual_start_at = models.DateTimeField(_("started"), null=True, blank=True)
    actual_end_at = models.DateTimeField(_("ended"), null=True, blank=True)
    # When each of them was entered: a late entry keeps both times.
    start_recorded_at = models.DateTimeField(null=True, blank=True)
    end_recorded_at = models.DateTimeField(null=True, blank=True)
    by_name = models.CharField(_("by"), max_length=120, blank=True)
    doer = person(_("done by"))
    doer_name = models.CharField(_("done by"), max_length=120, blank=True)
    checked_by_name = models.CharField(_("checked by"), max_length=120, blank=True)
    deviation = models.TextField(_("deviation"), blank=True)
    evidence = models.TextField(_("evidence"), blank=True)
    # Files that prove it, oldest first, none ever taken away: name, size, kind, sha256, stored_as, at, by.
    evidence_files = models.JSONField(default=list, blank=True)
    skip_asked_by = person(_("skip asked by"))
    skip_asked_name = models.CharField(max_length=120, blank=True)
    skip_asked_at = models.DateTimeField(null=True, blank=True)
    skip_reason = models.TextField(blank=True)
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
                condition=~Q(status__in=["skipped", "blocked", "failed", "cancelled"]) | ~Q(reason=""),
                name="step_stop_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(decision="") | Q(kind="gate"), name="step_decision_only_at_gate"
            ),
            models.CheckConstraint(
                condition=Q(skip_asked_at__isnull=True) | ~Q(skip_reason=""),
                name="step_skip_asked_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def is_gate(self) -> bool:
        """Whether the step is closed by a decision rather than by work."""
        return self.kind == self.Kind.GATE

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do here."""
        return self.status in (self.Status.DONE, self.Status.SKIPPED, self.Status.CANCELLED)

    @property
    def is_late_entry(self) -> bool:
        """Whether a time was entered more than a minute after it happened."""
        pairs = ((self.actual_start_at, self.start_recorded_at), (self.actual_end_at, self.end_recorded_at))
        return any(at and entered and (entered - at).total_seconds() > 60 for at, entered in pairs)

    @property
    def tells(self) -> bool:
        """Whether its work is to tell people, or somebody is to be told when it starts or ends."""
        return self.kind == self.Kind.COMMUNICATION or bool(self.notify_start or self.notify_end)

    @property
    def has_evidence(self) -> bool:
        """Whether something proves it: words or a file."""
        return bool(self.evidence.strip() or self.evidence_files)

    def is_theirs(self, user) -> bool:
        """Whether this person was named for the step, or nobody with an account was."""
        named = {self.owner_id, self.deputy_id} - {None}
        return not named or user.pk is None or user.pk in named
