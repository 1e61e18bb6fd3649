"""Finds what an address of the workbook names, or answers 404."""

from http import HTTPStatus

from django.http import Http404, HttpRequest, JsonResponse

from engagements.access import Permission
from engagements.models import Engagement
from workbook import editions
from workbook.catalogue import Section, Table
from workbook.models import Row


def section_or_404(engagement: Engagement, key: str) -> Section:
    """The section in the version the engagement keeps."""
    found = editions.section(engagement, key)
    if found is None:
        raise Http404
    return found


def table_or_404(section: Section, key: str) -> Table:
    """The table of a section."""
    found = section.table(key)
    if found is None:
        raise Http404
    return found


def live_rows(engagement: Engagement, section: Section, table: str) -> dict:
    """The live rows of one table, as a Reader wants them. One query."""
    rows = Row.objects.filter(engagement=engagement, section=section.key, table=table, deleted_at=None)
    return {(section.key, table): list(rows.values_list("pk", "key"))}


def sees_internal(request: HttpRequest) -> bool:
    """Whether this reader may see what AWS keeps to itself."""
    return Permission.SEE_INTERNAL in request.permissions


def is_another_reader(request: HttpRequest) -> bool:
    """Whether the page was drawn for somebody else, who signed out meanwhile: its text is not this person's."""
    reader, guest = request.headers.get("X-Reader", ""), getattr(request, "guest_link", None)
    return bool(reader) and reader != (f"guest-{guest.pk}" if guest else str(request.user.pk))


def signed_out() -> JsonResponse:
    """401: the page keeps its text for its own reader."""
    return JsonResponse({"outcome": "signed-out"}, status=HTTPStatus.UNAUTHORIZED)
