"""What the workbook wants before the plan is left for the event."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.gates import Condition
from engagements.models import Engagement, Phase
from iem_portal.registry import gates
from iem_portal.templatetags.portal import pick
from workbook.readiness import progress


@gates.register
class WorkbookIsFilled:
    """Every section's required fields are filled."""

    key = "workbook"
    order = 20
    phase = Phase.PLAN

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """One condition a section, each with the way to what is missing."""
        return [
            Condition(
                key=f"workbook.{part.section.key}",
                label=_("%(code)s %(section)s is filled")
                % {"code": part.section.code, "section": pick(part.section.label)},
                is_met=not part.missing,
                detail=ngettext(
                    "%(count)s required field missing", "%(count)s required fields missing", part.missing
                )
                % {"count": part.missing}
                if part.missing
                else "",
                url=reverse("workbook:section", args=[engagement.reference, part.section.key]),
            )
            for part in progress(engagement, now).sections
        ]
