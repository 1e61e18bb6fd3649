"""The API of talk, to be read: comments and open items, with the access of the pages; notes are not in it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from engagements.access import Permission
from iem_portal.api_schema import nested
from iem_portal.problems import Unprocessable
from workbook import editions
from workbook.talk import people, reading


class CommentSerializer(serializers.Serializer):
    """One comment as it stands now; ``text`` is null when its writer deleted it."""

    id = serializers.IntegerField()
    thread = serializers.IntegerField()
    section = serializers.CharField()
    row = serializers.CharField(help_text="a number, or the key of a fixed row; empty for the section")
    field = serializers.CharField(help_text="empty for a row or the section")
    text = serializers.CharField(allow_null=True)
    mentions = serializers.ListField(child=serializers.IntegerField())
    by_name = serializers.CharField()
    at = serializers.DateTimeField()
    version = serializers.IntegerField()
    is_resolved = serializers.BooleanField()


class OpenItemSerializer(serializers.Serializer):
    """A question that waits; a value saved in its cell answers it."""

    id = serializers.IntegerField()
    section = serializers.CharField()
    row = serializers.CharField()
    field = serializers.CharField()
    question = serializers.CharField()
    asked_name = serializers.CharField()
    is_mine = serializers.BooleanField()
    by_name = serializers.CharField()
    due_at = serializers.DateTimeField()
    at = serializers.DateTimeField()


@nested
class CommentViewSet(viewsets.ViewSet):
    """The comments of a section."""

    serializer_class = CommentSerializer
    required_permissions = {"list": Permission.VIEW}

    @extend_schema(
        parameters=[OpenApiParameter("section", required=True)], responses=CommentSerializer(many=True)
    )
    def list(self, request, reference: str) -> Response:
        """Every comment of one section, talk by talk."""
        section = editions.section(request.engagement, request.query_params.get("section", ""))
        if section is None:
            raise Unprocessable({"section": [_("Name a section of this workbook.")]})
        names = people.names(people.of(request.engagement))
        talks = reading.talks_of_section(request.engagement, section, reader=request.user, names=names)
        found = [_comment(talk, each) for talk in talks for each in talk.comments]
        return Response(CommentSerializer(found, many=True).data)


def _comment(talk: reading.Talk, each: reading.CommentView) -> dict:
    thread, comment = talk.thread, each.comment
    return {
        "id": comment.pk,
        "thread": thread.pk,
        "section": thread.section,
        "row": _row(thread),
        "field": thread.field,
        "text": each.last.text if each.last else None,
        "mentions": each.last.people if each.last else [],
        "by_name": comment.by_name,
        "at": comment.at,
        "version": comment.version,
        "is_resolved": not talk.is_open,
    }


def _row(thing) -> str:
    return (thing.row.key or str(thing.row_id)) if thing.row_id else ""


@nested
class OpenItemViewSet(viewsets.ViewSet):
    """The questions of the workbook that still wait."""

    serializer_class = OpenItemSerializer
    required_permissions = {"list": Permission.VIEW}

    @extend_schema(responses=OpenItemSerializer(many=True))
    def list(self, request, reference: str) -> Response:
        """Every open item, one's own first, then by day."""
        sections = editions.sections(request.engagement)
        items = reading.open_items(request.engagement, sections, reader=request.user)
        found = [_item(each.item, request.user) for each in items]
        return Response(OpenItemSerializer(found, many=True).data)


def _item(item, reader) -> dict:
    return {
        "id": item.pk,
        "section": item.section,
        "row": _row(item),
        "field": item.field,
        "question": item.question,
        "asked_name": item.asked_name,
        "is_mine": item.asked_id == reader.pk,
        "by_name": item.by_name,
        "due_at": item.due_at,
        "at": item.at,
    }
