"""Imports through the API: a file in, what it would change as data, what was chosen applied; as on the pages."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.response import Response

from engagements.access import Permission
from iem_portal.api_schema import nested
from iem_portal.problems import Conflict, Unprocessable
from iem_portal.templatetags.portal import pick
from workbook import editions
from workbook.exchange import applying, foreign, posted, receiving, review
from workbook.exchange import words as said
from workbook.exchange.applying import Overtaken, Picks
from workbook.exchange.import_serializers import (
    ApplySerializer,
    CloseSerializer,
    ImportSerializer,
    ListedImportSerializer,
    MapSerializer,
    ReviewedSerializer,
    UploadSerializer,
)
from workbook.exchange.safezip import Unreadable
from workbook.models import Import


@nested
class ImportViewSet(mixins.ListModelMixin, viewsets.GenericViewSet):
    """Files on their way into the workbook; each belongs to who uploaded it, others read it."""

    serializer_class = ListedImportSerializer
    queryset = Import.objects.none()
    lookup_value_regex = "[0-9]{1,18}"
    parser_classes = (JSONParser, MultiPartParser)
    required_permissions = {
        "list": Permission.FILL_WORKBOOK,
        "create": Permission.FILL_WORKBOOK,
        "retrieve": Permission.FILL_WORKBOOK,
        "map": Permission.FILL_WORKBOOK,
        "apply": Permission.FILL_WORKBOOK,
        "close": Permission.FILL_WORKBOOK,
    }

    def get_queryset(self):
        """Those of the engagement, the newest first; the list leaves what their files hold unread."""
        found = Import.objects.filter(engagement=self.request.engagement)
        return found.defer("content", "settled", "made") if self.action == "list" else found

    @extend_schema(request={"multipart/form-data": UploadSerializer}, responses={201: ReviewedSerializer})
    def create(self, request, reference: str) -> Response:
        """Upload a file: nothing is saved before ``apply``. An earlier open import of the caller is closed."""
        file = request.FILES.get("file")
        if file is None:
            raise Unprocessable({"file": [said.refused("missing", {})]})
        try:
            found = receiving.receive(
                engagement=request.engagement,
                file=file,
                file_name=file.name or "",
                by=request.user,
                now=timezone.now(),
            )
        except Unreadable as error:
            raise Unprocessable({"file": [said.refused(error.code, error.values)]}) from error
        return self._reviewed(found, status=201)

    @extend_schema(parameters=[OpenApiParameter("section")], responses=ReviewedSerializer)
    def retrieve(self, request, reference: str, pk: str) -> Response:
        """What the file would change now in one section: the one asked for, else the first with changes."""
        return self._reviewed(self._one(pk), section=request.query_params.get("section", ""))

    @extend_schema(request=MapSerializer, responses=ReviewedSerializer)
    @action(detail=True, methods=["post"])
    def map(self, request, reference: str, pk: str) -> Response:
        """Say which sheet is which table and which column which field, for a file that was not exported here."""
        found, data = self._mine(pk), _valid(MapSerializer, request.data)
        if found.state != Import.State.MAPPING:
            raise Conflict("This import is mapped.", stored={"state": found.state, "version": found.version})
        choices = {}
        for number, sheet in enumerate(data["sheets"]):
            choices[f"t{number}"] = sheet["table"]
            choices |= {f"f{number}-{place}": key for place, key in sheet["fields"].items()}
        known = foreign.candidates(editions.sections(request.engagement), request.engagement.event_type)
        mapping = posted.mapping_of(choices, found.content, known)
        if data["compare"] and not any(choice["fields"] for choice in mapping):
            raise Unprocessable({"sheets": [_("Choose a table for one sheet at least.")]})
        try:
            found = receiving.remap(
                engagement=request.engagement,
                found=found,
                mapping=mapping,
                by=request.user,
                now=timezone.now(),
                is_final=data["compare"],
            )
        except Unreadable as error:
            raise Unprocessable({"sheets": [said.refused(error.code, error.values)]}) from error
        return self._reviewed(found)

    @extend_schema(request=ApplySerializer, responses=ReviewedSerializer)
    @action(detail=True, methods=["post"])
    def apply(self, request, reference: str, pk: str) -> Response:
        """Apply what was chosen; the rest stays open. 409 when somebody else went on with it since."""
        found, data = self._mine(pk), _valid(ApplySerializer, request.data)
        picks = Picks(
            section=data["section"],
            is_all=data["everything"],
            numbers=frozenset(data["numbers"]),
            mine={each["number"]: each["version"] for each in data["mine"]},
            theirs=frozenset(data["theirs"]),
            deleted=frozenset(data["deleted"]),
        )
        self._check(found, data["base_version"])
        try:
            counts = applying.apply(
                engagement=request.engagement, found=found, picks=picks, by=request.user, now=timezone.now()
            )
        except Overtaken as error:
            raise _overtaken(self._one(pk)) from error
        applied = {kind: count for kind, count in counts.items() if count}
        return self._reviewed(found, section=data["section"], applied=applied)

    @extend_schema(request=CloseSerializer, responses=ReviewedSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request, reference: str, pk: str) -> Response:
        """Close it as it was read; what was not applied stays readable."""
        found, data = self._mine(pk), _valid(CloseSerializer, request.data)
        try:
            receiving.close(
                engagement=request.engagement,
                found=found,
                base_version=data["base_version"],
                by=request.user,
                now=timezone.now(),
            )
        except Overtaken as error:
            raise _overtaken(self._one(pk)) from error
        return self._reviewed(self._one(pk))

    def _one(self, pk: str) -> Import:
        found = self.get_queryset().filter(pk=pk).first()
        if found is None:
            raise Http404
        found.engagement = self.request.engagement
        return found

    def _mine(self, pk: str) -> Import:
        """An import that the caller decides: whose it is comes before whether the request can be read."""
        found = self._one(pk)
        receiving.check_decides(self.request.engagement, found, self.request.user)
        return found

    def _check(self, found: Import, base_version: int) -> None:
        if found.version != base_version:
            raise _overtaken(found)

    def _reviewed(self, found: Import, *, section: str = "", applied=None, status: int = 200) -> Response:
        engagement = self.request.engagement
        found.engagement = engagement
        sections = {each.key: each for each in editions.sections(engagement)}
        waiting = [key for key in review.open_counts(found) if key in sections]
        key = section if section in waiting else next(iter(waiting), "")
        part = review.of_section(engagement, found, sections[key], list(sections.values())) if key else None
        return Response(
            {
                "import": ImportSerializer(found, context=self.get_serializer_context()).data,
                "section": key,
                "tables": [_table(each) for each in part.tables] if part else [],
                "more": part.more if part else 0,
                "sheets": [
                    {"table": each["table"], "fields": each["fields"]}
                    for each in found.content.get("mapping", [])
                ],
                "applied": applied or {},
            },
            status=status,
        )


def _overtaken(found: Import) -> Conflict:
    return Conflict(
        "Somebody else went on with this import.", stored={"state": found.state, "version": found.version}
    )


def _table(view: review.TableChanges) -> dict:
    rows = [
        {
            "row": row.row,
            "title": row.title,
            "is_new": row.is_new,
            "changes": [_change(each) for each in row.changes],
        }
        for row in view.rows
    ]
    missing = [{"row": row, "title": title} for row, title in view.missing]
    return {"table": view.table.key, "sheet": view.sheet, "rows": rows, "missing": missing}


def _change(each: review.Change) -> dict:
    return {
        "number": each.wish.number,
        "field": each.wish.field,
        "label": pick(each.label),
        "at": each.wish.at,
        "kind": each.kind,
        "before": each.before,
        "after": each.after,
        "base": each.base,
        "version": each.version,
        "theirs_by": each.theirs_by,
        "message": str(each.message),
    }


def _valid(serializer_class, data) -> dict:
    serializer = serializer_class(data=data)
    if not serializer.is_valid():
        raise Unprocessable(serializer.errors)
    return serializer.validated_data
