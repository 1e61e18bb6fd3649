"""The API of the workbook: cells by version, rows, and the watches of the board; the same verbs as the pages."""

from __future__ import annotations

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from engagements.access import Permission
from iem_portal.api_schema import nested
from iem_portal.problems import Conflict, Unprocessable
from workbook import cells, editions, rows
from workbook.catalogue import PANEL, Section
from workbook.exchange.api import WorkbookFileViewSet
from workbook.exchange.import_api import ImportViewSet
from workbook.readiness import progress
from workbook.reading import CellView, Reader
from workbook.talk.api import CommentViewSet, OpenItemViewSet
from workbook.types import InvalidValue

NESTED = r"engagements/(?P<reference>[^/.]+)"


class CellSerializer(serializers.Serializer):
    """One cell; ``version`` 0 was never filled, ``is_locked`` ones are kept or worked out elsewhere."""

    id = serializers.CharField(help_text="row:field")
    section = serializers.CharField()
    table = serializers.CharField()
    row = serializers.CharField(help_text="a number, or the key of a fixed row")
    field = serializers.CharField()
    value = serializers.JSONField()
    text = serializers.CharField(help_text="as it may be sent back")
    version = serializers.IntegerField()
    is_locked = serializers.BooleanField()
    is_missing = serializers.BooleanField()


class CellEditSerializer(serializers.Serializer):
    """A new value for a cell and the version that was read."""

    value = serializers.JSONField(allow_null=True)
    base_version = serializers.IntegerField(min_value=0)


class SavedCellSerializer(serializers.Serializer):
    """A cell after it was saved; ``is_changed`` is false when it held the value already."""

    value = serializers.JSONField()
    version = serializers.IntegerField()
    is_changed = serializers.BooleanField()


class AddedRowSerializer(serializers.Serializer):
    """The number of a new row."""

    row = serializers.IntegerField()


class RowSerializer(serializers.Serializer):
    """A new row with values by field."""

    section = serializers.CharField()
    table = serializers.CharField()
    values = serializers.DictField(required=False, default=dict)


@nested
class CellViewSet(viewsets.ViewSet):
    """The cells of a section; one is changed at a time, by the version that was read."""

    serializer_class = CellSerializer
    lookup_value_regex = r"(?:\d+|[a-z]+):[a-z0-9_]+"
    required_permissions = {"list": Permission.VIEW, "partial_update": Permission.FILL_WORKBOOK}

    @extend_schema(
        parameters=[OpenApiParameter("section", required=True)], responses=CellSerializer(many=True)
    )
    def list(self, request, reference: str) -> Response:
        """Every cell of one section, row by row."""
        whole = progress(request.engagement, timezone.now())
        wanted = request.query_params.get("section", "").lower()
        section = next((part.section for part in whole.sections if part.section.key == wanted), None)
        if section is None:
            raise Unprocessable({"section": [_("Name a section of this workbook.")]})
        reader = Reader(request.engagement, section, whole.rows_of)
        found = [
            plain(section, table.key, cell)
            for table in section.tables
            if table.kind != PANEL
            for row in reader.rows(table, all_fields=True)
            for cell in row.cells
        ]
        return Response(CellSerializer(found, many=True).data)

    @extend_schema(request=CellEditSerializer, responses=SavedCellSerializer)
    def partial_update(self, request, reference: str, pk: str) -> Response:
        """Save one cell. 409 carries both values and the version to answer with."""
        edit = _valid(CellEditSerializer, request.data)
        row, _colon, field = pk.partition(":")
        section = _section_of(request.engagement, field)
        outcome = self._save(request, section, row, field, edit)
        if isinstance(outcome, cells.Conflict):
            stored = {
                "value": outcome.theirs,
                "yours": outcome.mine,
                "base": outcome.base,
                "version": outcome.version,
            }
            stored |= {"by": outcome.theirs_by, "at": outcome.theirs_at}
            raise Conflict("Somebody saved first.", stored=stored)
        return Response(
            {"value": outcome.value, "version": outcome.version, "is_changed": outcome.is_changed}
        )

    def _save(self, request, section: Section, row: str, field: str, edit: dict):
        try:
            return cells.save_cell(
                engagement=request.engagement,
                section=section.key,
                row=row,
                field=field,
                value=edit["value"],
                base_version=edit["base_version"],
                by=request.user,
                now=timezone.now(),
                how="api",
            )
        except InvalidValue as error:
            raise Unprocessable({"value": [str(error)]}) from error
        except cells.UnknownField as error:
            raise Unprocessable({"field": [_("This value is kept or worked out elsewhere.")]}) from error
        except cells.RowMissing as error:
            raise Http404 from error


@nested
class RowViewSet(viewsets.ViewSet):
    """Adds rows and puts them aside."""

    serializer_class = RowSerializer
    lookup_value_regex = "[0-9]{1,18}"
    required_permissions = {"create": Permission.FILL_WORKBOOK, "destroy": Permission.FILL_WORKBOOK}

    @extend_schema(request=RowSerializer, responses={201: AddedRowSerializer})
    def create(self, request, reference: str) -> Response:
        """Add a row to a table."""
        data = _valid(RowSerializer, request.data)
        section = editions.section(request.engagement, data["section"])
        table = section.table(data["table"]) if section else None
        unknown = [key for key in data["values"] if table and key not in table.by_key]
        if table is None or unknown:
            raise Unprocessable({"values" if unknown else "table": unknown or [_("There is no such table.")]})
        try:
            row = rows.add(
                engagement=request.engagement,
                section=section,
                table=table,
                by=request.user,
                now=timezone.now(),
                values=data["values"],
            )
        except (InvalidValue, rows.RowMissing) as error:
            raise Unprocessable({"values": [str(error)]}) from error
        return Response({"row": row.pk}, status=201)

    @extend_schema(responses={204: None})
    def destroy(self, request, reference: str, pk: str) -> Response:
        """Put a row aside; it can be brought back on its section's page."""
        try:
            rows.delete(engagement=request.engagement, row=int(pk), by=request.user, now=timezone.now())
        except rows.RowMissing as error:
            raise Http404 from error
        return Response(status=204)


def plain(section: Section, table: str, cell: CellView) -> dict:
    """A cell as data."""
    return {
        "id": f"{cell.row}:{cell.field.key}",
        "section": section.key,
        "table": table,
        "row": cell.row,
        "field": cell.field.key,
        "value": cell.value,
        "text": cell.edit,
        "version": cell.version,
        "is_locked": cell.is_locked,
        "is_missing": cell.is_missing,
    }


def _valid(serializer_class, data) -> dict:
    serializer = serializer_class(data=data)
    if not serializer.is_valid():
        raise Unprocessable(serializer.errors)
    return serializer.validated_data


def _section_of(engagement, field: str) -> Section:
    found = next((section for section in editions.sections(engagement) if section.field(field)), None)
    if found is None:
        raise Http404
    return found


routes = [
    (rf"{NESTED}/cells", CellViewSet, "cell"),
    (rf"{NESTED}/workbook-rows", RowViewSet, "workbook-row"),
    (rf"{NESTED}/workbook-file", WorkbookFileViewSet, "workbook-file"),
    (rf"{NESTED}/workbook-imports", ImportViewSet, "workbook-import"),
    (rf"{NESTED}/comments", CommentViewSet, "comment"),
    (rf"{NESTED}/open-items", OpenItemViewSet, "open-item"),
]
