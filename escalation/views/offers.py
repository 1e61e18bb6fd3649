"""Which acts a person is offered on an escalation as it stands, each with its form; what helps most comes first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements.access import AWS_ROLES, Permission
from escalation import catalog, forms
from escalation.models import Escalation

FIRST, MORE, CORRECT = "first", "more", "correct"


@dataclass(frozen=True)
class Act:
    """One act: the key of its form and its address (`escalation:<url>`), its words, and when it makes sense."""

    name: str
    url: str
    title: object
    button: object
    make: Callable[[object, Escalation], object]
    needs: Permission
    fits: Callable[[Escalation, datetime], bool] = lambda one, now: one.is_open
    group: str = FIRST
    # The one act the clock waits for is drawn as the main button.
    is_main: bool = False
    hint: object = ""
    key: str = ""

    @property
    def is_quiet(self) -> bool:
        """Is it seldom needed, and so drawn without a frame?"""
        return self.group != FIRST


def _plain(form_class, name: str, **initial) -> Callable:
    def make(request, escalation: Escalation):
        values = {field: value(escalation) if callable(value) else value for field, value in initial.items()}
        return form_class(initial={"base_version": escalation.version} | values, prefix=name)

    return make


def _hand_over(request, escalation: Escalation):
    highest = catalog.highest_level(escalation.lane)
    initial = {
        "base_version": escalation.version,
        "level": min(escalation.level + 1, highest),
        "owner_name": "",
    }
    return forms.HandOverForm(initial=initial, levels=levels_of(request, escalation), prefix="hand_over")


def _other_lane(escalation: Escalation) -> str:
    return next(code for code in catalog.lanes() if code != escalation.lane)


def _is_unanswered(one: Escalation, now: datetime) -> bool:
    return one.is_open and one.case_opened_at is not None and one.answered_at is None


ACTS = (
    Act(
        "case", "case", _("Case is open"), _("Start the clock"), _plain(forms.CaseForm, "case"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.case_opened_at is None, is_main=True, key="c",
    ),
    Act(
        "answer", "answer", _("AWS answered"), _("Stop the clock"),
        _plain(forms.AnswerForm, "answer", how="case"),
        Permission.HANDLE_ESCALATION, _is_unanswered, is_main=True, key="w",
    ),
    Act(
        "hand_over", "hand-over", _("Hand over"), _("Hand over"), _hand_over,
        Permission.HANDLE_ESCALATION, key="h",
    ),
    Act(
        "wait", "wait", _("Wait for the customer"), _("Hold the clocks"), _plain(forms.WaitForm, "wait"),
        Permission.HANDLE_ESCALATION, lambda one, now: one.is_open and one.waiting_since is None,
        hint=_("Update and level stand still. The first answer and the time to restore go on."),
    ),
    Act(
        "go_on", "go-on", _("The customer answered"), _("Go on"), _plain(forms.WaitOverForm, "go_on"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.waiting_since is not None, is_main=True,
    ),
    Act(
        "restored", "restored", _("Works again"), _("Works again"), _plain(forms.RestoredForm, "restored"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.restored_at is None, key="r",
    ),
    Act(
        "resolve", "resolve", _("Resolve"), _("Resolve"), _plain(forms.ResolveForm, "resolve"),
        Permission.HANDLE_ESCALATION,
    ),
    Act(
        "lane", "lane", _("Change lane"), _("Change lane"), _plain(forms.LaneForm, "lane", lane=_other_lane),
        Permission.HANDLE_ESCALATION, group=MORE,
    ),
    Act(
        "new_case", "new-case", _("Another case"), _("Start the clock again"),
        _plain(forms.NewCaseForm, "new_case"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.answered_at is not None, group=MORE,
        hint=_("AWS owes a first answer to the new case. The old one stays on record."),
    ),
    Act(
        "case", "case", _("Correct the case"), _("Correct the case"),
        _plain(forms.CaseForm, "case", case_id=lambda one: one.case_id),
        Permission.ESCALATE, lambda one, now: one.is_open and one.case_opened_at is not None, group=CORRECT,
    ),
    Act(
        "answer", "answer", _("Correct the answer"), _("Correct the answer"),
        _plain(forms.AnswerForm, "answer", how=lambda one: one.answered_how),
        Permission.HANDLE_ESCALATION, lambda one, now: one.is_open and one.answered_at is not None, group=CORRECT,
    ),
    Act(
        "restored", "restored", _("Correct the restoration"), _("Correct the restoration"),
        _plain(forms.RestoredForm, "restored"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.restored_at is not None, group=CORRECT,
    ),
)  # fmt: skip


def offers(request, escalation: Escalation, now: datetime, bound: dict) -> list[dict]:
    """The acts this person may take now; a form in ``bound`` (by name) takes the place of a fresh one and is open.

    A refused act is offered even when it does not fit any more, so that what was typed is not lost.
    """
    found, seen = [], set()
    for act in ACTS:
        is_refused = act.name in bound
        if (
            act.name in seen
            or act.needs not in request.permissions
            or not (act.fits(escalation, now) or is_refused)
        ):
            continue
        seen.add(act.name)
        form = bound.get(act.name) or act.make(request, escalation)
        found.append({"act": act, "form": form, "is_open": is_refused})
    return found


def levels_of(request, escalation: Escalation) -> list[tuple[int, str]]:
    """The levels this person may set: those inside AWS are for AWS's people."""
    language = get_language() or "en"
    is_aws = request.role in AWS_ROLES or request.user.is_aws
    return [
        (level["level"], f"{level['level'] + 1} · {level['label'].get(language) or level['label']['en']}")
        for level in catalog.lanes()[escalation.lane]["levels"]
        if is_aws or not catalog.is_internal(level["level"])
    ]
