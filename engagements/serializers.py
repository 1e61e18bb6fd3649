"""How engagements look in the API; every instant is UTC, every change names the version it was read at."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from rest_framework import serializers

from engagements import catalog, criteria, feed, overview, schedule, team
from engagements.actions import NewAccount
from engagements.criteria import NewCriterion
from engagements.models import AwsAccount, Engagement, Milestone, SuccessCriterion
from engagements.team import NewMember
from engagements.verdict import OPERATORS, is_met
from iem_portal.accounts.models import Customer, validate_time_zone


class Instant(serializers.DateTimeField):
    """An instant, always written in UTC."""

    def __init__(self, **kwargs):
        super().__init__(default_timezone=UTC, **kwargs)

    def to_internal_value(self, value) -> datetime:
        """Refuses the years that a window cannot have."""
        at = super().to_internal_value(value)
        if at.year not in schedule.YEARS:
            self.fail("overflow")
        return at


class AccountSerializer(serializers.ModelSerializer):
    """An AWS account in scope; the External ID is a secret and stays inside."""

    account_id = serializers.RegexField(r"^[0-9]{12}$")

    class Meta:
        model = AwsAccount
        fields = ["account_id", "name"]


class EngagementSerializer(serializers.ModelSerializer):
    """One engagement as it is."""

    customer = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    starts_at, ends_at, requested_at, phase_entered_at = Instant(), Instant(), Instant(), Instant()

    class Meta:
        model = Engagement
        fields = [
            "reference", "customer", "name", "programme", "event_type", "support_plan", "entitlement",
            "starts_at", "ends_at", "time_zone", "regions", "expected_scale", "expected_peak",
            "business_goals", "plan_days", "phase", "phase_entered_at", "standing", "is_late_request",
            "requested_at", "version",
        ]  # fmt: skip
        read_only_fields = fields


class CriterionInSerializer(serializers.Serializer):
    """A success criterion as asked for."""

    name = serializers.CharField(max_length=200)
    operator = serializers.ChoiceField(OPERATORS, default="<=")
    target = serializers.DecimalField(16, 4)
    target_high = serializers.DecimalField(16, 4, required=False, allow_null=True)
    unit = serializers.CharField(max_length=30, required=False, allow_blank=True)
    criterion_class = serializers.ChoiceField(list(criteria.CLASSES), required=False)
    window = serializers.ChoiceField(list(criteria.WINDOWS), required=False)
    source = serializers.ChoiceField(list(criteria.SOURCES), required=False)
    baseline = serializers.DecimalField(16, 4, required=False, allow_null=True)
    weight = serializers.IntegerField(min_value=1, max_value=5, required=False)
    is_must = serializers.BooleanField(required=False)

    def validate(self, data: dict) -> dict:
        """Between has two ends."""
        high = data.get("target_high")
        if data.get("operator") == "between" and (high is None or high < data["target"]):
            raise serializers.ValidationError(
                {"target_high": _("Between needs an upper target above the lower one.")}
            )
        return data


class MemberInSerializer(serializers.Serializer):
    """A person of the team as asked for."""

    email = serializers.EmailField()
    role = serializers.ChoiceField([role.value for role in team.GIVEN_ROLES])
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)


class FactsSerializer(serializers.Serializer):
    """The facts that can be changed later, with the version they were read at."""

    name = serializers.CharField(max_length=120)
    programme = serializers.CharField(max_length=60, required=False)
    event_type = serializers.ChoiceField(list(catalog.event_types()))
    support_plan = serializers.ChoiceField(list(catalog.support_plans()), required=False)
    entitlement = serializers.ChoiceField(["included", "paid", "unknown"], required=False)
    regions = serializers.ListField(child=serializers.ChoiceField(list(catalog.regions())), required=False)
    expected_scale = serializers.DecimalField(8, 2, min_value=0, required=False, allow_null=True)
    expected_peak = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    business_goals = serializers.CharField(max_length=4000, required=False, allow_blank=True)


class EngagementEditSerializer(FactsSerializer):
    """A change of facts."""

    base_version = serializers.IntegerField()


class NewEngagementSerializer(FactsSerializer):
    """Everything an engagement starts with."""

    customer = serializers.SlugRelatedField(slug_field="slug", queryset=Customer.objects.all())
    starts_at, ends_at = Instant(), Instant()
    time_zone = serializers.CharField(max_length=64, validators=[validate_time_zone])
    accounts = AccountSerializer(many=True, required=False)
    criteria = CriterionInSerializer(many=True, required=False)
    team = MemberInSerializer(many=True, required=False)

    def validate(self, data: dict) -> dict:
        """The end comes after the start; the team fits the customer."""
        if data["ends_at"] <= data["starts_at"]:
            raise serializers.ValidationError({"ends_at": _("The end comes after the start.")})
        data["accounts"] = [NewAccount(**row) for row in data.pop("accounts", [])]
        data["criteria"] = [NewCriterion(**row) for row in data.pop("criteria", [])]
        data["team"] = [NewMember(**row) for row in data.pop("team", [])]
        for new in data["team"]:
            if errors := team.problem_with(new, data["customer"]):
                raise serializers.ValidationError({"team": errors})
        return data


class WindowSerializer(serializers.Serializer):
    """A new window, previewed unless ``save`` is true."""

    starts_at, ends_at = Instant(), Instant()
    time_zone = serializers.CharField(max_length=64, validators=[validate_time_zone])
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    base_version = serializers.IntegerField()
    save = serializers.BooleanField(default=False)

    def validate(self, data: dict) -> dict:
        """Adds "window"."""
        if data["ends_at"] <= data["starts_at"]:
            raise serializers.ValidationError({"ends_at": _("The end comes after the start.")})
        data["window"] = schedule.Window(data["starts_at"], data["ends_at"], data["time_zone"])
        return data


class MoveSerializer(serializers.Serializer):
    """One milestone under a new window."""

    code = serializers.CharField()
    old_due_at, new_due_at = Instant(), Instant()
    conflict = serializers.CharField(allow_blank=True)
    is_moved = serializers.BooleanField()


class WindowPreviewSerializer(serializers.Serializer):
    """What a new window means, and whether it was saved."""

    is_saved = serializers.BooleanField()
    plan_days = serializers.IntegerField()
    is_late = serializers.BooleanField()
    moves = MoveSerializer(many=True)
    told = serializers.ListField(child=serializers.CharField())


class CriterionSerializer(serializers.ModelSerializer):
    """A success criterion with agreement, measured value and verdict."""

    agreed_customer_at, agreed_aws_at, actual_at = Instant(), Instant(), Instant()
    is_met = serializers.SerializerMethodField()

    class Meta:
        model = SuccessCriterion
        fields = [
            "id", "position", "name", "criterion_class", "operator", "target", "target_high", "unit",
            "window", "source", "baseline", "weight", "is_must", "agreed_customer_name",
            "agreed_customer_at", "agreed_aws_name", "agreed_aws_at", "actual", "actual_note",
            "actual_by_name", "actual_at", "is_met", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_met(self, criterion: SuccessCriterion) -> bool | None:
        """Whether the measured value meets the target; null before it is measured."""
        return is_met(criterion.operator, criterion.target, criterion.target_high, criterion.actual)


class ActualSerializer(serializers.Serializer):
    """A measured value."""

    actual = serializers.DecimalField(16, 4, allow_null=True)
    note = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    base_version = serializers.IntegerField()


class VersionSerializer(serializers.Serializer):
    """Only the version that was read."""

    base_version = serializers.IntegerField()


class MilestoneSerializer(serializers.ModelSerializer):
    """A dated milestone with its title in both languages."""

    due_at, done_at = Instant(), Instant()
    title = serializers.SerializerMethodField()
    owner = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = [
            "code", "position", "group", "title", "owner_role", "owner", "due_at", "offset_min",
            "is_fixed", "done_at", "done_by_name", "version",
        ]  # fmt: skip
        read_only_fields = fields

    def get_title(self, milestone: Milestone) -> dict[str, str]:
        """{"en": …, "ko": …}."""
        return schedule.title_of(milestone)

    def get_owner(self, milestone: Milestone) -> str:
        """Who does it, in words."""
        return overview.owner_words(milestone.owner_role)


class MilestoneDoneSerializer(serializers.Serializer):
    """Done, or open again."""

    is_done = serializers.BooleanField()
    base_version = serializers.IntegerField()


class LineSerializer(serializers.Serializer):
    """One timeline entry in the caller's language."""

    id = serializers.IntegerField(source="pk")
    at = Instant()
    text = serializers.CharField()
    by = serializers.CharField()
    is_internal = serializers.BooleanField()

    def to_representation(self, entry) -> dict:
        """From the stored entry."""
        return super().to_representation(feed.as_lines(entry.engagement, [entry])[0])


class TimelineNoteSerializer(serializers.Serializer):
    """A note for the timeline; ``is_internal`` keeps it from customers.

    ``client_id`` is the caller's own name for it: sent again with the same one, it is written once.
    """

    text = serializers.CharField(max_length=2000)
    is_internal = serializers.BooleanField(default=False)
    client_id = serializers.CharField(max_length=40, default="", allow_blank=True)
