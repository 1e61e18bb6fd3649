"""What the API of escalations takes and gives; instants are UTC, spans whole seconds or minutes as named."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from escalation import faces
from escalation.api_clocks import FaceSerializer, columns
from escalation.models import Communication, Escalation, EscalationLink


class EscalationSerializer(serializers.ModelSerializer):
    """An escalation with the faces of its clocks; `clock` is that of the first answer."""

    clock = serializers.SerializerMethodField()
    clocks = serializers.SerializerMethodField()

    class Meta:
        model = Escalation
        fields = [
            "number", "reference", "title", "symptom", "severity", "severity_reason", "lane", "level", "owner_name",
            "management_level", "module", "restore_target_min", "impact", "account_id", "region", "service",
            "resources", "tried", "wanted", "workaround", "cause", "detected_at", "declared_at", "case_id",
            "case_opened_at", "answered_at", "answered_how", "waiting_since", "waiting_until", "waiting_code",
            "waiting_reason", "restored_at", "resolved_at", "resolution", "reopened_at", "signal", "version", "clock",
            "clocks",
        ]  # fmt: skip
        read_only_fields = fields

    def get_clock(self, escalation: Escalation) -> dict:
        """State, deadline and target of the first-answer clock."""
        face = faces.face(escalation, self.context["now"])
        names = ("state", "started_at", "due_at", "target_min", "breached_at", "taken_s")
        return {name: getattr(face, name) for name in names}

    @extend_schema_field(FaceSerializer(many=True))
    def get_clocks(self, escalation: Escalation) -> list[dict]:
        """All four, in the order first answer, update, level, restore."""
        return [columns(face) for face in faces.clock_faces(escalation, self.context["now"])]


class FactsSerializer(serializers.ModelSerializer):
    """What is known; what is left out stays."""

    base_version = serializers.IntegerField()
    reason = serializers.CharField(default="", allow_blank=True)

    class Meta:
        model = Escalation
        fields = [
            "title", "symptom", "impact", "module", "restore_target_min", "service", "region", "account_id",
            "resources", "tried", "wanted", "workaround", "cause", "base_version", "reason",
        ]  # fmt: skip
        extra_kwargs = {name: {"required": False} for name in fields[:-2]}


class OpenSerializer(serializers.ModelSerializer):
    """What opening an escalation needs, and what may be known already."""

    title = serializers.CharField(max_length=200)
    symptom = serializers.CharField(default="", allow_blank=True)
    severity = serializers.CharField()
    severity_reason = serializers.CharField(default="", allow_blank=True)
    lane = serializers.CharField(default="technical")
    detected_at = serializers.DateTimeField(required=False)
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)
    module = serializers.CharField(default="", allow_blank=True, max_length=120)
    restore_target_min = serializers.IntegerField(default=None, allow_null=True)

    class Meta:
        model = Escalation
        fields = [
            "title", "symptom", "severity", "severity_reason", "lane", "detected_at", "owner_name", "module",
            "restore_target_min", "impact", "account_id", "region", "service", "resources", "tried", "wanted",
        ]  # fmt: skip


class Act(serializers.Serializer):
    """Every act names the version that its writer saw."""

    base_version = serializers.IntegerField()


class _Dated(Act):
    at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(default="", allow_blank=True)


class _Because(Act):
    reason = serializers.CharField()


class CaseSerializer(_Dated):
    """The support case; `is_new`: another one after the one on record, whose answer is owed no more."""

    case_id = serializers.CharField(max_length=80)
    is_new = serializers.BooleanField(default=False)


class AnswerSerializer(_Dated):
    """AWS's first answer."""

    how = serializers.ChoiceField(choices=Escalation.Answer.choices)


class HandOverSerializer(Act):
    """Another level or owner; `told` is what the customer hears and counts as an update."""

    level = serializers.IntegerField()
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)
    note = serializers.CharField(default="", allow_blank=True)
    told = serializers.CharField(default="", allow_blank=True)
    channel = serializers.ChoiceField(choices=Communication.Channel.choices, default="mail")


class LaneSerializer(_Because):
    """The other lane."""

    lane = serializers.CharField()
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)
    told = serializers.CharField(default="", allow_blank=True)


