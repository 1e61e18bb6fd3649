"""How full the workbook is, for the portfolio and the overview."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from engagements.models import Engagement
from iem_portal.registry import figures
from workbook.readiness import progress_of


@figures.register
class WorkbookFigure:
    """Percent of required answers, late ones and missing ones, for many engagements at once."""

    key = "workbook"
    order = 10
    label = _("Workbook")

    def for_engagements(self, ids: list[int], now: datetime) -> dict[int, dict]:
        """{percent, late, missing} by engagement. Seven queries, however many engagements."""
        wanted = Engagement.objects.filter(pk__in=ids).select_related("customer")
        return {
            pk: {"percent": found.percent, "late": found.late, "missing": found.missing}
            for pk, found in progress_of(wanted, now).items()
        }
