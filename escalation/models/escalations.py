"""What an escalation is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from escalation.models.words import Lane, Severity, reference_of


class Escalation(models.Model):
    """One problem on its way up, from the first sign of it to its end."""

    class Answer(models.TextChoices):
        """How AWS's first answer came."""

        CASE = "case", _("In the case")
        CALL = "call", _("By phone")
        CHAT = "chat", _("By chat")
        BRIDGE = "bridge", _("On the bridge")

    class Cause(models.TextChoices):
        """What it came from. Source: escalation tracker, issue fields."""

        AWS_SERVICE = "aws-service", _("AWS service")
        CUSTOMER_CHANGE = "customer-change", _("Change by the customer")
        CAPACITY = "capacity", _("Capacity or quota")
        CODE = "code", _("Code")
        DATA = "data", _("Data")
        THIRD_PARTY = "third-party", _("Third party")
        UNKNOWN = "unknown", _("Unknown")

    class Waiting(models.TextChoices):
        """Why AWS cannot go on. Source: the case state "pending customer action" and what trackers ask for."""

        INFORMATION = "information", _("Information from the customer")
        TEST = "test", _("Test or confirmation by the customer")
        CHANGE = "change", _("Change on the customer's side")
        THIRD_PARTY = "third-party", _("A third party")
        WINDOW = "window", _("An agreed time")
        OTHER = "other", _("Other reason")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="escalations")
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    symptom = models.TextField(_("symptom"), blank=True)
    severity = models.CharField(_("severity"), max_length=10, choices=Severity)
    severity_reason = models.TextField(_("reason for the severity"), blank=True)
    # Since when it has this severity: what is left lying too long at it is proposed for the next one.
    severity_since = models.DateTimeField(null=True, blank=True)
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
    # What a support case wants to know; all of it may be filled in later.
    module = models.CharField(_("module"), max_length=120, blank=True)
    impact = models.TextField(_("impact on users or money"), blank=True)
    account_id = models.CharField(_("AWS account"), max_length=12, blank=True)
    region = models.CharField(_("Region"), max_length=20, blank=True)
    service = models.CharField(_("AWS service"), max_length=80, blank=True)
    resources = models.TextField(_("resources"), blank=True)
    tried = models.TextField(_("what was tried"), blank=True)
    wanted = models.TextField(_("what is needed from AWS"), blank=True)
    workaround = models.TextField(_("workaround"), blank=True)
    cause = models.CharField(_("kind of cause"), max_length=20, choices=Cause, blank=True)
    # The customer's own objective for the module, in minutes; without one nothing is owed.
    restore_target_min = models.PositiveIntegerField(
        _("to be restored within, minutes"), null=True, blank=True
    )
    # The customer's management chain runs beside both lanes: 0 nobody, 1 team lead, 2 department head, 3 executive.
    management_level = models.PositiveSmallIntegerField(default=0)
    # AWS waits for the customer; `waiting_until` lifts it by itself.
    waiting_since = models.DateTimeField(null=True, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)
    waiting_code = models.CharField(max_length=20, choices=Waiting, blank=True)
    waiting_reason = models.TextField(blank=True)
    # The case that began the wait, and so may end it; empty: people began it, and people end it.
    waiting_case = models.ForeignKey(
        "escalation.SupportCase", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # A duplicate: its clocks stand still for good, and what happens is told on the other one.
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    reopened_at = models.DateTimeField(null=True, blank=True)
    # The promise as it stood at the opening: a later edit of the table changes no running clock.
    plan = models.CharField(max_length=30)
    policy = models.JSONField(default=dict)
    signal = models.JSONField(null=True, blank=True)
    opened_by_id = models.BigIntegerField(null=True, blank=True)
    opened_by_name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)

    # Never stored: what the reader may not know was taken out (escalation/inside.py).
    is_veiled = False

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


class EscalationLink(models.Model):
    """Two escalations that belong together; a wrong link is ended, never deleted."""

    class Kind(models.TextChoices):
        """How they belong together, read from the first to the second."""

        RELATED = "related", _("Related to")
        SPLIT = "split", _("Split off from")
        DUPLICATE = "duplicate", _("Duplicate of")

    escalation = models.ForeignKey(Escalation, models.PROTECT, related_name="links")
    other = models.ForeignKey(Escalation, models.PROTECT, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.RELATED)
    reason = models.TextField(blank=True)
    linked_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True, blank=True)
    by_name = models.CharField(max_length=120)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by_id = models.BigIntegerField(null=True, blank=True)
    ended_by_name = models.CharField(max_length=120, blank=True)
    end_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["linked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["escalation", "other", "kind"],
                condition=Q(ended_at__isnull=True),
                name="escalation_link_once",
            ),
            models.CheckConstraint(
                condition=~Q(escalation=models.F("other")), name="escalation_link_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.escalation_id} {self.kind} {self.other_id}"
