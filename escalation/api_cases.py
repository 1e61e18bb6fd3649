"""The API of support cases: drafted, checked with AWS, opened, answered and closed by the verbs of the pages.

What is sent goes out by a worker within seconds; until then, and when AWS refuses it, it stands among `writes`.
"""

from __future__ import annotations

from django.db.models import Prefetch
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from engagements.access import Permission
from escalation import actions
from escalation.api_case_files import SentFileSerializer, case_of, escalation_of, sent_files
from escalation.cases import asking, consent, draft, files, panel, words, writing
from escalation.models import CaseMessage, CaseWrite, SupportCase
from iem_portal.api_schema import nested
from iem_portal.aws.support_writes import LONGEST_BODY, MOST_ATTACHED
from iem_portal.problems import Conflict, Unprocessable


def _keys() -> serializers.ListField:
    """Keys of the draft's `files`, three at most."""
    return serializers.ListField(
        child=serializers.CharField(max_length=40), default=list, max_length=MOST_ATTACHED
    )


class CaseOfEscalationSerializer(serializers.ModelSerializer):
    """A case that is followed; `status` and `severity` are AWS's own words, instants UTC."""

    files = serializers.SerializerMethodField()

    class Meta:
        model = SupportCase
        fields = [
            "id", "account_id", "case_id", "display_id", "subject", "severity", "status", "service", "category",
            "language", "created_at", "is_primary", "checked_at", "problem", "last_said_at", "is_last_from_aws",
            "files",
        ]  # fmt: skip

    @extend_schema_field(SentFileSerializer(many=True))
    def get_files(self, case: SupportCase) -> list[dict]:
        """What came with its messages."""
        return SentFileSerializer(sent_files(case.messages.all()), many=True).data


class CaseWriteSerializer(serializers.ModelSerializer):
    """Something that was asked of AWS: recorded, sent, unknown (no answer yet), done or failed with the reason."""

    files = serializers.ListField(child=serializers.CharField(), source="file_names", read_only=True)
    problem = serializers.SerializerMethodField()

    class Meta:
        model = CaseWrite
        fields = [
            "id", "kind", "state", "case", "account_id", "subject", "files", "by_name", "recorded_at", "sent_at",
            "ended_at", "problem",
        ]  # fmt: skip

    def get_problem(self, write: CaseWrite) -> str:
        """Why AWS did not take it, in words; empty when it did, or may."""
        return words.fault(write.error_kind, write.error_message, write.error_code)


class CaseMessageSerializer(serializers.ModelSerializer):
    """One message of a case as AWS has it."""

    files = serializers.SerializerMethodField()

    class Meta:
        model = CaseMessage
        fields = ["at", "by", "is_from_aws", "text", "files"]

    @extend_schema_field(SentFileSerializer(many=True))
    def get_files(self, said: CaseMessage) -> list[dict]:
        """What came with it."""
        return SentFileSerializer(sent_files([said]), many=True).data


class CasesSerializer(serializers.Serializer):
    """The cases of an escalation, and what is on its way to AWS or was not taken."""

    cases = CaseOfEscalationSerializer(many=True)
    writes = CaseWriteSerializer(many=True)


class _Case(serializers.Serializer):
    account_id = serializers.CharField(max_length=12)
    subject = serializers.CharField(max_length=160)
    body = serializers.CharField(max_length=LONGEST_BODY)
    service = serializers.CharField(max_length=100)
    category = serializers.CharField(max_length=100, default="", allow_blank=True)
    severity = serializers.CharField(max_length=20)
    language = serializers.ChoiceField(choices=draft.LANGUAGES)


class NewSupportCaseSerializer(_Case):
    """A case to be opened; `files` are keys of the draft's `files`, three at most."""

    base_version = serializers.IntegerField()
    files = _keys()


class CheckSerializer(_Case):
    """A case as it would be opened; nothing is."""


class CaseVerdictSerializer(serializers.Serializer):
    """`would_take` is null when AWS did not say. `availability`: available, best_effort or unavailable."""

    would_take = serializers.BooleanField(allow_null=True)
    problem = serializers.CharField(allow_blank=True)
    availability = serializers.CharField(allow_blank=True)
    ways = serializers.ListField(child=serializers.CharField())


class OfferedFileSerializer(serializers.Serializer):
    """A file of the event that AWS would take; bytes."""

    key = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()


class DraftSerializer(serializers.Serializer):
    """What is known, as a case would say it; `hindrance` says in words why nothing can be sent."""

    base_version = serializers.IntegerField()
    account_id = serializers.CharField(allow_blank=True)
    subject = serializers.CharField()
    body = serializers.CharField()
    severity = serializers.CharField()
    language = serializers.CharField()
    files = OfferedFileSerializer(many=True)
    hindrance = serializers.CharField(allow_blank=True)


class ReplySerializer(serializers.Serializer):
    """A message to AWS in the case."""

    text = serializers.CharField(max_length=LONGEST_BODY)
    files = _keys()


