"""How the war room's things look to machines, and what each act asks for."""

from __future__ import annotations

from datetime import datetime

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from warroom.models import StatusUpdate, Step


class WatchSerializer(serializers.Serializer):
    """One watched metric as the board shows it."""

    row = serializers.IntegerField()
    title = serializers.CharField()
    account_id = serializers.CharField()
    region = serializers.CharField()
    namespace = serializers.CharField()
    metric = serializers.CharField()
    stat = serializers.CharField()
    period_s = serializers.IntegerField()
    unit = serializers.CharField()
    warn = serializers.FloatField(allow_null=True)
    crit = serializers.FloatField(allow_null=True)
    direction = serializers.CharField()
    state = serializers.ChoiceField(choices=["ok", "near", "over", "stale", "never"])
    value = serializers.FloatField(allow_null=True)
    data_until = serializers.DateTimeField(allow_null=True)
    fault = serializers.CharField(allow_blank=True)


class EvidenceFileSerializer(serializers.Serializer):
    """A file that proves a step; `nth` counts from 1 and stands in the address of its download."""

    nth = serializers.IntegerField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    kind = serializers.CharField()
    sha256 = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField()


class StepSerializer(serializers.ModelSerializer):
    """A step with its plan, its actual times and the forecast."""

    planned_start_at = serializers.SerializerMethodField()
    forecast_start_at = serializers.SerializerMethodField()
    forecast_end_at = serializers.SerializerMethodField()
    is_ready = serializers.SerializerMethodField()
    slack_min = serializers.SerializerMethodField()
    is_critical = serializers.SerializerMethodField()
    evidence_files = serializers.SerializerMethodField()

    class Meta:
        model = Step
        fields = [
            "code", "position", "stream", "kind", "title", "instruction", "criterion", "owner_name", "offset_min",
            "planned_min", "is_fixed_start", "fixed_start_at", "must_end_at", "predecessors", "start_rule",
            "downtime", "reversible", "undo", "risk", "is_four_eyes", "is_evidence_required",
            "status", "decision", "outcome", "deviation",
            "evidence", "evidence_files", "checked_by_name", "skip_asked_name", "skip_asked_at",
            "actual_start_at", "actual_end_at", "start_recorded_at", "end_recorded_at", "by_name", "reason", "note",
            "version", "planned_start_at", "forecast_start_at", "forecast_end_at", "is_ready",
            "slack_min", "is_critical",
        ]  # fmt: skip
        read_only_fields = fields

    def _seen(self, step: Step):
        return self.context["view"].of(step)

    @extend_schema_field(EvidenceFileSerializer(many=True))
    def get_evidence_files(self, step: Step) -> list[dict]:
        """Oldest first; where they are stored is nobody's business."""
        named = [
            one | {"nth": nth, "at": datetime.fromisoformat(one["at"])}
            for nth, one in enumerate(step.evidence_files, 1)
        ]
        return EvidenceFileSerializer(named, many=True).data

    def get_planned_start_at(self, step: Step) -> datetime:
        """T0 plus the offset."""
        return self._seen(step).planned_start_at

    def get_forecast_start_at(self, step: Step) -> datetime:
        """The actual start once there is one."""
        return self._seen(step).start_at

    def get_forecast_end_at(self, step: Step) -> datetime:
        """The actual end once there is one."""
        return self._seen(step).end_at

    def get_slack_min(self, step: Step) -> int | None:
        """How many minutes later it may end; null once it is closed."""
        return self._seen(step).slack_min

    def get_is_critical(self, step: Step) -> bool:
        """Whether it sets the end of the run, or has no slack."""
        return self._seen(step).is_critical

    def get_is_ready(self, step: Step) -> bool:
        """Whether the step may start now."""
        return self._seen(step).is_ready


class ActSerializer(serializers.Serializer):
    """What every act on a step needs: the version it was decided on."""

    base_version = serializers.IntegerField()


class TimedSerializer(ActSerializer):
    """Starting: with `at` and `reason` for a late entry."""

    at = serializers.DateTimeField(required=False)
    is_for_owner = serializers.BooleanField(default=False)
    reason = serializers.CharField(default="", allow_blank=True, max_length=1000)


class FinishSerializer(TimedSerializer):
    """Ending: with the criterion confirmed when the step has one."""

    is_criterion_met = serializers.BooleanField(default=False)
    evidence = serializers.CharField(default="", allow_blank=True, max_length=4000)
    deviation = serializers.CharField(default="", allow_blank=True, max_length=2000)


class ReasonSerializer(ActSerializer):
    """Stopping, leaving out, or taking back: with the reason."""

    reason = serializers.CharField(max_length=1000)


class NoteSerializer(ActSerializer):
    """A remark."""

    note = serializers.CharField(max_length=2000)


class DeviationSerializer(ActSerializer):
    """What was done otherwise than planned."""

    deviation = serializers.CharField(max_length=2000)


class EvidenceSerializer(ActSerializer):
    """A link, an id, a count: what proves the step."""

    evidence = serializers.CharField(max_length=4000)


class DecideSerializer(ActSerializer):
    """The decision at a gate: one of its outcomes, or "go" and "hold", which every gate understands."""

    decision = serializers.CharField(max_length=20)
    reason = serializers.CharField(default="", allow_blank=True, max_length=1000)
    conditions = serializers.CharField(default="", allow_blank=True, max_length=2000)
    weight_percent = serializers.IntegerField(required=False, min_value=1, max_value=99)
    window_end_at = serializers.DateTimeField(required=False)


class UpdateSerializer(serializers.ModelSerializer):
    """A status update as it went out."""

    class Meta:
        model = StatusUpdate
        fields = [
            "number",
            "state",
            "text",
            "audience",
            "recipients_count",
            "by_name",
            "sent_at",
            "next_due_at",
        ]
        read_only_fields = fields


class PostSerializer(serializers.Serializer):
    """What a status update says, and to whom.

    ``client_id`` is the caller's own name for it: sent again with the same one, it goes out once.
    """

    state = serializers.ChoiceField(choices=StatusUpdate.State.choices)
    text = serializers.CharField(max_length=4000)
    audience = serializers.ChoiceField(choices=StatusUpdate.Audience.choices, default="all")
    next_in_min = serializers.IntegerField(required=False, min_value=5, max_value=1440)
    client_id = serializers.CharField(max_length=40, default="", allow_blank=True)
