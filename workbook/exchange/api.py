"""The workbook as an Excel file through the API, for programs that archive or report."""

from __future__ import annotations

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets

from engagements.access import Permission
from iem_portal.api_schema import nested
from workbook.exchange import views, writing


@nested
class WorkbookFileViewSet(viewsets.ViewSet):
    """The planning workbook of one engagement as .xlsx."""

    required_permissions = {"list": Permission.VIEW}

    @extend_schema(
        parameters=[OpenApiParameter("language", enum=sorted(writing.LANGUAGES))],
        responses={(200, views.XLSX): OpenApiTypes.BINARY},
    )
    def list(self, request, reference: str) -> HttpResponse:
        """The whole workbook as a file, with headings in both languages and answers in one of them."""
        return views.export_file(request)
