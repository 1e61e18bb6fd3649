"""The API of kept and broken promises: the same figures and the same rules as the page."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.response import Response

from engagements.access import Permission
from escalation import catalog
from escalation.attainment import board as boards
from escalation.attainment import causes, choosing, panel
from escalation.models import BreachCause, Clock, Escalation
from iem_portal.api_schema import nested
from iem_portal.problems import Unprocessable


class TallySerializer(serializers.Serializer):
    """Promises by outcome; `percent` is the share of the judged ones that were kept, or null."""

    met = serializers.IntegerField()
    missed = serializers.IntegerField()
    open = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True)


class AttainmentRowSerializer(serializers.Serializer):
    """One value of what the rows are by."""

    key = serializers.CharField()
    label = serializers.CharField()
    tally = TallySerializer()


class SpanSerializer(serializers.Serializer):
    """How long something took, in whole seconds."""

    key = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()
    median_s = serializers.IntegerField()
    p90_s = serializers.IntegerField()
    worst_s = serializers.IntegerField()


class CauseCountSerializer(serializers.Serializer):
    """Breaches by cause; an empty key counts those without one."""

    key = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField()


class AttainmentSerializer(serializers.Serializer):
    """The figures of one choice; days are those of the caller's time zone."""

    clock = serializers.CharField()
    by = serializers.CharField()
    since = serializers.DateField()
    until = serializers.DateField()
    escalations = serializers.IntegerField()
    clocks = AttainmentRowSerializer(many=True)
    rows = AttainmentRowSerializer(many=True)
    spans = SpanSerializer(many=True)
    causes = CauseCountSerializer(many=True)


def _parameter(name: str, words: str, values=None, kind=str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, description=words, enum=list(values) if values else None)


class AttainmentViewSet(viewsets.GenericViewSet):
    """Kept and broken promises in the engagements that the caller may see."""

    serializer_class = AttainmentSerializer
    required_permissions = {"list": None}
    pagination_class = None
    queryset = Escalation.objects.none()

    @extend_schema(
        parameters=[
            _parameter("clock", "Which clock the rows and causes are about", Clock.Kind.values),
            _parameter("by", "What the rows are by", choosing.ROWS),
            _parameter("since", "First day of declaration, as 2026-11-01; a year before `until` if left out"),
            _parameter("until", "Last day of declaration; today if left out"),
            _parameter("severity", "Only this severity", catalog.severities()),
            _parameter("lane", "Only this lane", catalog.lanes()),
            _parameter("customer", "Only this customer (AWS's side)", kind=int),
        ],
        responses=AttainmentSerializer,
    )
    def list(self, request):
        """Attainment by row, times and causes."""
        now = timezone.now()
        today = now.astimezone(ZoneInfo(request.user.time_zone)).date()
        form = choosing.Filters(request.query_params, user=request.user, today=today)
        if not form.is_valid():
            raise Unprocessable({name: [str(text) for text in texts] for name, texts in form.errors.items()})
        board = boards.board(request.user, form.choice(), now)
        choice = board.choice
        answer = {
            "clock": choice.clock,
            "by": choice.by,
            "since": choice.since,
            "until": choice.until,
            "escalations": len(board.all_cases),
            "clocks": board.clocks,
            "rows": board.rows,
            "spans": [
                {"key": key, "label": label, "count": spread.count, "median_s": spread.median_s}
                | {"p90_s": spread.p90_s, "worst_s": spread.worst_s}
                for key, label, spread in board.spans
            ],
            "causes": [{"key": key, "label": label, "count": count} for key, label, count in board.causes],
        }
        return Response(AttainmentSerializer(answer).data)


class BreachSerializer(serializers.Serializer):
    """A broken promise; the cause is null until somebody gave one, or where the caller may not know it."""

    key = serializers.CharField(source="promise.key")
    clock = serializers.CharField(source="promise.kind")
    cycle = serializers.IntegerField(source="promise.cycle")
    severity = serializers.CharField(source="promise.severity")
    breached_at = serializers.DateTimeField(source="promise.breached_at")
    late_s = serializers.IntegerField(source="promise.late_s", allow_null=True)
    cause = serializers.SerializerMethodField()

    def get_cause(self, breach: panel.Breach) -> dict | None:
        """Kind, words, author and instant of the newest cause."""
        cause = breach.cause
        if cause is None:
            return None
        return {"kind": cause.kind, "text": cause.text, "by": cause.by_name, "at": cause.at}


class CauseSerializer(serializers.Serializer):
    """One cause for one breach or several, by their keys."""

    breaches = serializers.ListField(child=serializers.CharField(max_length=60), min_length=1, max_length=500)
    kind = serializers.ChoiceField(choices=BreachCause.Kind.choices)
    text = serializers.CharField(max_length=causes.LONGEST_TEXT)


@nested
class BreachViewSet(viewsets.GenericViewSet):
    """The broken promises of one escalation, and what they came from."""

    serializer_class = BreachSerializer
    required_permissions = {"list": Permission.VIEW, "create": Permission.HANDLE_ESCALATION}
    pagination_class = None
    queryset = Escalation.objects.none()

    @extend_schema(responses=BreachSerializer(many=True))
    def list(self, request, reference, number):
        """All of them, oldest first."""
        return Response(self._breaches(self._one(number)))

    @extend_schema(request=CauseSerializer, responses={201: BreachSerializer(many=True)})
    def create(self, request, reference, number):
        """Say what some of them came from; a later word replaces an earlier one, which stays on record."""
        escalation = self._one(number)
        words = CauseSerializer(data=request.data)
        words.is_valid(raise_exception=True)
        causes.name_cause(escalation=escalation, by=request.user, now=timezone.now(), **words.validated_data)
        return Response(self._breaches(escalation), status=status.HTTP_201_CREATED)

    def _one(self, number: str) -> Escalation:
        found = Escalation.objects.filter(engagement=self.request.engagement)
        return get_object_or_404(found, number=number)

    def _breaches(self, escalation: Escalation) -> list[dict]:
        is_staff = Permission.SEE_INTERNAL in self.request.permissions
        found = panel.breaches_of(escalation, timezone.now(), is_staff=is_staff)
        return BreachSerializer(found, many=True).data


routes = [
    (r"attainment", AttainmentViewSet, "attainment"),
    (
        r"engagements/(?P<reference>[^/.]+)/escalations/(?P<number>[0-9]{1,9})/breaches",
        BreachViewSet,
        "breach",
    ),
]
