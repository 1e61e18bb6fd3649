"""The API of engagements: the same verbs and the same access rules as the pages."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import PermissionDenied
from rest_framework.response import Response

from engagements import actions, criteria, errors, feed, schedule
from engagements.access import Permission, audience, visible_engagements
from engagements.errors import InvalidValue
from engagements.models import Engagement, Milestone, SuccessCriterion, TimelineEntry
from engagements.serializers import (
    ActualSerializer,
    CriterionInSerializer,
    CriterionSerializer,
    EngagementEditSerializer,
    EngagementSerializer,
    LineSerializer,
    MilestoneDoneSerializer,
    MilestoneSerializer,
    NewEngagementSerializer,
    TimelineNoteSerializer,
    VersionSerializer,
    WindowPreviewSerializer,
    WindowSerializer,
)
from engagements.views.opening import OPENERS
from iem_portal.api_schema import nested
from iem_portal.problems import Conflict, Unprocessable

NESTED = r"engagements/(?P<reference>[^/.]+)"


def verb(call, **words):
    """Run a verb; what it refuses becomes 422 with the fields, 409 with both values."""
    try:
        return call(**words)
    except InvalidValue as invalid:
        raise Unprocessable({name: [text] for name, text in invalid.errors.items()}) from invalid
    except errors.Conflict as conflict:
        stored = {"version": conflict.current.version}
        if conflict.field:
            stored |= {"field": conflict.field, "value": conflict.theirs, "yours": conflict.mine}
        elif isinstance(conflict.theirs, dict):
            stored |= {"values": conflict.theirs, "yours": conflict.mine}
        raise Conflict("Somebody saved first.", stored=stored) from conflict


def valid(serializer_class, data, **options) -> dict:
    """The data of a request, checked; a mistake answers 422 with the fields."""
    serializer = serializer_class(data=data, **options)
    if not serializer.is_valid():
        raise Unprocessable(serializer.errors)
    return serializer.validated_data


class EngagementViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The engagements the caller may see; opening one needs a TAM, a manager or an administrator."""

    serializer_class = EngagementSerializer
    lookup_field = "reference"
    queryset = Engagement.objects.none()
    required_permissions = {
        "list": None,
        "create": None,
        "retrieve": Permission.VIEW,
        "partial_update": Permission.DRIVE,
        "window": Permission.DRIVE,
    }

    def get_queryset(self):
        """Nobody else's."""
        return visible_engagements(self.request.user).select_related("customer").order_by("starts_at", "pk")

    @extend_schema(request=NewEngagementSerializer, responses={201: EngagementSerializer})
    def create(self, request) -> Response:
        """Open an engagement."""
        if not request.user.is_aws or request.user.portal_role not in OPENERS:
            raise PermissionDenied
        data = valid(NewEngagementSerializer, request.data)
        engagement = verb(actions.open_engagement, by=request.user, now=timezone.now(), **data)
        return Response(EngagementSerializer(engagement).data, status=201)

    @extend_schema(request=EngagementEditSerializer, responses=EngagementSerializer)
    def partial_update(self, request, reference: str) -> Response:
        """Change facts; ``base_version`` says which state was read."""
        facts = valid(EngagementEditSerializer, request.data, partial=True)
        if "base_version" not in facts:
            raise Unprocessable({"base_version": [_("This field is required.")]})
        verb(
            actions.edit_engagement, engagement=request.engagement, base_version=facts.pop("base_version"),
            facts=facts, by=request.user, now=timezone.now(),
        )  # fmt: skip
        request.engagement.refresh_from_db()
        return Response(EngagementSerializer(request.engagement).data)

    @extend_schema(request=WindowSerializer, responses=WindowPreviewSerializer)
    @action(detail=True, methods=["post"])
    def window(self, request, reference: str) -> Response:
        """What a new window moves; saves it when ``save`` is true."""
        data, now = valid(WindowSerializer, request.data), timezone.now()
        if data["save"]:
            preview = verb(
                schedule.move_window, engagement=request.engagement, window=data["window"],
                base_version=data["base_version"], by=request.user, now=now, reason=data["reason"],
            )  # fmt: skip
        else:
            preview = schedule.preview_window(request.engagement, data["window"], now=now, by=request.user)
        found = {
            "is_saved": data["save"],
            "plan_days": preview.plan_days,
            "is_late": preview.is_late,
            "told": [member.user.name for member in preview.told],
            "moves": [
                {
                    "code": move.milestone.code,
                    "old_due_at": move.old_due_at,
                    "new_due_at": move.new_due_at,
                    "conflict": move.conflict,
                    "is_moved": move.is_moved,
                }
                for move in preview.moves
            ],
        }
        return Response(WindowPreviewSerializer(found).data)


