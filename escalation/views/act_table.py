"""Every act on an escalation: its form, its words, who may take it and when it makes sense; what helps most first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from engagements.access import Permission
from escalation import catalog, chain, forms
from escalation.actions import is_reopenable
from escalation.ladder import policies
from escalation.models import Escalation
from escalation.views.choices import chain_above, chain_below, levels_of, others_of

FIRST, MORE = "first", "more"


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


def _plain(form_class, name: str, words: dict | None = None, **initial) -> Callable:
    """Makes a fresh form; ``words`` of it and first values that can be called are asked for."""

    def make(request, escalation: Escalation):
        values = {field: value(escalation) if callable(value) else value for field, value in initial.items()}
        more = {key: choices(request, escalation) for key, choices in (words or {}).items()}
        return form_class(initial={"base_version": escalation.version} | values, prefix=name, **more)

    return make


def _next_level(escalation: Escalation) -> int:
    return min(escalation.level + 1, catalog.highest_level(escalation.lane))


def _other_lane(escalation: Escalation) -> str:
    return next(code for code in catalog.lanes() if code != escalation.lane)


def _is_quiet_class(one: Escalation, now: datetime) -> bool:
    return one.is_open and not policies.is_loud(one.policy["targets"], one.severity)


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
        "acknowledge", "acknowledge", _("Acknowledge"), _("I have it"),
        _plain(forms.AcknowledgeForm, "acknowledge"),
        Permission.ESCALATE, key="a",
        hint=_("Nobody is paged again until this runs out; then somebody is."),
    ),
    Act(
        "hand_over", "hand-over", _("Hand over"), _("Hand over"),
        _plain(forms.HandOverForm, "hand_over", {"levels": levels_of}, level=_next_level),
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
        "reopen", "reopen", _("Reopen"), _("Reopen"), _plain(forms.ReopenForm, "reopen"),
        Permission.HANDLE_ESCALATION, is_reopenable, is_main=True,
        hint=_("The time to restore goes on. The first answer is owed only to a new case."),
    ),
    Act(
        "follow", "follow", _("It is back"), _("Open a follow-up"), _plain(forms.FollowForm, "follow"),
        Permission.ESCALATE, lambda one, now: not one.is_open and not is_reopenable(one, now), is_main=True,
        hint=_("It ended more than 14 days ago: a new, linked escalation takes its facts along."),
    ),
    Act(
        "take", "take", _("Take it"), _("I take it"), _plain(forms.AcknowledgeForm, "take"),
        Permission.ESCALATE, group=MORE, hint=_("Acknowledges, and makes you the owner."),
    ),
    Act(
        "snooze", "snooze", _("Snooze"), _("Quiet until then"), _plain(forms.SnoozeForm, "snooze"),
        Permission.ESCALATE, _is_quiet_class, group=MORE,
    ),
    Act(
        "ask", "ask", _("Ask for an answer"), _("Log"), _plain(forms.AskForm, "ask", channel="phone"),
        Permission.ESCALATE, _is_unanswered, group=MORE,
        hint=_("Note that somebody asked AWS Support. It stops no clock."),
    ),
    Act(
        "chain", "management", _("Customer's management"), _("Bring in"),
        _plain(forms.ChainForm, "chain", {"levels": chain_above}, level=lambda one: one.management_level + 1),
        Permission.ESCALATE,
        lambda one, now: one.is_open and one.management_level < chain.highest(), group=MORE,
    ),
    Act(
        "chain_back", "management-back", _("Send management home"), _("Go back"),
        _plain(forms.ChainBackForm, "chain_back", {"levels": chain_below}),
        Permission.ESCALATE, lambda one, now: one.is_open and one.management_level > 0, group=MORE,
    ),
    Act(
        "lane", "lane", _("Change lane"), _("Change lane"), _plain(forms.LaneForm, "lane", lane=_other_lane),
        Permission.HANDLE_ESCALATION, group=MORE,
    ),
    Act(
        "start_lane", "start-lane", _("Start the other lane"), _("Start this lane"),
        _plain(
            forms.StartLaneForm, "start_lane", title=lambda one: one.title, severity=lambda one: one.severity
        ),
        Permission.ESCALATE, group=MORE,
        hint=_("It goes on here; a linked escalation works in the other lane at the same time."),
    ),
    Act(
        "new_case", "new-case", _("Another case"), _("Start the clock again"),
        _plain(forms.NewCaseForm, "new_case"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.answered_at is not None, group=MORE,
        hint=_("AWS owes a first answer to the new case. The old one stays on record."),
    ),
    Act(
        "link", "link", _("Link"), _("Link"), _plain(forms.OtherForm, "link", {"others": others_of}),
        Permission.ESCALATE, lambda one, now: True, group=MORE,
    ),
    Act(
        "split", "split", _("Split"), _("Split off"),
        _plain(
            forms.SplitForm, "split", severity=lambda one: one.severity, lane=lambda one: one.lane
        ),
        Permission.ESCALATE, group=MORE,
        hint=_("The part gets a number and clocks of its own, and takes the facts along."),
    ),
    Act(
        "merge", "merge", _("It is a duplicate"), _("Merge"),
        _plain(forms.MergeForm, "merge", {"others": others_of}),
        Permission.HANDLE_ESCALATION, group=MORE,
        hint=_("The clocks of this one end. Breaches on record stay."),
    ),
    Act(
        "case", "case", _("Correct the case"), _("Correct the case"),
        _plain(forms.CaseForm, "case", case_id=lambda one: one.case_id),
        Permission.ESCALATE, lambda one, now: one.is_open and one.case_opened_at is not None, group=MORE,
    ),
    Act(
        "answer", "answer", _("Correct the answer"), _("Correct the answer"),
        _plain(forms.AnswerForm, "answer", how=lambda one: one.answered_how),
        Permission.HANDLE_ESCALATION, lambda one, now: one.is_open and one.answered_at is not None, group=MORE,
    ),
    Act(
        "restored", "restored", _("Correct the restoration"), _("Correct the restoration"),
        _plain(forms.RestoredForm, "restored"),
        Permission.ESCALATE, lambda one, now: one.is_open and one.restored_at is not None, group=MORE,
    ),
)  # fmt: skip
