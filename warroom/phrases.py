"""The sentences the war room writes on the timeline."""

from django.utils.translation import gettext_lazy as _

from iem_portal.registry import Phrase, phrases

for key, text, icon, status in (
    (
        "runbook.created",
        _("Runbook created from the template %(title)s, %(count)s steps"),
        "list-check",
        "todo",
    ),
    ("step.started", _("%(code)s started: %(title)s"), "s-run", "run"),
    ("step.started_late", _("%(code)s started %(minutes)s min late: %(title)s"), "s-run", "run"),
    ("step.done", _("%(code)s done: %(title)s"), "s-ok", "ok"),
    ("step.done_late", _("%(code)s done, %(minutes)s min late: %(title)s"), "s-watch", "watch"),
    ("step.blocked", _("%(code)s blocked: %(reason)s"), "s-block", "block"),
    ("step.unblocked", _("%(code)s goes on: %(title)s"), "s-run", "run"),
    ("step.skipped", _("%(code)s skipped: %(reason)s"), "s-skip", "skip"),
    ("step.noted", _("%(code)s: %(note)s"), "message", "todo"),
    ("step.reopened", _("%(code)s reopened: %(reason)s"), "arrow-back-up", "watch"),
    ("gate.go", _("%(title)s: GO"), "s-gate", "ok"),
    ("gate.hold", _("%(title)s: hold. %(reason)s"), "s-hold", "hold"),
    ("room.opened", _("War room opened"), "flag", "run"),
    ("room.closed", _("War room closed"), "flag", "ok"),
    ("update.sent", _("Status update %(number)s sent to %(count)s people: %(state)s"), "send", "todo"),
    ("alarm.raised", _("Alarm: %(name)s"), "s-bad", "bad"),
    ("alarm.cleared", _("Alarm cleared: %(name)s"), "s-ok", "ok"),
    ("alarm.silent", _("Alarm without enough data: %(name)s"), "s-stale", "stale"),
    ("health.opened", _("AWS Health: %(code)s in %(region)s"), "heartbeat", "watch"),
    ("health.updated", _("AWS Health update: %(code)s in %(region)s"), "heartbeat", "watch"),
    ("health.closed", _("AWS Health closed: %(code)s in %(region)s"), "heartbeat", "ok"),
    ("metric.silent", _("%(title)s stopped sending data"), "s-stale", "stale"),
    ("metric.back", _("%(title)s sends data again"), "s-ok", "ok"),
):
    phrases.register(Phrase(key, text, icon=icon, status=status))
