"""The figures in the head of a report; a new one is one more class here or in any app's facts module."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from escalation.templatetags.escalation import minutes
from iem_portal.registry import report_facts
from iem_portal.templatetags.portal import instant_text


@dataclass(frozen=True)
class Fact:
    """One figure with its label and what it is compared with; a wide one takes the room of three."""

    label: str
    value: str
    note: str = ""
    is_wide: bool = False


def of_review(review) -> list[Fact]:
    """Every figure that this report has; a part without data answers None and is left out."""
    return [fact for part in report_facts if (fact := part.read(review))]


@report_facts.register
class CriteriaMet:
    """How many success criteria were met."""

    key = "criteria"
    order = 10
    label = gettext_lazy("Criteria met")

    def read(self, review) -> Fact | None:
        """Met of all; the note says how many are not measured yet."""
        if not review.criteria:
            return None
        left = len(review.criteria) - review.criteria_measured
        note = (
            ngettext("%d not measured yet", "%d not measured yet", left) % left if left else _("all measured")
        )
        return Fact(str(self.label), f"{review.criteria_met} / {len(review.criteria)}", note)


@report_facts.register
class Pace:
    """When the runbook ended, or is forecast to end, against its plan."""

    key = "pace"
    order = 20
    label = gettext_lazy("Runbook end")

    def read(self, review) -> Fact | None:
        """Minutes behind or ahead of the plan."""
        if review.runbook is None:
            return None
        late = review.runbook.forecast.late_min
        words = _("%s late") if late > 0 else _("%s early")
        done = review.runbook.count("done", "skipped")
        note = _("%(done)d of %(all)d steps done") % {"done": done, "all": len(review.runbook.steps)}
        return Fact(str(self.label), words % minutes(abs(late)) if late else _("on time"), note)


@report_facts.register
class Downtime:
    """How long users were without the service, against the budget."""

    key = "downtime"
    order = 30
    label = gettext_lazy("Downtime")

    def read(self, review) -> Fact | None:
        """Minutes used; the note names the budget."""
        down = review.runbook and review.runbook.forecast.downtime
        if not down or down.started_at is None:
            return None
        note = _("budget %s") % minutes(down.budget_min) if down.budget_min else _("no budget set")
        return Fact(str(self.label), minutes(down.used_min), note)


@report_facts.register
class Attained:
    """Share of first answers in time."""

    key = "attained"
    order = 40
    label = gettext_lazy("First answers in time")

    def read(self, review) -> Fact | None:
        """Percent, and how many of how many."""
        if review.attained_percent is None:
            return None
        met = sum(one["face"].state == "met" for one in review.timed)
        note = _("%(met)d of %(all)d cases") % {"met": met, "all": len(review.timed)}
        return Fact(str(self.label), f"{review.attained_percent:.1f}%".replace(".0%", "%"), note)


@report_facts.register
class Escalations:
    """How many problems were escalated."""

    key = "escalations"
    order = 50
    label = gettext_lazy("Escalations")

    def read(self, review) -> Fact | None:
        """All of them, and how many are still open."""
        still = sum(one["escalation"].is_open for one in review.escalations)
        note = ngettext("%d still open", "%d still open", still) % still if still else _("none open")
        return Fact(str(self.label), str(len(review.escalations)), note)


@report_facts.register
class Readiness:
    """How much of what is required was filled in when the event was let go, and the scorecard then."""

    key = "readiness"
    order = 60
    label = gettext_lazy("Readiness at go/no-go")

    def read(self, review) -> Fact | None:
        """Percent; the note counts the lines of the scorecard by colour and says of which day."""
        if review.readiness is None:
            return None
        colours = ", ".join(f"{words} {count}" for words, count in review.readiness.colours)
        on = instant_text(review.readiness.as_of, review.engagement.time_zone, "date")
        return Fact(str(self.label), f"{review.readiness.percent}%", f"{colours} · {on}")


@report_facts.register
class Overrides:
    """Colours of the scorecard that a person had set above the rules, and that stood at go/no-go."""

    key = "overrides"
    order = 70
    label = gettext_lazy("Overridden colours")

    def read(self, review) -> Fact | None:
        """How many; the note names the lines and who set them."""
        if review.readiness is None:
            return None
        found = review.readiness.overrides
        note = "; ".join(f"{line} ({by})" for line, by in found) or _("none open")
        return Fact(str(self.label), str(len(found)), note)


@report_facts.register
class SignOff:
    """Who signed the readiness check, for which side and when."""

    key = "sign_off"
    order = 80
    label = gettext_lazy("Readiness check")

    def read(self, review) -> Fact | None:
        """What both sides say; the note has both names and times."""
        if review.readiness is None:
            return None
        zone, signed = review.engagement.time_zone, review.readiness.signatures
        note = " · ".join(f"{one.side_label}: {one.by_name}, {instant_text(one.at, zone)}" for one in signed)
        value = review.readiness.result or (_("Signed by one side") if signed else _("Not signed"))
        return Fact(str(self.label), value, note, is_wide=True)
