"""The API of files of support cases: taken up to go along with a message, and fetched when they came with one."""

from __future__ import annotations

import io

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers, status, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from engagements.access import Permission
from escalation import faces, inside
from escalation.cases import asking, files, words
from escalation.models import CaseFile, CaseMessage, Escalation, SupportCase
from iem_portal.api_schema import nested
from iem_portal.aws.errors import AwsError
from iem_portal.problems import Unprocessable

ANY = "application/octet-stream"


class NoAnswerFromAws(exceptions.APIException):
    """AWS did not give what was asked of it; `detail` says why in words."""

    status_code = status.HTTP_502_BAD_GATEWAY
    default_code = "bad gateway"


class KeptFileSerializer(serializers.ModelSerializer):
    """A file that was put to the cases of an escalation; `key` names it in `files` of a case or a reply. Bytes."""

    class Meta:
        model = CaseFile
        fields = ["key", "name", "size", "uploaded_at", "by_name"]


class CaseUploadSerializer(serializers.Serializer):
    """One file of 5 MB at most: text, picture, PDF, Office or zip."""

    file = serializers.FileField()


class SentFileSerializer(serializers.Serializer):
    """A file that came with a message of a case; AWS keeps it, and `messages/<message>/files/<nth>/` fetches it."""

    message = serializers.IntegerField()
    nth = serializers.IntegerField()
    name = serializers.CharField()
    at = serializers.DateTimeField()
    is_from_aws = serializers.BooleanField()


def sent_files(messages) -> list[dict]:
    """What came with these messages, as SentFileSerializer draws it."""
    return [
        {"message": said.pk, "nth": nth, "name": one["name"], "at": said.at, "is_from_aws": said.is_from_aws}
        for said in messages
        for nth, one in enumerate(said.files, 1)
    ]


def escalation_of(request, number: str) -> Escalation:
    """An escalation of the engagement that is asked for, without what the caller may not see; or 404."""
    mine = Escalation.objects.filter(engagement=request.engagement)
    found = get_object_or_404(faces.with_clocks(mine), number=number)
    return inside.seen(found, is_staff=Permission.SEE_INTERNAL in request.permissions)


def case_of(request, number: str, pk: str) -> SupportCase:
    """A case of one of its escalations; or 404."""
    mine = SupportCase.objects.filter(escalation__engagement=request.engagement)
    return get_object_or_404(mine.select_related("escalation__engagement"), escalation__number=number, pk=pk)


@nested
class CaseUploadViewSet(viewsets.GenericViewSet):
    """Files that people put to the cases of one escalation."""

    serializer_class = KeptFileSerializer
    parser_classes = (MultiPartParser,)
    pagination_class = None
    queryset = CaseFile.objects.none()
    required_permissions = {"list": Permission.ESCALATE, "create": Permission.ESCALATE}

    @extend_schema(responses=KeptFileSerializer(many=True))
    def list(self, request, reference, number):
        """All of them, the newest first; those of the event stand among the draft's `files`."""
        kept = CaseFile.objects.filter(escalation=escalation_of(request, number))
        return Response(KeptFileSerializer(kept, many=True).data)

    @extend_schema(request={"multipart/form-data": CaseUploadSerializer}, responses={201: KeptFileSerializer})
    def create(self, request, reference, number):
        """Take one file up; nothing is sent before a case or a reply names its key."""
        escalation = escalation_of(request, number)
        uploads = request.FILES.getlist("file")
        if len(uploads) != 1:
            raise Unprocessable({"file": [_("Choose a file.")]})
        kept, problems = files.keep(
            escalation=escalation, uploads=uploads, by=request.user, now=timezone.now()
        )
        if problems:
            raise Unprocessable({"file": problems})
        return Response(KeptFileSerializer(kept[0]).data, status=status.HTTP_201_CREATED)


@nested
class CaseFileViewSet(viewsets.GenericViewSet):
    """Files that came with one message of a case, by their place, which counts from 1."""

    serializer_class = SentFileSerializer
    lookup_value_regex = "[0-9]{1,9}"
    pagination_class = None
    queryset = CaseMessage.objects.none()
    required_permissions = {"retrieve": Permission.VIEW}

    @extend_schema(responses={(200, ANY): OpenApiTypes.BINARY, 502: OpenApiTypes.OBJECT})
    def retrieve(self, request, reference, number, case, message, pk):
        """The bytes of one of them, fetched from AWS now."""
        found = case_of(request, number, case)
        said = get_object_or_404(CaseMessage, pk=message, case=found)
        if not 1 <= int(pk) <= len(said.files):
            raise Http404
        one = said.files[int(pk) - 1]
        target = asking.target_of(request.engagement, found.account_id)
        try:
            data = asking.read_file(target, one["id"], now=timezone.now())
        except AwsError as error:
            raise NoAnswerFromAws(words.fault(error.kind, error.message, error.code)) from error
        # Never shown by a browser itself, whatever it claims to be.
        return FileResponse(io.BytesIO(data), as_attachment=True, filename=one["name"], content_type=ANY)


_CASES = r"engagements/(?P<reference>[^/.]+)/escalations/(?P<number>[0-9]{1,9})/cases"
_MESSAGE = r"(?P<case>[0-9]{1,9})/messages/(?P<message>[0-9]{1,18})"
routes = [
    (f"{_CASES}/files", CaseUploadViewSet, "support-case-upload"),
    (f"{_CASES}/{_MESSAGE}/files", CaseFileViewSet, "support-case-file"),
]
