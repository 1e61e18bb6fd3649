"""Finds what an address of the workbook names, or answers 404."""

from collections import defaultdict
from http import HTTPStatus

from django.http import Http404, HttpRequest, JsonResponse

from engagements.access import Permission
from engagements.models import Engagement
from workbook import bound, editions
from workbook.catalogue import Section, Table
from workbook.models import Row
from workbook.reading import Reader


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


def section_reader(
    request: HttpRequest, section: Section, table: str = "", sections: list[Section] | None = None
) -> Reader:
    """Reads the live rows of a section, or of one of its tables. One query for the rows, one for what is bound.

    All ``sections`` of the engagement save a query for names of rows where they are known.
    """
    rows = Row.objects.filter(engagement=request.engagement, section=section.key, deleted_at=None)
    live = defaultdict(list)
    for key, pk, fixed in (rows.filter(table=table) if table else rows).values_list("table", "pk", "key"):
        live[section.key, key].append((pk, fixed))
    bound.load([request.engagement], section.tables)
    reader = Reader(
        request.engagement, section, live, sees_internal=sees_internal(request), sections=sections
    )
    reader.setting.offers_names = getattr(request, "guest_link", None) is None
    return reader


def sees_internal(request: HttpRequest) -> bool:
    """Whether this reader may see what AWS keeps to itself."""
    return Permission.SEE_INTERNAL in request.permissions


def reader_name(request: HttpRequest) -> str:
    """What a page calls the person that it was drawn for: the number of a user, or of a guest's link."""
    guest = getattr(request, "guest_link", None)
    return f"guest-{guest.pk}" if guest else str(request.user.pk)


def is_another_reader(request: HttpRequest) -> bool:
    """Whether the page was drawn for somebody else, who signed out meanwhile: its text is not this person's."""
    reader = request.headers.get("X-Reader", "")
    return bool(reader) and reader != reader_name(request)


def signed_out() -> JsonResponse:
    """401: the page keeps its text for its own reader."""
    return JsonResponse({"outcome": "signed-out"}, status=HTTPStatus.UNAUTHORIZED)