@nested
class SupportCaseViewSet(viewsets.GenericViewSet):
    """Support cases of one escalation, by their number here."""

    serializer_class = CaseOfEscalationSerializer
    lookup_value_regex = "[0-9]{1,9}"
    pagination_class = None
    queryset = SupportCase.objects.none()
    required_permissions = {
        "list": Permission.VIEW,
        "retrieve": Permission.VIEW,
        "talk": Permission.VIEW,
        "draft": Permission.ESCALATE,
        "check": Permission.ESCALATE,
        "create": Permission.ESCALATE,
        "reply": Permission.ESCALATE,
        "resolve": Permission.HANDLE_ESCALATION,
    }

    @extend_schema(responses=CasesSerializer)
    def list(self, request, reference, number):
        """All of them, and the newest writes."""
        escalation = escalation_of(request, number)
        writes = escalation.case_writes.all()[: panel.MOST_WRITES]
        # The texts may be long; only who sent files when is wanted.
        with_files = CaseMessage.objects.exclude(files=[]).defer("text")
        cases = escalation.cases.prefetch_related(Prefetch("messages", with_files))
        return Response(CasesSerializer({"cases": cases, "writes": writes}).data)

    def retrieve(self, request, reference, number, pk):
        """One of them."""
        return Response(self.get_serializer(case_of(request, number, pk)).data)

    @extend_schema(responses=CaseMessageSerializer(many=True))
    @action(detail=True, methods=["get"])
    def talk(self, request, reference, number, pk):
        """What was written in it, newest first."""
        said = case_of(request, number, pk).messages.order_by("-at", "-pk")
        return Response(CaseMessageSerializer(said, many=True).data)

    @extend_schema(
        parameters=[
            OpenApiParameter("language", str, enum=draft.LANGUAGES),
            OpenApiParameter("account_id", str, description="The account that the case is about"),
        ],
        responses=DraftSerializer,
    )
    @action(detail=False, methods=["get"])
    def draft(self, request, reference, number):
        """Subject and body from everything that is known; changes nothing and asks AWS nothing."""
        escalation = escalation_of(request, number)
        known = draft.known(escalation, now=timezone.now())
        asked = request.query_params
        language = asked.get("language", "en")
        language = language if language in draft.LANGUAGES else "en"
        account_id = asked.get("account_id", "") or escalation.account_id
        found = {
            "base_version": escalation.version,
            "account_id": account_id,
            "subject": draft.subject(escalation, known.prefix),
            "body": draft.body(escalation, known, language=language, account_id=account_id),
            "severity": escalation.severity,
            "language": language,
            "files": files.offered(escalation),
            "hindrance": words.fault(consent.hindrance(request.engagement)),
        }
        return Response(DraftSerializer(found).data)

    @extend_schema(request=CheckSerializer, responses=CaseVerdictSerializer)
    @action(detail=False, methods=["post"])
    def check(self, request, reference, number):
        """Ask AWS whether it would take the case (a dry run); opens nothing."""
        escalation = escalation_of(request, number)
        given = _valid(CheckSerializer, request)
        target = asking.target_of(request.engagement, given.pop("account_id"))
        if target is None:
            raise Unprocessable({"account_id": [words.fault("account")]})
        case = writing.new_case(escalation, **given)
        found = asking.probe(target, case, now=timezone.now())
        is_known = not found.problem or found.is_refused
        answer = {
            "would_take": not found.problem if is_known else None,
            "problem": found.problem,
            "availability": found.options.availability if found.options else "",
            "ways": list(found.options.ways) if found.options else [],
        }
        return Response(CaseVerdictSerializer(answer).data)

    @extend_schema(request=NewSupportCaseSerializer, responses={202: CaseWriteSerializer})
    def create(self, request, reference, number):
        """Have a case opened: it is written down, and sent once."""
        escalation = escalation_of(request, number)
        given = _valid(NewSupportCaseSerializer, request)
        try:
            made = writing.open_case(escalation=escalation, by=request.user, now=timezone.now(), **given)
        except actions.StaleWrite as stale:
            stored = {"version": stale.escalation.version}
            raise Conflict("Somebody changed this escalation meanwhile.", stored=stored) from stale
        return _accepted(made)

    @extend_schema(request=ReplySerializer, responses={202: CaseWriteSerializer})
    @action(detail=True, methods=["post"])
    def reply(self, request, reference, number, pk):
        """Answer AWS in the case."""
        case = case_of(request, number, pk)
        given = _valid(ReplySerializer, request)
        return _accepted(writing.reply(case=case, by=request.user, now=timezone.now(), **given))

    @extend_schema(request=None, responses={202: CaseWriteSerializer})
    @action(detail=True, methods=["post"])
    def resolve(self, request, reference, number, pk):
        """Close the case; the escalation stays open."""
        case = case_of(request, number, pk)
        return _accepted(writing.resolve_case(case=case, by=request.user, now=timezone.now()))


def _accepted(made: CaseWrite) -> Response:
    return Response(CaseWriteSerializer(made).data, status=status.HTTP_202_ACCEPTED)


def _valid(serializer, request) -> dict:
    checked = serializer(data=request.data)
    checked.is_valid(raise_exception=True)
    return dict(checked.validated_data)


routes = [
    (
        r"engagements/(?P<reference>[^/.]+)/escalations/(?P<number>[0-9]{1,9})/cases",
        SupportCaseViewSet,
        "support-case",
    ),
]
