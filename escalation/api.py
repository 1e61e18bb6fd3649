"""The API of escalations: the same verbs and rules as the pages."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements.access import Permission
from escalation import actions, faces, inside
from escalation import api_serializers as words
from escalation.api_acts import PERMISSIONS, MoreActs
from escalation.models import Escalation
from iem_portal.api_schema import nested
from iem_portal.problems import Conflict

# Facts that come with the opening as they are; the others are words of the verb itself.
FACTS = ("impact", "account_id", "region", "service", "resources", "tried", "wanted")


@nested
class EscalationViewSet(MoreActs, viewsets.GenericViewSet):
    """Escalations of one engagement, by number."""

    serializer_class = words.EscalationSerializer
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
        "wait": Permission.HANDLE_ESCALATION,
        "go_on": Permission.ESCALATE,
        "facts": Permission.ESCALATE,
        "severity": Permission.ESCALATE,
        "restored": Permission.ESCALATE,
        "resolve": Permission.HANDLE_ESCALATION,
        "say": Permission.ESCALATE,
        **PERMISSIONS,
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
        page = [self._seen(one) for one in self.paginate_queryset(self.get_queryset())]
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request, reference, number):
        """One of them."""
        return Response(self.get_serializer(self.one(number)).data)

    @extend_schema(request=words.OpenSerializer, responses={201: words.EscalationSerializer})
    def create(self, request, reference):
        """Open one; no clock runs until its case is noted."""
        given, now = _valid(words.OpenSerializer, request), timezone.now()
        given.setdefault("detected_at", now)
        facts = {name: given.pop(name) for name in FACTS if name in given}
        escalation = actions.open_escalation(
            engagement=request.engagement, by=request.user, now=now, facts=facts, **given
        )
        return Response(self.get_serializer(self.one(escalation.number)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=words.CaseSerializer)
    @action(detail=True, methods=["post"])
    def case(self, request, reference, number):
        """Note the support case; the first-answer clock starts at its creation."""
        return self.act(number, actions.case_opened, words.CaseSerializer)

    @extend_schema(request=words.AnswerSerializer)
    @action(detail=True, methods=["post"])
    def answer(self, request, reference, number):
        """Stop the first-answer clock."""
        return self.act(number, actions.answered, words.AnswerSerializer)

    @extend_schema(request=words.HandOverSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request, reference, number):
        """Another level or owner."""
        return self.act(number, actions.hand_over, words.HandOverSerializer)

    @extend_schema(request=words.LaneSerializer)
    @action(detail=True, methods=["post"])
    def lane(self, request, reference, number):
        """The other lane."""
        return self.act(number, actions.change_lane, words.LaneSerializer)

    @extend_schema(request=words.SeveritySerializer)
    @action(detail=True, methods=["post"])
    def severity(self, request, reference, number):
        """Another severity; the clock keeps its start."""
        return self.act(number, actions.change_severity, words.SeveritySerializer)

    @extend_schema(request=words.DatedSerializer)
    @action(detail=True, methods=["post"])
    def restored(self, request, reference, number):
        """The service works again."""
        return self.act(number, actions.restored, words.DatedSerializer)

    @extend_schema(request=words.ResolveSerializer)
    @action(detail=True, methods=["post"])
    def resolve(self, request, reference, number):
        """End it."""
        return self.act(number, actions.resolved, words.ResolveSerializer)

    @extend_schema(request=words.SaySerializer, responses={204: None})
    @action(detail=True, methods=["post"])
    def say(self, request, reference, number):
        """Log what was said, which may count as an update to the customer."""
        given = _valid(words.SaySerializer, request)
        actions.add_communication(escalation=self.one(number), by=request.user, now=timezone.now(), **given)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=words.WaitSerializer)
    @action(detail=True, methods=["post"])
    def wait(self, request, reference, number):
        """AWS waits for the customer: update and level stand still."""
        return self.act(number, actions.waiting, words.WaitSerializer)

    @extend_schema(request=words.DatedSerializer)
    @action(detail=True, methods=["post"], url_path="go-on")
    def go_on(self, request, reference, number):
        """The customer did their part: what stood still goes on."""
        return self.act(number, actions.waiting_over, words.DatedSerializer)

    @extend_schema(request=words.FactsSerializer)
    @action(detail=True, methods=["post"])
    def facts(self, request, reference, number):
        """Fill in or correct what is known; what is left out stays."""

        def edit(*, escalation, by, now, base_version, reason, **facts):
            return actions.edit_facts(
                escalation=escalation, facts=facts, by=by, now=now, reason=reason, base_version=base_version
            )

        return self.act(number, edit, words.FactsSerializer)

    def one(self, number: int) -> Escalation:
        """The escalation of this number in the engagement of the URL as this side may know it, or 404."""
        return self._seen(get_object_or_404(self.get_queryset(), number=number))

    def _seen(self, escalation: Escalation) -> Escalation:
        return inside.seen(escalation, is_staff=Permission.SEE_INTERNAL in self.request.permissions)

    def act(self, number: int, verb, serializer, *, is_new: bool = False) -> Response:
        """Check, call the verb, answer the escalation as it is then; ``is_new``: the one that the verb opened."""
        given = _valid(serializer, self.request)
        try:
            done = verb(escalation=self.one(number), by=self.request.user, now=timezone.now(), **given)
        except actions.StaleWrite as stale:
            stored = self.get_serializer(self.one(number)).data
            raise Conflict("Somebody changed this escalation meanwhile.", stored=stored) from stale
        if is_new:
            made = self.get_serializer(self.one(done.number)).data
            return Response(made, status=status.HTTP_201_CREATED)
        return Response(self.get_serializer(self.one(number)).data)


def _valid(serializer, request) -> dict:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


routes = [(r"engagements/(?P<reference>[^/.]+)/escalations", EscalationViewSet, "escalation")]
