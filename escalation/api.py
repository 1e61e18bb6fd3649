"""The API of escalations: the same verbs and rules as the pages."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements.access import Permission
from escalation import actions, faces
from escalation.models import Communication, Escalation
from iem_portal.api_schema import nested
from iem_portal.problems import Conflict


class EscalationSerializer(serializers.ModelSerializer):
    """An escalation with the face of its first-answer clock; instants are UTC."""

    clock = serializers.SerializerMethodField()

    class Meta:
        model = Escalation
        fields = [
            "number", "reference", "title", "symptom", "severity", "severity_reason", "lane", "level", "owner_name",
            "detected_at", "declared_at", "case_id", "case_opened_at", "answered_at", "answered_how", "restored_at",
            "resolved_at", "resolution", "version", "clock",
        ]  # fmt: skip
        read_only_fields = fields

    def get_clock(self, escalation: Escalation) -> dict:
        """State, deadline and target of the first-answer clock."""
        face = faces.face(escalation, self.context["now"])
        return {
            "state": face.state,
            "started_at": face.started_at,
            "due_at": face.due_at,
            "target_min": face.target_min,
            "breached_at": face.breached_at,
            "taken_s": face.taken_s,
        }


class OpenSerializer(serializers.Serializer):
    """What opening an escalation needs."""

    title = serializers.CharField(max_length=200)
    symptom = serializers.CharField(default="", allow_blank=True)
    severity = serializers.CharField()
    severity_reason = serializers.CharField(default="", allow_blank=True)
    lane = serializers.CharField(default="technical")
    detected_at = serializers.DateTimeField(required=False)
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)


class _Act(serializers.Serializer):
    base_version = serializers.IntegerField()


class CaseSerializer(_Act):
    """The support case."""

    case_id = serializers.CharField(max_length=80)
    at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(default="", allow_blank=True)


class AnswerSerializer(_Act):
    """AWS's first answer."""

    how = serializers.ChoiceField(choices=Escalation.Answer.choices)
    at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(default="", allow_blank=True)


class HandOverSerializer(_Act):
    """Another level or owner."""

    level = serializers.IntegerField()
    owner_name = serializers.CharField(default="", allow_blank=True, max_length=120)
    note = serializers.CharField(default="", allow_blank=True)


class SeveritySerializer(_Act):
    """Another severity."""

    severity = serializers.CharField()
    reason = serializers.CharField()


class LaneSerializer(_Act):
    """The other lane."""

    lane = serializers.CharField()
    reason = serializers.CharField()


class RestoredSerializer(_Act):
    """The service works again."""

    at = serializers.DateTimeField(required=False)
    reason = serializers.CharField(default="", allow_blank=True)


class ResolveSerializer(_Act):
    """The end."""

    resolution = serializers.CharField()


class SaySerializer(serializers.Serializer):
    """One thing said to somebody."""

    channel = serializers.ChoiceField(choices=Communication.Channel.choices, default="case")
    audience = serializers.ChoiceField(choices=["all", "aws"], default="all")
    text = serializers.CharField()


@nested
class EscalationViewSet(viewsets.GenericViewSet):
    """Escalations of one engagement, by number."""

    serializer_class = EscalationSerializer
    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,9}"
    required_permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "create": Permission.ESCALATE,
        "case": Permission.ESCALATE,
        "answer": Permission.HANDLE_ESCALATION,
        "hand_over": Permission.HANDLE_ESCALATION,
        "lane": Permission.HANDLE_ESCALATION,
        "severity": Permission.ESCALATE,
        "restored": Permission.ESCALATE,
        "resolve": Permission.HANDLE_ESCALATION,
        "say": Permission.ESCALATE,
    }

    def get_queryset(self):
        """The escalations of the engagement in the URL, newest first."""
        engagement = getattr(self.request, "engagement", None)
        return faces.with_clocks(Escalation.objects.filter(engagement=engagement)).order_by("-number")

    def get_serializer_context(self) -> dict:
        """Every clock of one answer is read at the same instant."""
        return super().get_serializer_context() | {"now": timezone.now()}

    def list(self, request, reference):
        """All of them, a page at a time."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, reference, number):
        """One of them."""
        return Response(self.get_serializer(self._one(number)).data)

    @extend_schema(request=OpenSerializer, responses={201: EscalationSerializer})
    def create(self, request, reference):
        """Open one; no clock runs until its case is noted."""
        words, now = _valid(OpenSerializer, request), timezone.now()
        words.setdefault("detected_at", now)
        escalation = actions.open_escalation(engagement=request.engagement, by=request.user, now=now, **words)
        return Response(
            self.get_serializer(self._one(escalation.number)).data, status=status.HTTP_201_CREATED
        )

    @extend_schema(request=CaseSerializer)
    @action(detail=True, methods=["post"])
    def case(self, request, reference, number):
        """Note the support case; the first-answer clock starts at its creation."""
        return self._act(number, actions.case_opened, CaseSerializer)

    @extend_schema(request=AnswerSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request, reference, number):
        """Stop the first-answer clock."""
        return self._act(number, actions.answered, AnswerSerializer)

    @extend_schema(request=HandOverSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request, reference, number):
        """Another level or owner."""
        return self._act(number, actions.hand_over, HandOverSerializer)

    @extend_schema(request=LaneSerializer)
    @action(detail=True, methods=["post"])
    def lane(self, request, reference, number):
        """The other lane."""
        return self._act(number, actions.change_lane, LaneSerializer)

    @extend_schema(request=SeveritySerializer)
    @action(detail=True, methods=["post"])
    def severity(self, request, reference, number):
        """Another severity; the clock keeps its start."""
        return self._act(number, actions.change_severity, SeveritySerializer)

    @extend_schema(request=RestoredSerializer)
    @action(detail=True, methods=["post"])
    def restored(self, request, reference, number):
        """The service works again."""
        return self._act(number, actions.restored, RestoredSerializer)

    @extend_schema(request=ResolveSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request, reference, number):
        """End it."""
        return self._act(number, actions.resolved, ResolveSerializer)

    @extend_schema(request=SaySerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def say(self, request, reference, number):
        """Log what was said."""
        words = _valid(SaySerializer, request)
        actions.add_communication(escalation=self._one(number), by=request.user, now=timezone.now(), **words)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _one(self, number: int) -> Escalation:
        return get_object_or_404(self.get_queryset(), number=number)

    def _act(self, number: int, verb, serializer) -> Response:
        words = _valid(serializer, self.request)
        try:
            verb(escalation=self._one(number), by=self.request.user, now=timezone.now(), **words)
        except actions.StaleWrite as stale:
            stored = self.get_serializer(self._one(number)).data
            raise Conflict("Somebody changed this escalation meanwhile.", stored=stored) from stale
        return Response(self.get_serializer(self._one(number)).data)


def _valid(serializer, request) -> dict:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


routes = [(r"engagements/(?P<reference>[^/.]+)/escalations", EscalationViewSet, "escalation")]
