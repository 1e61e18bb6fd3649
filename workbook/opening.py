"""Which template of the workbook a new engagement begins with; its version is frozen from then on."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from engagements.models import Engagement
from iem_portal.registry import openings
from iem_portal.templatetags.portal import pick
from workbook import editions
from workbook.publishing import drafts
from workbook.publishing.loading import Reference


@openings.register
class WorkbookTemplate:
    """Asked when the administrators have published a template of their own."""

    key = "workbook_template"
    label = gettext_lazy("Workbook template")
    help = gettext_lazy("The engagement keeps this version; newer ones are offered section by section.")

    def choices(self) -> list[tuple[str, str]]:
        """Every template on offer, in its newest version. One query."""
        return [
            (str(reference), _("%(name)s, version %(n)s") % {"name": pick(name), "n": reference.number})
            for reference, name in drafts.on_offer()
        ]

    def opened(self, engagement: Engagement, choice: str, *, now: datetime) -> None:
        """Freeze the chosen version, or the standard one, into a new engagement."""
        wanted = Reference.read(choice)
        known = {reference for reference, _name in drafts.on_offer()} if wanted else set()
        editions.freeze(engagement, wanted if wanted in known else None)
