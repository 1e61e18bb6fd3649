"""The sentences of the timeline that speak of escalations."""

from django.utils.translation import gettext_lazy as _

from iem_portal.registry import Phrase, phrases

for phrase in (
    Phrase(
        "escalation.opened", _("%(reference)s opened, %(severity)s: %(title)s"), icon="s-bad", status="bad"
    ),
    Phrase(
        "escalation.case_opened", _("%(reference)s: case %(case)s opened with AWS Support"), icon="file-text"
    ),
    Phrase(
        "escalation.case_corrected",
        _("%(reference)s: case corrected to %(case)s, opened %(is)s, before %(old)s, %(was)s"),
        icon="pencil",
    ),
    Phrase(
        "escalation.case_corrected_missed",
        _(
            "%(reference)s: case corrected to %(case)s, opened %(is)s, before %(old)s, %(was)s; "
            "the answer is still missed, by %(due)s instead of %(breach)s"
        ),
        icon="pencil",
        status="bad",
    ),
    Phrase(
        "escalation.case_corrected_unmissed",
        _(
            "%(reference)s: case corrected to %(case)s, opened %(is)s, before %(old)s, %(was)s; "
            "the breach of %(breach)s, which was told, is none: the answer is due %(due)s"
        ),
        icon="pencil",
        status="watch",
    ),
    Phrase(
        "escalation.answered",
        _("%(reference)s: AWS answered after %(minutes)s min"),
        icon="s-ok",
        status="ok",
    ),
    Phrase(
        "escalation.answered_late",
        _("%(reference)s: AWS answered late, after %(minutes)s min"),
        icon="s-bad",
        status="bad",
    ),
    Phrase(
        "escalation.answer_corrected",
        _("%(reference)s: time of the answer corrected to %(is)s, before %(was)s"),
        icon="pencil",
    ),
    Phrase(
        "escalation.handed_over",
        _("%(reference)s: now %(level)s, owner %(owner)s"),
        icon="s-run",
        status="run",
    ),
    Phrase("escalation.handed_inside", _("%(reference)s: inside AWS now"), icon="s-run", status="run"),
    Phrase(
        "escalation.lane_changed",
        _("%(reference)s: moved from %(old)s to %(lane)s"),
        icon="s-run",
        status="run",
    ),
    Phrase(
        "escalation.severity_changed",
        _("%(reference)s: severity %(severity)s, before %(old)s"),
        icon="s-watch",
        status="watch",
    ),
    Phrase(
        "escalation.warned",
        _("%(reference)s: %(percent)s%% of the answer time is used, due %(due)s"),
        icon="s-watch",
        status="watch",
    ),
    Phrase(
        "escalation.breached",
        _("%(reference)s: no answer from AWS by the deadline %(due)s"),
        icon="s-bad",
        status="bad",
    ),
    Phrase(
        "escalation.update_breached",
        _("%(reference)s: the customer was owed an update by %(due)s"),
        icon="s-bad",
        status="bad",
    ),
    Phrase(
        "escalation.level_breached",
        _("%(reference)s: longer at level %(level)s than agreed, until %(due)s"),
        icon="s-bad",
        status="bad",
    ),
    Phrase(
        "escalation.restore_warned",
        _("%(reference)s: %(percent)s%% of the time to restore is used, due %(due)s"),
        icon="s-watch",
        status="watch",
    ),
    Phrase(
        "escalation.restore_breached",
        _("%(reference)s: not restored by the objective %(due)s"),
        icon="s-bad",
        status="bad",
    ),
    Phrase("escalation.waiting", _("%(reference)s: AWS waits for the customer"), icon="s-watch"),
    Phrase(
        "escalation.waiting_until",
        _("%(reference)s: AWS waits for the customer until %(until)s"),
        icon="s-watch",
    ),
    Phrase("escalation.waiting_changed", _("%(reference)s: AWS waits for something else"), icon="s-watch"),
    Phrase(
        "escalation.waiting_changed_until",
        _("%(reference)s: AWS waits for the customer until %(until)s now"),
        icon="s-watch",
    ),
    Phrase(
        "escalation.wait_over", _("%(reference)s: AWS does not wait any more"), icon="s-run", status="run"
    ),
    Phrase(
        "escalation.wait_lifted",
        _("%(reference)s: the wait for the customer has run out, clocks go on"),
        icon="s-run",
        status="run",
    ),
    Phrase(
        "escalation.case_followed",
        _("%(reference)s: new case %(case)s after %(old)s"),
        icon="file-text",
    ),
    Phrase("escalation.restored", _("%(reference)s: the service works again"), icon="s-ok", status="ok"),
    Phrase(
        "escalation.restored_corrected",
        _("%(reference)s: time of the restoration corrected to %(is)s, before %(was)s"),
        icon="pencil",
    ),
    Phrase("escalation.resolved", _("%(reference)s resolved: %(title)s"), icon="s-ok", status="ok"),
    Phrase("escalation.facts_changed", _("%(reference)s: facts changed: %(fields)s"), icon="pencil"),
    Phrase("escalation.breach_cause", _("%(reference)s: cause of a breach given"), icon="pencil"),
    Phrase("escalation.reopened", _("%(reference)s is open again"), icon="s-bad", status="bad"),
    Phrase("escalation.merged", _("%(reference)s is a duplicate of %(other)s"), icon="copy"),
    Phrase(
        "escalation.unmerged",
        _("%(reference)s is no duplicate of %(other)s, and open again"),
        icon="s-bad",
        status="bad",
    ),
    Phrase("escalation.linked", _("%(reference)s belongs together with %(other)s"), icon="paperclip"),
    Phrase(
        "escalation.unlinked", _("%(reference)s does not belong together with %(other)s"), icon="paperclip"
    ),
    Phrase("escalation.split_off", _("%(reference)s is split off from %(other)s"), icon="corner-down-right"),
    Phrase("escalation.followed", _("%(reference)s follows %(other)s"), icon="corner-down-right"),
    Phrase("escalation.asked", _("%(reference)s: AWS asked for an answer"), icon="message"),
    Phrase(
        "escalation.management_raised",
        _("%(reference)s, customer's side: now %(level)s, owner %(owner)s"),
        icon="s-watch",
        status="watch",
    ),
    Phrase(
        "escalation.management_stepped_back",
        _("%(reference)s, customer's side: back from %(old)s to %(level)s, owner %(owner)s"),
        icon="s-run",
        status="run",
    ),
    Phrase(
        "escalation.raised_by_age",
        _("%(reference)s: severity %(severity)s, after %(minutes)s min at %(old)s"),
        icon="s-watch",
        status="watch",
    ),
    Phrase("escalation.said", _("%(reference)s: message logged"), icon="message"),
    Phrase(
        "escalation.case_asked",
        _("%(reference)s: a case is being opened in account %(account)s"),
        icon="file-text",
        status="run",
    ),
    Phrase("escalation.case_made", _("%(reference)s: case %(case)s exists in AWS Support"), icon="file-text"),
    Phrase("escalation.case_linked", _("%(reference)s: case %(case)s is followed"), icon="file-text"),
    Phrase("escalation.case_said", _("%(reference)s: AWS wrote in case %(case)s"), icon="message"),
    Phrase("escalation.case_replied", _("%(reference)s: reply sent to case %(case)s"), icon="send"),
    Phrase("escalation.case_resolved", _("%(reference)s: case %(case)s closed from here"), icon="s-ok"),
    Phrase(
        "escalation.case_closed",
        _("%(reference)s: case %(case)s was closed in AWS Support"),
        icon="s-watch",
        status="watch",
    ),
    Phrase(
        "escalation.case_reopened", _("%(reference)s: case %(case)s was reopened"), icon="s-run", status="run"
    ),
    Phrase(
        "escalation.case_not_sent",
        _("%(reference)s: AWS Support did not take what was sent"),
        icon="s-bad",
        status="bad",
    ),
    Phrase(
        "escalation.acknowledged",
        _("%(reference)s: %(name)s has it until %(until)s"),
        icon="s-ok",
        status="run",
    ),
    Phrase("escalation.snoozed", _("%(reference)s: quiet until %(until)s, says %(name)s"), icon="s-watch"),
    Phrase(
        "escalation.taken",
        _("%(reference)s: %(name)s takes it over, has it until %(until)s"),
        icon="s-run",
        status="run",
    ),
    Phrase("escalation.drill_started", _("Drill %(number)s: %(count)s people paged as a test"), icon="send"),
    Phrase("escalation.ladder_saved", _("Rules of telling changed, version %(version)s"), icon="pencil"),
    Phrase("escalation.ladder_withdrawn", _("Rules of telling are the portal's again"), icon="pencil"),
    Phrase("escalation.muted", _("Quiet agreed from %(since)s until %(until)s"), icon="s-watch"),
    Phrase("escalation.mute_ended", _("The agreed quiet is over"), icon="s-run", status="run"),
):
    phrases.register(phrase)