@nested
class CriterionViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Success criteria of one engagement."""

    serializer_class = CriterionSerializer
    queryset = SuccessCriterion.objects.none()
    required_permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "create": Permission.FILL_WORKBOOK,
        "partial_update": Permission.FILL_WORKBOOK,
        "destroy": Permission.DRIVE,
        "agree": Permission.FILL_WORKBOOK,
        "actual": Permission.EDIT_REVIEW,
    }

    def get_queryset(self):
        """Those in force."""
        return criteria.of(self.request.engagement).select_related("engagement")

    def _common(self, version: int) -> dict:
        """What every verb on one criterion takes."""
        return {
            "criterion": self.get_object(),
            "base_version": version,
            "by": self.request.user,
            "now": timezone.now(),
        }

    def _answer(self, pk) -> Response:
        return Response(CriterionSerializer(get_object_or_404(self.get_queryset(), pk=pk)).data)

    @extend_schema(request=CriterionInSerializer, responses={201: CriterionSerializer})
    def create(self, request, reference: str) -> Response:
        """Add a criterion."""
        new = criteria.NewCriterion(**valid(CriterionInSerializer, request.data))
        criterion = verb(
            criteria.add_criterion,
            engagement=request.engagement,
            new=new,
            by=request.user,
            now=timezone.now(),
        )
        return Response(CriterionSerializer(criterion).data, status=201)

    @extend_schema(request=CriterionInSerializer, responses=CriterionSerializer)
    def partial_update(self, request, reference: str, pk=None) -> Response:
        """Save the named fields, all or none; ``base_version`` says which state was read."""
        version = valid(VersionSerializer, request.data)["base_version"]
        fields = {
            name: "" if value is None else str(value)
            for name, value in request.data.items()
            if name != "base_version"
        }
        with transaction.atomic():
            for name, value in fields.items():
                saved = verb(criteria.save_field, field=name, value=value, **self._common(version))
                version = saved.version
        return self._answer(pk)

    @extend_schema(request=VersionSerializer, responses={204: None})
    def destroy(self, request, reference: str, pk=None) -> Response:
        """Take a criterion out of force."""
        version = valid(VersionSerializer, request.data or request.query_params)["base_version"]
        verb(criteria.remove_criterion, **self._common(version))
        return Response(status=204)

    @extend_schema(request=VersionSerializer, responses=CriterionSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request, reference: str, pk=None) -> Response:
        """Say yes for one's own side."""
        version = valid(VersionSerializer, request.data)["base_version"]
        verb(criteria.agree, role=request.role, **self._common(version))
        return self._answer(pk)

    @extend_schema(request=ActualSerializer, responses=CriterionSerializer)
    @action(detail=True, methods=["post"])
    def actual(self, request, reference: str, pk=None) -> Response:
        """Write the measured value."""
        data = valid(ActualSerializer, request.data)
        text = "" if data["actual"] is None else str(data["actual"])
        verb(criteria.record_actual, actual=text, note=data["note"], **self._common(data["base_version"]))
        return self._answer(pk)


@nested
class MilestoneViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """The milestones of one engagement."""

    serializer_class = MilestoneSerializer
    lookup_field = "code"
    queryset = Milestone.objects.none()
    required_permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "partial_update": Permission.DRIVE,
    }

    def get_queryset(self):
        """In the order of the plan."""
        return Milestone.objects.filter(engagement=self.request.engagement).select_related("engagement")

    @extend_schema(request=MilestoneDoneSerializer, responses=MilestoneSerializer)
    def partial_update(self, request, reference: str, code: str) -> Response:
        """Done, or open again."""
        data = valid(MilestoneDoneSerializer, request.data)
        milestone = verb(
            schedule.set_done, milestone=self.get_object(), is_done=data["is_done"],
            base_version=data["base_version"], by=request.user, now=timezone.now(),
        )  # fmt: skip
        return Response(MilestoneSerializer(milestone).data)


@nested
class TimelineViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """The timeline of one engagement, newest first, without what the caller's side must not read."""

    serializer_class = LineSerializer
    queryset = TimelineEntry.objects.none()
    required_permissions = {"list": Permission.VIEW, "create": Permission.POST_UPDATE}

    def get_queryset(self):
        """By audience."""
        rows = feed.entries(self.request.engagement, audience=audience(self.request.user))
        return rows.select_related("engagement")

    @extend_schema(request=TimelineNoteSerializer, responses={201: LineSerializer})
    def create(self, request, reference: str) -> Response:
        """Write a note."""
        data = valid(TimelineNoteSerializer, request.data)
        if data["is_internal"] and Permission.SEE_INTERNAL not in request.permissions:
            raise PermissionDenied
        entry = actions.post_note(
            engagement=request.engagement, text=data["text"], by=request.user, now=timezone.now(),
            audience="aws" if data["is_internal"] else "all", client_id=data["client_id"],
        )  # fmt: skip
        return Response(LineSerializer(entry).data, status=201)


routes = [
    ("engagements", EngagementViewSet, "engagement"),
    (f"{NESTED}/criteria", CriterionViewSet, "criterion"),
    (f"{NESTED}/milestones", MilestoneViewSet, "milestone"),
    (f"{NESTED}/timeline", TimelineViewSet, "timeline"),
]
