"""Finds what an address of the workbook names, or answers 404."""

from django.http import Http404, HttpRequest

from engagements.access import Permission
from engagements.models import Engagement
from workbook import editions
from workbook.catalogue import Section, Table


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


def sees_internal(request: HttpRequest) -> bool:
    """Whether this reader may see what AWS keeps to itself."""
    return Permission.SEE_INTERNAL in request.permissions
