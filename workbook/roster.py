"""Who is on duty when: the rows of WB03, read back as shifts."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from engagements.duty import Duty
from iem_portal.registry import rosters
from workbook import catalogue
from workbook.models import Cell
from workbook.titles import folded

SECTION, TABLE, ROLE = "wb03", "people", "ct_role"
_FIELDS = {
    "ct_name", "ct_role", "ct_org", "ct_email", "ct_phone", "ct_lang", "ct_shift_start", "ct_shift_end", "ct_backup",
}  # fmt: skip


@rosters.register
class People:
    """The people of the planning workbook, section WB03."""

    key = "workbook"

    def role_names(self) -> dict[str, dict[str, str]]:
        """The roles of the sheet in both languages, by code, as the newest template calls them."""
        field = catalogue.newest()[SECTION].field(ROLE)
        return {choice.value: choice.label for choice in field.choices}

    def shifts(self, engagements: set[int]) -> list[Duty]:
        """Every shift of these engagements in the order of the sheet, with its deputy. One query."""
        rows = _rows(engagements)
        duties = {pk: _duty(engagement, values) for pk, (engagement, values) in rows.items()}
        # A number typed in may be that of a row of another event.
        by_number = {(duty.engagement_id, f"#{pk}"): duty for pk, duty in duties.items()}
        by_name = {(duty.engagement_id, folded(duty.name)): duty for duty in duties.values()}
        found = []
        for pk, (engagement, values) in rows.items():
            backup = values.get("ct_backup", "")
            deputy = by_number.get((engagement, backup)) or by_name.get((engagement, folded(backup)))
            found.append(replace(duties[pk], deputy=deputy))
        return [duty for duty in found if duty.name]


def _rows(engagements: set[int]) -> dict[int, tuple[int, dict]]:
    cells = Cell.objects.filter(
        row__engagement__in=engagements,
        row__section=SECTION,
        row__table=TABLE,
        row__deleted_at=None,
        value__isnull=False,
        field__in=_FIELDS,
    ).order_by("row__position", "row_id")
    rows: dict[int, tuple[int, dict]] = {}
    for row, engagement, field, value in cells.values_list("row_id", "row__engagement", "field", "value"):
        rows.setdefault(row, (engagement, defaultdict(str)))[1][field] = value
    return rows


def _duty(engagement: int, values: dict) -> Duty:
    return Duty(
        engagement_id=engagement,
        name=values["ct_name"],
        role=values["ct_role"],
        org=values["ct_org"],
        email=values["ct_email"].lower(),
        phone=values["ct_phone"],
        language=values["ct_lang"],
        starts_at=_instant(values["ct_shift_start"]),
        ends_at=_instant(values["ct_shift_end"]),
    )


def _instant(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
