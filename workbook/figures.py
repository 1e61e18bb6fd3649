"""How full the workbook is, for the portfolio and the overview."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from iem_portal.registry import figures
from workbook.readiness import progress_of
from workbook.scorecard import board
from workbook.scorecard.facts import RED, YELLOW


@figures.register
class WorkbookFigure:
    """Percent of required answers, late and missing ones, red and yellow lines, for many engagements at once."""

    key = "workbook"
    order = 10
    label = _("Workbook")

    def for_engagements(self, engagements: list[Engagement], now: datetime) -> dict[int, dict]:
        """{percent, late, missing, red, yellow} by engagement (customers loaded). Nine queries, however many."""
        progresses = progress_of(engagements, now)
        counts = board.counts_of(engagements, progresses, now)
        return {
            pk: {
                "percent": found.percent,
                "late": found.late,
                "missing": found.missing,
                "red": counts[pk][RED],
                "yellow": counts[pk][YELLOW],
            }
            for pk, found in progresses.items()
        }
