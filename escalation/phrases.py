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
    Phrase("escalation.restored", _("%(reference)s: the service works again"), icon="s-ok", status="ok"),
    Phrase(
        "escalation.restored_corrected",
        _("%(reference)s: time of the restoration corrected to %(is)s, before %(was)s"),
        icon="pencil",
    ),
    Phrase("escalation.resolved", _("%(reference)s resolved: %(title)s"), icon="s-ok", status="ok"),
    Phrase("escalation.said", _("%(reference)s: message logged"), icon="message"),
):
    phrases.register(phrase)
