"""What an engagement is: its window, phase, people, accounts, criteria, milestones and timeline."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from iem_portal.accounts.models import Customer, Invitation, validate_time_zone


class Phase(models.TextChoices):
    """The four phases every engagement goes through, and its end. Source: AWS IEM timeline slide."""

    INITIATE = "initiate", _("Initiate")
    PLAN = "plan", _("Plan")
    EXECUTE = "execute", _("Execute")
    REVIEW = "review", _("Review")
    CLOSED = "closed", _("Closed")


class Role(models.TextChoices):
    """The part a person plays in one engagement; the last two come from the person's portal role."""

    TAM = "tam", _("Technical account manager")
    SA = "sa", _("Solutions architect")
    SUPPORT_ENGINEER = "support_engineer", _("Support engineer")
    CONCIERGE = "concierge", _("Concierge")
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    CUSTOMER_LEAD = "customer_lead", _("Customer lead")
    CUSTOMER_CONTRIBUTOR = "customer_contributor", _("Customer contributor")
    VIEWER = "viewer", _("Viewer")
    MANAGER = "manager", _("Manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class Engagement(models.Model):
    """One business-critical event of one customer, from the first call to the last report."""

    class Standing(models.TextChoices):
        """Whether the event is still going to happen."""

        ACTIVE = "active", _("Active")
        POSTPONED = "postponed", _("Postponed")
        CANCELLED = "cancelled", _("Cancelled")

    customer = models.ForeignKey(Customer, models.PROTECT, related_name="engagements")
    reference = models.CharField(_("reference"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=120)
    # A label, not code: AWS renamed the programme once already.
    programme = models.CharField(_("programme"), max_length=60, default="IEM")
    event_type = models.CharField(_("event type"), max_length=10)
    support_plan = models.CharField(_("support plan"), max_length=30)
    entitlement = models.CharField(_("entitlement"), max_length=20, default="unknown")
    starts_at = models.DateTimeField(_("start of the event (T0)"))
    ends_at = models.DateTimeField(_("end of the event"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="Asia/Seoul", validators=[validate_time_zone]
    )
    regions = models.JSONField(_("Regions"), default=list)
    expected_scale = models.DecimalField(
        _("expected size, times a normal day"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    expected_peak = models.TextField(_("expected peak"), blank=True)
    business_goals = models.TextField(_("business goals"), blank=True)
    plan_days = models.PositiveSmallIntegerField(_("length of the plan in days"), default=35)
    phase = models.CharField(_("phase"), max_length=10, choices=Phase, default=Phase.INITIATE)
    phase_entered_at = models.DateTimeField(_("phase entered"))
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.ACTIVE)
    is_late_request = models.BooleanField(_("late request"), default=False)
    requested_at = models.DateTimeField(_("requested"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    milestones_version = models.CharField(max_length=20, blank=True)
    workbook_version = models.CharField(max_length=20, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="engagement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(plan_days__range=(7, 70)), name="engagement_plan_7_to_70_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.name}"

    @property
    def topic(self) -> str:
        """The live topic every tile of this engagement is announced under."""
        return f"engagement:{self.pk}"


class AwsAccount(models.Model):
    """An AWS account in the scope of the event."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="aws_accounts")
    account_id = models.CharField(_("account ID"), max_length=12)
    name = models.CharField(_("name"), max_length=120, blank=True)
    # The role the portal assumes to read; keys are never stored.
    role_arn = models.CharField(_("role to assume"), max_length=200, blank=True)
    external_id = models.CharField(_("External ID"), max_length=80, blank=True)

    class Meta:
        ordering = ["account_id"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "account_id"], name="account_once_per_engagement"),
            models.CheckConstraint(
                condition=Q(account_id__regex=r"^[0-9]{12}$"), name="account_id_has_12_digits"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.account_id


class Membership(models.Model):
    """A person's role in one engagement; before they accept, only their invitation."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    invitation = models.ForeignKey(
        Invitation, models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=30, choices=Role)
    title = models.CharField(_("title"), max_length=80, blank=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "user"], condition=Q(user__isnull=False), name="member_once"
            ),
            models.UniqueConstraint(
                fields=["engagement", "invitation"],
                condition=Q(invitation__isnull=False),
                name="invited_once",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | Q(invitation__isnull=False), name="member_or_invited"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user or self.invitation}: {self.role}"


class SuccessCriterion(models.Model):
    """What success means, in one number with its unit; the review compares the actual with it."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(_("what is measured"), max_length=200)
    criterion_class = models.CharField(_("class"), max_length=20, default="performance")
    operator = models.CharField(_("comparison"), max_length=8, default="<=")
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=4)
    target_high = models.DecimalField(
        _("upper target"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    unit = models.CharField(_("unit"), max_length=30, blank=True)
    window = models.CharField(_("measured over"), max_length=20, default="whole-event")
    source = models.CharField(_("source"), max_length=30, default="manual")
    baseline = models.DecimalField(_("normal day"), max_digits=16, decimal_places=4, null=True, blank=True)
    weight = models.PositiveSmallIntegerField(_("weight"), default=3)
    is_must = models.BooleanField(_("must be met"), default=False)
    agreed_customer_name = models.CharField(max_length=120, blank=True)
    agreed_customer_at = models.DateTimeField(null=True, blank=True)
    agreed_aws_name = models.CharField(max_length=120, blank=True)
    agreed_aws_at = models.DateTimeField(null=True, blank=True)
    actual = models.DecimalField(_("measured"), max_digits=16, decimal_places=4, null=True, blank=True)
    actual_note = models.TextField(_("note on the measurement"), blank=True)
    actual_by_name = models.CharField(max_length=120, blank=True)
    actual_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__range=(1, 5)), name="criterion_weight_1_to_5"),
            models.CheckConstraint(
                condition=Q(actual__isnull=True) | Q(actual_at__isnull=False),
                name="criterion_actual_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Milestone(models.Model):
    """A dated promise of the plan, counted back from T0; its texts live in the template data."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="milestones")
    code = models.CharField(max_length=8)
    position = models.PositiveSmallIntegerField()
    group = models.CharField(max_length=10)
    owner_role = models.CharField(max_length=20)
    # The rule as it stood when the engagement opened, so that moving the window dates it the same way again.
    rule = models.JSONField(default=dict)
    # Minutes from T0 before holidays are minded; None like due_at.
    offset_min = models.IntegerField(null=True, blank=True)
    # None: due by a criterion or a cadence, not by a date.
    due_at = models.DateTimeField(null=True, blank=True)
    is_fixed = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by_name = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["engagement", "code"], name="milestone_once"),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | ~Q(done_by_name=""), name="milestone_done_by_someone"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class TimelineEntry(models.Model):
    """One thing that happened: append-only, in the words of a phrase filled when read."""

    class Kind(models.TextChoices):
        """Who or what spoke."""

        HUMAN = "human", _("Human")
        SYSTEM = "system", _("System")
        AWS = "aws", _("AWS")
        COMMUNICATION = "communication", _("Communication")
        DECISION = "decision", _("Decision")

    class Audience(models.TextChoices):
        """Who may read the entry."""

        ALL = "all", _("Everyone")
        AWS = "aws", _("AWS only")

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="timeline")
    at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"))
    kind = models.CharField(max_length=15, choices=Kind)
    audience = models.CharField(max_length=5, choices=Audience, default=Audience.ALL)
    phrase = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    # No foreign keys: history outlives what it speaks of.
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=120, blank=True)
    subject_type = models.CharField(max_length=30, blank=True)
    subject_id = models.BigIntegerField(null=True, blank=True)
    # The sender's own name for it: sent again after an answer that was lost, it is the same entry.
    client_id = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["engagement", "-at"], name="timeline_newest_first")]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "actor_id", "client_id"],
                condition=~models.Q(client_id=""),
                name="timeline_one_entry_per_client_id",
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.phrase}"


class GateDecision(models.Model):
    """A phase change as decided: with the conditions as they stood at that second."""

    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="gate_decisions")
    from_phase = models.CharField(max_length=10, choices=Phase)
    to_phase = models.CharField(max_length=10, choices=Phase)
    is_override = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    conditions = models.JSONField(default=list)
    by_name = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_override=False) | ~Q(reason=""), name="gate_override_has_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_phase} → {self.to_phase}"
