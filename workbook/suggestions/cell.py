"""What the panel of one cell needs to show its suggestions and to make another."""

from __future__ import annotations

from django.http import HttpRequest

from engagements.access import Permission
from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import types
from workbook.catalogue import Section
from workbook.models import Row
from workbook.suggestions import deciding, reading
from workbook.views.tables import columns

QUOTA_CODE = "q_code"
#: Beside these cells a person thinks of asking AWS for more.
_OF_INCREASE = frozenset(
    {"q_need", "q_margin", "q_request_value", "q_gap", "q_channel", "q_status", "q_req_id"}
)


def context(request: HttpRequest, section: Section, row: str, field: str) -> dict:
    """The open suggestions of a cell, and the editor for one more. At most five queries.

    ``row`` is a number or the key of a fixed row; a cell that cannot be suggested for has no editor.
    """
    engagement = request.engagement
    spec = section.field(field)
    found = _row(engagement, section, row, field)
    reader = reading.Reader(request.user.pk, deciding.sources_of(request.role, request.permissions))
    items = []
    if spec and found:
        groups = reading.groups(engagement, section, reader, row=found.pk, field=field)
        items = [item for group in groups for item in group.items]
    is_open = (
        bool(spec) and not spec.bound and not spec.is_formula and not _is_given(section, found, row, field)
    )
    return {
        "request": request,
        "engagement": engagement,
        "section": section,
        "row": row,
        "field": spec,
        "items": items,
        "increase": _increase(request, section, found, field),
        "column": columns(engagement, [spec], types.Setting.of(engagement))[0] if is_open else None,
    }


def _increase(request: HttpRequest, section: Section, found: Row | None, field: str) -> int | None:
    """The quota's row of which this reader may ask AWS for more, beside its own columns."""
    table = section.table_of.get(QUOTA_CODE)
    is_quota = found is not None and table is not None and found.table == table.key and field in _OF_INCREASE
    return found.pk if is_quota and Permission.REVIEW_WORKBOOK in request.permissions else None


def _row(engagement: Engagement, section: Section, row: str, field: str) -> Row | None:
    live = Row.objects.filter(engagement=engagement, section=section.key, deleted_at=None)
    number = whole(row)
    if number is not None:
        return live.filter(pk=number).first()
    table = section.table_of.get(field)
    return live.filter(table=table.key, key=row).first() if table and row in table.fixed_keys else None


def _is_given(section: Section, found: Row | None, row: str, field: str) -> bool:
    """Whether the engagement itself answers this cell."""
    fixed = section.table_of[field].fixed_row(found.key if found else row)
    return bool(fixed) and (field in fixed.bound or field in fixed.values)
