"""How full the workbook is, for the portfolio and the overview."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from iem_portal.registry import figures
from workbook.readiness import progress_of


@figures.register
class WorkbookFigure:
    """Percent of required answers, late and missing ones, for many engagements at once."""

    key = "workbook"
    order = 10
    label = _("Workbook")
    #: What sections are bound to besides the engagement itself, to be read with it; see bound.load.
    joins = ("report",)

    def for_engagements(self, engagements: list[Engagement], now: datetime) -> dict[int, dict]:
        """{percent, late, missing} by engagement (customers loaded). Six queries, however many."""
        return {
            pk: {"percent": found.percent, "late": found.late, "missing": found.missing}
            for pk, found in progress_of(engagements, now).items()
        }
