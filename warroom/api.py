"""The API of the war room: watches as they stand, runbook steps, status updates; same verbs and rules as the pages."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements.access import Permission, audience
from iem_portal.api_schema import nested
from iem_portal.problems import Conflict, Unprocessable
from warroom import api_runbook, inputs, room, runbook
from warroom.models import StatusUpdate, Step
from warroom.outlook import outlook
from warroom.panels import telemetry
from warroom.reading import updates_of
from warroom.serializers import (
    ActSerializer,
    DecideSerializer,
    DeviationSerializer,
    EvidenceSerializer,
    FinishSerializer,
    NoteSerializer,
    PostSerializer,
    ReasonSerializer,
    StepSerializer,
    TimedSerializer,
    UpdateSerializer,
    WatchSerializer,
)

NESTED = r"engagements/(?P<reference>[^/.]+)"


@nested
class WatchViewSet(viewsets.GenericViewSet):
    """The watches of the workbook with their latest values."""

    serializer_class = WatchSerializer
    required_permissions = {"list": Permission.VIEW}
    pagination_class = None
    queryset = Step.objects.none()

    def list(self, request, reference):
        """All of them, in the order of the board; those put away there follow."""
        board = telemetry.metrics(request.engagement, timezone.now())
        tiles = [*board["tiles"], *board["hidden"]]
        return Response(self.get_serializer([_watch(tile) for tile in tiles], many=True).data)


def _watch(tile: dict) -> dict:
    watch = tile["watch"]
    same = (
        "title",
        "account_id",
        "region",
        "namespace",
        "metric",
        "stat",
        "period_s",
        "unit",
        "warn",
        "crit",
        "direction",
    )
    return {name: getattr(watch, name) for name in same} | {
        "row": watch.row_id,
        "state": tile["state"],
        "value": tile["raw_value"],
        "data_until": tile["data_until"],
        "fault": tile["fault"]["kind"] if tile["fault"] else "",
    }


@nested
class StepViewSet(viewsets.GenericViewSet):
    """The runbook's steps, by code."""

    serializer_class = StepSerializer
    lookup_field = "code"
    pagination_class = None
    queryset = Step.objects.none()
    required_permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "create": Permission.RUN_STEPS,
        **dict.fromkeys(
            (
                "start",
                "finish",
                "fail",
                "retry",
                "work_around",
                "block",
                "unblock",
                "skip",
                "approve_skip",
                "refuse_skip",
                "reopen",
                "note",
                "evidence",
                "decide",
            ),
            Permission.RUN_STEPS,
        ),
    }

    def list(self, request, reference):
        """Every step in order; empty without a runbook."""
        view = outlook(request.engagement, timezone.now())
        steps = view.steps if view else []
        return Response(StepSerializer(steps, many=True, context={"view": view}).data)

    def retrieve(self, request, reference, code):
        """One step."""
        return Response(self._shown(code))

    @extend_schema(request=None, responses={201: StepSerializer(many=True)})
    def create(self, request, reference):
        """Make the runbook from the template of the event type."""
        try:
            runbook.create_runbook(engagement=request.engagement, by=request.user, now=timezone.now())
        except runbook.StepError as error:
            raise Conflict(str(error), stored={}) from error
        response = self.list(request, reference)
        response.status_code = status.HTTP_201_CREATED
        return response

    @extend_schema(request=TimedSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request, reference, code):
        """Begin the step."""
        return self._act(code, runbook.start_step, TimedSerializer)

    @extend_schema(request=FinishSerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request, reference, code):
        """End the step."""
        return self._act(code, runbook.finish_step, FinishSerializer)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def fail(self, request, reference, code):
        """Say that a running step did not work; its successors wait."""
        return self._act(code, runbook.fail_step, ReasonSerializer)

    @extend_schema(request=ActSerializer)
    @action(detail=True, methods=["post"])
    def retry(self, request, reference, code):
        """Try a failed step again."""
        return self._act(code, runbook.retry_step, ActSerializer)

    @extend_schema(request=DeviationSerializer)
    @action(detail=True, methods=["post"], url_path="work-around", url_name="work-around")
    def work_around(self, request, reference, code):
        """End a failed step as done with deviation."""
        return self._act(code, runbook.work_around_step, DeviationSerializer)

    @extend_schema(request=ActSerializer)
    @action(detail=True, methods=["post"], url_path="approve-skip", url_name="approve-skip")
    def approve_skip(self, request, reference, code):
        """The commander agrees to leave the step out."""
        return self._act(code, runbook.approve_skip, ActSerializer)

    @extend_schema(request=ActSerializer)
    @action(detail=True, methods=["post"], url_path="refuse-skip", url_name="refuse-skip")
    def refuse_skip(self, request, reference, code):
        """The commander does not agree."""
        return self._act(code, runbook.refuse_skip, ActSerializer)

    @extend_schema(request=EvidenceSerializer)
    @action(detail=True, methods=["post"])
    def evidence(self, request, reference, code):
        """Keep what proves the step."""
        return self._act(code, runbook.add_evidence, EvidenceSerializer)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def block(self, request, reference, code):
        """Stop the step."""
        return self._act(code, runbook.block_step, ReasonSerializer)

    @extend_schema(request=ActSerializer)
    @action(detail=True, methods=["post"])
    def unblock(self, request, reference, code):
        """Let the step go on."""
        return self._act(code, runbook.unblock_step, ActSerializer)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def skip(self, request, reference, code):
        """Leave the step out."""
        return self._act(code, runbook.skip_step, ReasonSerializer)

    @extend_schema(request=ReasonSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, reference, code):
        """Take back a step closed by mistake."""
        return self._act(code, runbook.reopen_step, ReasonSerializer)

    @extend_schema(request=NoteSerializer)
    @action(detail=True, methods=["post"])
    def note(self, request, reference, code):
        """Keep a remark."""
        return self._act(code, runbook.note_step, NoteSerializer)

    @extend_schema(request=DecideSerializer)
    @action(detail=True, methods=["post"])
    def decide(self, request, reference, code):
        """Decide a gate."""
        return self._act(code, runbook.decide_gate, DecideSerializer)

    def _step(self, code: str) -> Step:
        """The step of the runbook on the board; a rehearsal and a rollback have codes of their own runbook."""
        try:
            return runbook.find(self.request.engagement, code)
        except Step.DoesNotExist:
            raise Http404 from None

    def _shown(self, code: str) -> dict:
        step = self._step(code)
        view = outlook(self.request.engagement, timezone.now(), step.runbook.number)
        return StepSerializer(step, context={"view": view}).data

    def _act(self, code: str, verb, serializer) -> Response:
        checked = serializer(data=self.request.data)
        checked.is_valid(raise_exception=True)
        words = dict(checked.validated_data)
        version = words.pop("base_version")
        step = self._step(code)
        if verb is runbook.decide_gate:
            words["inputs"] = inputs.at_gate(step, timezone.now())
        try:
            verb(step=step, version=version, by=self.request.user, now=timezone.now(), **words)
        except runbook.StepError as error:
            raise Unprocessable({error.field or "non_field_errors": [str(error)]}) from error
        except runbook.StepConflict as conflict:
            raise Conflict("Somebody changed this step meanwhile.", stored=self._shown(code)) from conflict
        return Response(self._shown(code))


