"""What the workbook wants before the plan is left for the event, and what it keeps whenever a phase is left."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagements.gates import NEXT, Condition
from engagements.models import Engagement, Phase
from iem_portal.registry import gates
from iem_portal.templatetags.portal import pick
from workbook.models import Freeze
from workbook.readiness import progress
from workbook.scorecard import freezing, signing
from workbook.scorecard.results import RESULTS
from workbook.talk import questions

#: The section of the readiness check, which has a condition of its own.
CHECK = "wb21"


@gates.register
class WorkbookIsFilled:
    """Every section's required fields are filled, as far as they are due before the event."""

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
                is_met=not part.missing_before_start,
                detail=ngettext(
                    "%(count)s required field missing",
                    "%(count)s required fields missing",
                    part.missing_before_start,
                )
                % {"count": part.missing_before_start}
                if part.missing_before_start
                else "",
                url=reverse("workbook:section", args=[engagement.reference, part.section.key]),
            )
            for part in progress(engagement, now).sections
            if part.section.due <= 0 and part.section.key != CHECK
        ]


@gates.register
class ReadinessCheckIsSigned:
    """Both sides signed the readiness check, and neither says no-go."""

    key = "workbook.signed"
    order = 15
    phase = Phase.PLAN

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """One query."""
        check = signing.standing(engagement)
        return [
            Condition(
                key=self.key,
                label=_("The readiness check is signed by both sides"),
                is_met=check.is_go,
                detail=str(RESULTS[check.result][1]) if check.is_signed else "",
                url=reverse("workbook:readiness", args=[engagement.reference]) + "#check",
            )
        ]


@gates.register
class NothingWaitsForAnAnswer:
    """No question of the workbook is still open."""

    key = "workbook.open_items"
    order = 21
    phase = Phase.PLAN

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """One condition with the way to the list. One query."""
        count = questions.still_open(engagement).count()
        words = ngettext("%(count)s open item", "%(count)s open items", count) % {"count": count}
        return [
            Condition(
                key=self.key,
                label=_("Every question in the workbook is answered"),
                is_met=not count,
                detail=words if count else "",
                url=reverse("workbook:open-items", args=[engagement.reference]),
            )
        ]


class Frozen:
    """Whenever a phase is left, the workbook is frozen as it stood."""

    order = 90

    def __init__(self, phase: Phase):
        self.phase = phase
        self.key = f"workbook.freeze.{phase}"

    def conditions(self, engagement: Engagement, now: datetime) -> list[Condition]:
        """None: a freeze asks for nothing."""
        return []

    def on_passed(self, engagement: Engagement, *, by, now: datetime) -> None:
        """Inside the transaction that moves the phase."""
        freezing.freeze(engagement=engagement, kind=Freeze.Kind.GATE, by=by, now=now, from_phase=self.phase)


for _phase in NEXT:
    gates.register(Frozen(_phase))
