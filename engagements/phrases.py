"""The sentences of the timeline that speak of engagements."""

from django.utils.translation import gettext_lazy as _

from iem_portal.registry import Phrase, phrases

for phrase in (
    Phrase("engagement.opened", _("%(reference)s opened: %(name)s"), icon="plus", status="run"),
    Phrase(
        "engagement.late_request",
        _("Late request: %(days)s days to T0. The plan is shortened to %(plan_days)s days."),
        icon="s-watch",
        status="watch",
    ),
    Phrase("engagement.edited", _("Engagement details changed: %(fields)s"), icon="pencil", status="todo"),
    Phrase("engagement.account_added", _("AWS account in scope: %(account)s %(name)s"), icon="plus"),
    Phrase("engagement.postponed", _("Postponed: %(reason)s"), icon="s-hold", status="hold"),
    Phrase("engagement.cancelled", _("Cancelled: %(reason)s"), icon="s-bad", status="bad"),
    Phrase("engagement.active", _("Taken up again. %(reason)s"), icon="s-run", status="run"),
    Phrase(
        "window.moved",
        _("Event moved from %(old)s to %(new)s; %(moved)s milestones moved with it"),
        icon="calendar",
        status="watch",
    ),
    Phrase("milestone.done", _("%(code)s done: %(title)s"), icon="s-ok", status="ok"),
    Phrase("milestone.reopened", _("%(code)s open again: %(title)s"), icon="s-todo", status="todo"),
    Phrase("milestone.redated", _("%(code)s moved from %(old)s to %(new)s"), icon="calendar"),
    Phrase("hook.added", _("%(name)s is told of this event"), icon="plus"),
    Phrase("hook.on", _("%(name)s is told again"), icon="bell"),
    Phrase("hook.off", _("%(name)s is not told for now"), icon="bell"),
    Phrase("hook.hears", _("What %(name)s is told of was changed"), icon="bell"),
    Phrase("hook.secret", _("New secret for %(name)s"), icon="key"),
    Phrase("hook.removed", _("%(name)s is not told any more"), icon="x"),
    Phrase("criterion.added", _("Success criterion added: %(name)s"), icon="plus"),
    Phrase("criterion.changed", _("Success criterion changed: %(name)s"), icon="pencil"),
    Phrase(
        "criterion.lapsed",
        _("Success criterion changed: %(name)s. Both sides have to agree again."),
        icon="s-watch",
        status="watch",
    ),
    Phrase("criterion.agreed_customer", _("Agreed by the customer: %(name)s"), icon="s-ok", status="ok"),
    Phrase("criterion.agreed_aws", _("Agreed by AWS: %(name)s"), icon="s-ok", status="ok"),
    Phrase("criterion.removed", _("Success criterion removed: %(name)s"), icon="x"),
    Phrase("criterion.measured", _("Measured: %(name)s, %(value)s"), icon="check"),
    Phrase("member.added", _("%(person)s is in the team"), icon="users"),
    Phrase("member.invited", _("%(person)s was invited"), icon="mail"),
    Phrase("member.joined", _("%(person)s joined"), icon="user", status="ok"),
    Phrase("member.role_changed", _("%(person)s has another role"), icon="pencil"),
    Phrase("member.removed", _("%(person)s left the team"), icon="x"),
    Phrase("phase.moved", _("Phase %(to_label)s begins"), icon="s-gate", status="ok"),
    Phrase(
        "phase.overridden",
        _("Phase %(to_label)s begins against the gate. Open: %(unmet)s. Reason: %(reason)s"),
        icon="s-gate",
        status="watch",
    ),
    Phrase("note.posted", "%(text)s", icon="message"),
):
    phrases.register(phrase)
