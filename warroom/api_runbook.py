"""The API of runbooks: each with its plan and forecast, and gates with their votes; same verbs as the pages."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements.access import Permission
from iem_portal.api_schema import nested
from iem_portal.problems import Unprocessable
from warroom import runbook, soundness
from warroom.models import GateRound, GateVote, Runbook, Step
from warroom.outlook import outlook
from warroom.serializers import StepSerializer

NESTED = r"engagements/(?P<reference>[^/.]+)"
_NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="The number of the runbook")


class RunbookSerializer(serializers.ModelSerializer):
    """The header of a runbook."""

    kind = serializers.CharField(read_only=True)
    status = serializers.CharField(read_only=True)
    t0 = serializers.DateTimeField(read_only=True)
    window_end = serializers.DateTimeField(read_only=True)
    commander_name = serializers.CharField(source="commander.name", default="", read_only=True)
    deputy_name = serializers.CharField(source="deputy.name", default="", read_only=True)
    rollback_number = serializers.IntegerField(source="rollback.number", default=None, read_only=True)
    is_rehearsal = serializers.SerializerMethodField()

    class Meta:
        model = Runbook
        fields = [
            "number", "kind", "title", "status", "revision", "version", "is_rehearsal", "streams", "t0", "window_end",
            "downtime_budget_min", "rto_min", "rpo_min", "safety_margin_min", "commander_name", "deputy_name",
            "point_of_no_return", "rollback_number", "rollback_triggers", "started_at", "paused_at", "ended_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_is_rehearsal(self, one: Runbook) -> bool:
        """Whether it is a copy made to practise."""
        return one.rehearsal_of_id is not None


class RunbookForecastSerializer(serializers.Serializer):
    """When the run ends, how late it is, what is critical, and until when one may turn back."""

    end_at = serializers.DateTimeField(allow_null=True)
    planned_end_at = serializers.DateTimeField(allow_null=True)
    late_min = serializers.IntegerField()
    critical = serializers.ListField(child=serializers.CharField())
    downtime_used_min = serializers.IntegerField(source="downtime.used_min", default=None)
    rollback_min = serializers.IntegerField(source="abort.rollback_min", default=None)
    latest_safe_abort_at = serializers.DateTimeField(source="abort.latest_at", default=None)
    left_to_decide_min = serializers.IntegerField(source="abort.left_min", default=None)


class RunbookFaultSerializer(serializers.Serializer):
    """One thing that is wrong with the plan; errors block the approval."""

    code = serializers.CharField(allow_blank=True)
    field = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    is_error = serializers.BooleanField()


class WholeRunbookSerializer(RunbookSerializer):
    """A runbook with its steps, forecast and faults."""

    steps = serializers.SerializerMethodField()
    forecast = serializers.SerializerMethodField()
    faults = serializers.SerializerMethodField()

    class Meta(RunbookSerializer.Meta):
        fields = [*RunbookSerializer.Meta.fields, "steps", "forecast", "faults"]
        read_only_fields = fields

    @extend_schema_field(StepSerializer(many=True))
    def get_steps(self, one: Runbook) -> list:
        """Every step in the order of the sheet."""
        view = self.context["view"]
        return StepSerializer(view.steps, many=True, context=self.context).data if view else []

    @extend_schema_field(RunbookForecastSerializer(allow_null=True))
    def get_forecast(self, one: Runbook) -> dict | None:
        """None without steps."""
        view = self.context["view"]
        return RunbookForecastSerializer(view.forecast).data if view else None

    @extend_schema_field(RunbookFaultSerializer(many=True))
    def get_faults(self, one: Runbook) -> list:
        """In the caller's language."""
        return RunbookFaultSerializer(soundness.read(one), many=True).data


class GateVoteSerializer(serializers.ModelSerializer):
    """One vote; the newest of a role counts."""

    class Meta:
        model = GateVote
        fields = ["role", "answer", "comment", "confirmed", "voter_name", "voted_at"]
        read_only_fields = ["voter_name", "voted_at"]


