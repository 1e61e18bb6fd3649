"""Freezes and a cell that does not apply, for the access table."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement
from iem_portal.accounts.actors import SYSTEM_DEMO
from workbook.models import Freeze, NotApplicable, Row


def things(engagement: Engagement, row: Row, number: int, now: datetime) -> dict:
    """The number of the newest freeze, which differs between engagements, and an exemption."""
    freezes = [_freeze(engagement, each, now) for each in range(1, number + 1)]
    return {
        "freeze": freezes[-1].number,
        "exemption": NotApplicable.objects.create(
            engagement=engagement, section="wb12", row=row, field="mt_warn", reason="It has no limit",
            asked_by_name="Lim Sojin", asked_at=now,
        ).pk,
    }  # fmt: skip


def _freeze(engagement: Engagement, number: int, now: datetime) -> Freeze:
    return Freeze.objects.create(
        engagement=engagement, number=number, name="Before the test", kind="hand", cell_count=0, made_at=now,
        content={"edition": 1, "sections": [], "rows": []}, scorecard=[],
        progress={"percent": 0, "required": 0, "filled": 0, "late": 0, "sections": []},
        made_by_name=SYSTEM_DEMO.name,
    )  # fmt: skip
