"""The acts of the API that happen to an escalation among others, after its end, or to its path."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements.access import Permission
from escalation import actions, lanes
from escalation import api_clocks as clocks
from escalation import api_serializers as words

# By act: who may. The verbs check what cannot be undone once more.
PERMISSIONS = {
    "acknowledge": Permission.VIEW,
    "take": Permission.VIEW,
    "snooze": Permission.VIEW,
    "ask": Permission.ESCALATE,
    "management": Permission.ESCALATE,
    "management_back": Permission.ESCALATE,
    "reopen": Permission.HANDLE_ESCALATION,
    "follow": Permission.ESCALATE,
    "split": Permission.ESCALATE,
    "start_lane": Permission.ESCALATE,
    "merge": Permission.HANDLE_ESCALATION,
    "links": Permission.VIEW,
    "link": Permission.ESCALATE,
    "unlink": Permission.ESCALATE,
    "clocks": Permission.VIEW,
    "preview": Permission.ESCALATE,
}


class MoreActs:
    """Actions of the view set; it brings `act`, `made` and `_one`."""

    @extend_schema(request=words.AcknowledgeSerializer)
    @action(detail=True, methods=["post"])
    def acknowledge(self, request, reference, number):
        """Say that you have it: nobody is paged again until it runs out."""
        return self.act(number, actions.acknowledge, words.AcknowledgeSerializer)

    @extend_schema(request=words.AcknowledgeSerializer)
    @action(detail=True, methods=["post"])
    def take(self, request, reference, number):
        """Acknowledge and become the owner."""
        return self.act(number, actions.take, words.AcknowledgeSerializer)

    @extend_schema(request=words.SnoozeSerializer)
    @action(detail=True, methods=["post"])
    def snooze(self, request, reference, number):
        """Quiet until a chosen time."""
        return self.act(number, actions.snooze, words.SnoozeSerializer)

    @extend_schema(request=words.AskSerializer)
    @action(detail=True, methods=["post"])
    def ask(self, request, reference, number):
        """Note that AWS Support was asked for an answer; it stops no clock."""
        return self.act(number, actions.ask_for_answer, words.AskSerializer)

    @extend_schema(request=words.ManagementSerializer)
    @action(detail=True, methods=["post"])
    def management(self, request, reference, number):
        """Bring in a level of the customer's management."""
        return self.act(number, actions.raise_management, words.ManagementSerializer)

    @extend_schema(request=words.ManagementBackSerializer)
    @action(detail=True, methods=["post"], url_path="management-back")
    def management_back(self, request, reference, number):
        """A higher level of the customer's management is not needed any more."""
        return self.act(number, actions.step_back_management, words.ManagementBackSerializer)

    @extend_schema(request=words.ReopenSerializer)
    @action(detail=True, methods=["post"])
    def reopen(self, request, reference, number):
        """It broke again, or was no duplicate; within 14 days of its end."""
        return self.act(number, actions.reopen, words.ReopenSerializer)

    @extend_schema(request=words.BecauseSerializer, responses={201: words.EscalationSerializer})
    @action(detail=True, methods=["post"])
    def follow(self, request, reference, number):
        """It is back long after its end: answers the new, linked escalation."""
        return self.act(number, actions.follow_up, words.BecauseSerializer, is_new=True)

    @extend_schema(request=words.SplitSerializer, responses={201: words.EscalationSerializer})
    @action(detail=True, methods=["post"])
    def split(self, request, reference, number):
        """Give a part of it clocks of its own: answers the new escalation."""
        return self.act(number, actions.split, words.SplitSerializer, is_new=True)

    @extend_schema(request=words.StartLaneSerializer, responses={201: words.EscalationSerializer})
    @action(detail=True, methods=["post"], url_path="start-lane")
    def start_lane(self, request, reference, number):
        """Work on it in the other lane too: answers the new escalation there."""
        return self.act(number, actions.start_lane, words.StartLaneSerializer, is_new=True)

    @extend_schema(request=words.MergeSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request, reference, number):
        """It is the same problem as another: its clocks end, breaches on record stay."""
        return self.act(number, actions.merge, words.MergeSerializer)

    @extend_schema(responses=words.EscalationLinkSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def links(self, request, reference, number):
        """The links in force, in both directions."""
        found = lanes.links_of(self.one(number))
        return Response(words.EscalationLinkSerializer(found, many=True).data)

    @extend_schema(request=words.LinkSerializer)
    @action(detail=True, methods=["post"])
    def link(self, request, reference, number):
        """Say that it belongs together with another."""
        return self.act(number, actions.link, words.LinkSerializer)

    @extend_schema(request=words.UnlinkSerializer)
    @action(detail=True, methods=["post"])
    def unlink(self, request, reference, number):
        """End a link that was wrong; it stays on record."""
        return self.act(number, actions.unlink, words.UnlinkSerializer)

    @extend_schema(responses=clocks.ClockSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def clocks(self, request, reference, number):
        """The four clocks, why each deadline is where it is, and when each ran and stood still."""
        found = clocks.clocks_of(self.one(number), request.engagement.time_zone, timezone.now())
        return Response(clocks.ClockSerializer(found, many=True).data)

    @extend_schema(
        parameters=[OpenApiParameter("severity", str, required=True)], responses=words.PreviewSerializer
    )
    @action(detail=True, methods=["get"])
    def preview(self, request, reference, number):
        """What another severity would do to each clock, and who would hear; changes nothing."""
        severity = request.query_params.get("severity", "")
        found = actions.preview_severity(escalation=self.one(number), severity=severity, now=timezone.now())
        return Response(words.PreviewSerializer(found).data, status=status.HTTP_200_OK)