class GateRoundSerializer(serializers.ModelSerializer):
    """One time a gate was asked, with its votes and, once decided, the inputs as they were seen."""

    votes = GateVoteSerializer(many=True, read_only=True)

    class Meta:
        model = GateRound
        fields = [
            "number", "questions", "roles", "outcomes", "default_outcome", "asked_at", "asked_by_name", "deadline_at",
            "inputs", "outcome", "conditions", "reason", "decided_at", "decided_by_name", "votes",
        ]  # fmt: skip
        read_only_fields = fields


class GateAskSerializer(serializers.Serializer):
    """By when the gate is to be decided."""

    deadline_at = serializers.DateTimeField(required=False)


class GateCastSerializer(serializers.Serializer):
    """What one role says."""

    role = serializers.CharField(max_length=40)
    answer = serializers.ChoiceField(choices=GateVote.Answer.choices)
    comment = serializers.CharField(default="", allow_blank=True, max_length=2000)
    confirmed = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=50)


@nested
class RunbookViewSet(viewsets.GenericViewSet):
    """Every runbook of the engagement, by number."""

    serializer_class = RunbookSerializer
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    pagination_class = None
    queryset = Runbook.objects.none()
    required_permissions = {"list": Permission.VIEW, "retrieve": Permission.VIEW}

    def _all(self):
        found = Runbook.objects.filter(engagement=self.request.engagement)
        return found.select_related("commander", "deputy", "rollback", "engagement")

    def list(self, request, reference):
        """Headers only."""
        return Response(RunbookSerializer(self._all(), many=True).data)

    @extend_schema(parameters=[_NUMBER], responses=WholeRunbookSerializer)
    def retrieve(self, request, reference, number):
        """One, with its steps, its forecast and what is wrong with it."""
        one = get_object_or_404(self._all(), number=number)
        view = outlook(request.engagement, timezone.now(), one.number)
        return Response(WholeRunbookSerializer(one, context={"view": view}).data)


@nested
class GateViewSet(viewsets.GenericViewSet):
    """The gates of the runbook on the board, by code; decided with `steps/<code>/decide/`."""

    serializer_class = GateRoundSerializer
    lookup_field = "code"
    lookup_value_regex = "[^/]{1,20}"
    pagination_class = None
    queryset = GateRound.objects.none()
    required_permissions = {
        "retrieve": Permission.VIEW,
        "ask": Permission.RUN_STEPS,
        "vote": Permission.RUN_STEPS,
    }

    @extend_schema(responses=GateRoundSerializer(many=True))
    def retrieve(self, request, reference, code):
        """Every time it was asked, oldest first."""
        return Response(self._rounds(self._gate(code)))

    @extend_schema(request=GateAskSerializer, responses={201: GateRoundSerializer(many=True)})
    @action(detail=True, methods=["post"])
    def ask(self, request, reference, code):
        """Put its questions to its roles."""
        checked = GateAskSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return self._do(code, runbook.ask_gate, checked.validated_data)

    @extend_schema(request=GateCastSerializer, responses={201: GateRoundSerializer(many=True)})
    @action(detail=True, methods=["post"])
    def vote(self, request, reference, code):
        """Say what one role says."""
        checked = GateCastSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        return self._do(code, runbook.vote, checked.validated_data)

    def _gate(self, code: str) -> Step:
        try:
            step = runbook.find(self.request.engagement, code)
        except Step.DoesNotExist:
            step = None
        return get_object_or_404(Step, pk=step.pk if step else None, kind=Step.Kind.GATE)

    def _do(self, code: str, verb, words) -> Response:
        step = self._gate(code)
        step.runbook.engagement = self.request.engagement
        try:
            verb(step=step, by=self.request.user, now=timezone.now(), **words)
        except runbook.StepError as error:
            raise Unprocessable({error.field or "non_field_errors": [str(error)]}) from error
        return Response(self._rounds(step), status=status.HTTP_201_CREATED)

    def _rounds(self, step: Step) -> list:
        found = GateRound.objects.filter(runbook_id=step.runbook_id, code=step.code)
        return GateRoundSerializer(found.prefetch_related("votes"), many=True).data


routes = [
    (rf"{NESTED}/runbooks", RunbookViewSet, "runbook"),
    (rf"{NESTED}/gates", GateViewSet, "gate"),
]