class SeveritySerializer(_Because):
    """Another severity."""

    severity = serializers.CharField()


class WaitSerializer(_Because):
    """AWS waits for the customer; `until` lifts it by itself."""

    # Not a choice field: its set is described with `waiting_code`, and one set has one name in the schema.
    code = serializers.CharField(help_text="One of the values of `waiting_code`.")
    at = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False, allow_null=True)


class DatedSerializer(_Dated):
    """An act at a time; a time that is not now, or a correction, wants a reason."""


class ResolveSerializer(Act):
    """The end."""

    resolution = serializers.CharField()
    at = serializers.DateTimeField(required=False)


class ReopenSerializer(_Because):
    """Open again."""

    at = serializers.DateTimeField(required=False)
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)


class BecauseSerializer(_Because):
    """A reason."""


class LinkSerializer(_Because):
    """Another escalation of the engagement, by number."""

    other = serializers.IntegerField()


class UnlinkSerializer(_Because):
    """A link to end, by the id that the list of links gives."""

    link_id = serializers.IntegerField(max_value=2**63 - 1)


class MergeSerializer(_Because):
    """The escalation that goes on, by number."""

    into = serializers.IntegerField()


class SplitSerializer(_Because):
    """A part; what is left out is as on the first one."""

    title = serializers.CharField(max_length=200)
    symptom = serializers.CharField(default="", allow_blank=True)
    severity = serializers.CharField(default="", allow_blank=True)
    lane = serializers.CharField(default="", allow_blank=True)
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)


class StartLaneSerializer(_Because):
    """Work in the other lane too; what is left out is as on this one."""

    title = serializers.CharField(default="", allow_blank=True, max_length=200)
    severity = serializers.CharField(default="", allow_blank=True)
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)


class ManagementSerializer(Act):
    """A level of the customer's management: 1 team lead, 2 department head, 3 executive."""

    level = serializers.IntegerField()
    owner_name = serializers.CharField(max_length=120)
    note = serializers.CharField(default="", allow_blank=True)


class ManagementBackSerializer(_Because):
    """Back to a lower level; 0 sends the whole chain home."""

    level = serializers.IntegerField()


class AskSerializer(Act):
    """Somebody asked AWS Support for an answer."""

    text = serializers.CharField()
    channel = serializers.ChoiceField(choices=Communication.Channel.choices, default="phone")
    at = serializers.DateTimeField(required=False)


class AcknowledgeSerializer(Act):
    """Somebody has it."""

    note = serializers.CharField(default="", allow_blank=True)


class SnoozeSerializer(_Because):
    """Quiet until then, at most a day; never for the 15-minute class."""

    until = serializers.DateTimeField()


class SaySerializer(serializers.Serializer):
    """One thing said to somebody; `is_update`: the customer heard, so the next update counts from here."""

    channel = serializers.ChoiceField(choices=Communication.Channel.choices, default="case")
    audience = serializers.ChoiceField(choices=["all", "aws"], default="all")
    text = serializers.CharField()
    is_update = serializers.BooleanField(default=False)
    at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(default="", allow_blank=True)


class SeverityChangeSerializer(serializers.Serializer):
    """What would become of one clock."""

    kind = serializers.CharField()
    old_minutes = serializers.IntegerField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    old_due_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    is_breach_at_once = serializers.BooleanField()


class PreviewSerializer(serializers.Serializer):
    """What another severity would do; nothing is changed by asking."""

    severity = serializers.CharField()
    minutes = serializers.IntegerField()
    is_breach_at_once = serializers.BooleanField()
    needs_new_case = serializers.BooleanField()
    told = serializers.ListField(child=serializers.CharField())
    clocks = SeverityChangeSerializer(many=True)


class EscalationLinkSerializer(serializers.ModelSerializer):
    """A link in force, read from `number` to `other`."""

    number = serializers.IntegerField(source="escalation.number")
    other = serializers.IntegerField(source="other.number")

    class Meta:
        model = EscalationLink
        fields = ["id", "number", "other", "kind", "reason", "linked_at", "by_name"]