@nested
class UpdateViewSet(viewsets.GenericViewSet):
    """Status updates; AWS-only ones are not there for the customer."""

    serializer_class = UpdateSerializer
    pagination_class = None
    queryset = StatusUpdate.objects.none()
    required_permissions = {"list": Permission.VIEW, "create": Permission.POST_UPDATE}

    def list(self, request, reference):
        """All of them, oldest first."""
        rows = updates_of(request.engagement, audience=audience(request.user))
        return Response(UpdateSerializer(rows, many=True).data)

    @extend_schema(request=PostSerializer, responses={201: UpdateSerializer})
    def create(self, request, reference):
        """Send one."""
        checked = PostSerializer(data=request.data)
        checked.is_valid(raise_exception=True)
        try:
            sent = room.post_update(
                engagement=request.engagement, by=request.user, now=timezone.now(), **checked.validated_data
            )
        except room.UpdateError as error:
            raise Unprocessable({error.field: [str(error)]}) from error
        return Response(UpdateSerializer(sent).data, status=status.HTTP_201_CREATED)


routes = [
    *api_runbook.routes,
    (rf"{NESTED}/watches", WatchViewSet, "watch"),
    (rf"{NESTED}/steps", StepViewSet, "step"),
    (rf"{NESTED}/status-updates", UpdateViewSet, "status-update"),
]
