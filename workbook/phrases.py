"""What the workbook says on the timeline; single cells stay in their own history."""

from django.utils.translation import gettext_lazy as _

from iem_portal.registry import Phrase, phrases

phrases.register(
    Phrase("workbook.row_deleted", _("Row deleted in the workbook: %(section)s"), icon="x", status="todo")
)
phrases.register(
    Phrase(
        "workbook.row_restored",
        _("Row brought back in the workbook: %(section)s"),
        icon="arrow-back-up",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.section_taken",
        _("Newer version taken in the workbook: %(section)s"),
        icon="refresh",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.suggestions_accepted",
        _("Suggestions accepted in the workbook: %(count)s in %(section)s"),
        icon="check",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.quota_requested",
        _("Quota increase asked of AWS: %(name)s to %(value)s, %(region)s"),
        icon="send",
        status="run",
    )
)
phrases.register(
    Phrase(
        "workbook.quota_answered",
        _("AWS on the quota increase %(name)s: %(state)s, the quota is %(value)s now, %(region)s"),
        icon="cloud",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.quota_not_sent",
        _("Quota increase not made: %(name)s to %(value)s, %(region)s"),
        icon="s-bad",
        status="bad",
    )
)
phrases.register(
    Phrase(
        "workbook.consent_given",
        _("Quota increases may be asked of AWS from the portal"),
        icon="check",
        status="ok",
    )
)
phrases.register(
    Phrase(
        "workbook.consent_withdrawn",
        _("Quota increases may no longer be asked of AWS from the portal"),
        icon="lock",
        status="todo",
    )
)
phrases.register(
    Phrase("workbook.frozen", _("Workbook frozen: no. %(number)s %(name)s"), icon="lock", status="todo")
)
phrases.register(
    Phrase("workbook.overridden", _("Scorecard set to %(colour)s: %(line)s"), icon="flag", status="watch")
)
phrases.register(
    Phrase(
        "workbook.override_withdrawn",
        _("Scorecard left to the rules again: %(line)s"),
        icon="arrow-back-up",
        status="todo",
    )
)
phrases.register(
    Phrase("workbook.signed", _("Readiness check signed: %(result)s"), icon="check", status="ok")
)
phrases.register(
    Phrase(
        "workbook.unsigned",
        _("Signature of the readiness check taken back: %(result)s"),
        icon="x",
        status="watch",
    )
)
phrases.register(
    Phrase(
        "workbook.exempted",
        _("Does not apply, accepted: %(section)s, %(field)s"),
        icon="check",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.exemption_ended",
        _("Asked again in the workbook: %(section)s, %(field)s"),
        icon="arrow-back-up",
        status="todo",
    )
)
for step, words, icon, status in (
    ("submit", _("Workbook section submitted: %(section)s"), "send", "run"),
    ("withdraw", _("Workbook section taken back: %(section)s"), "arrow-back-up", "todo"),
    ("review", _("Workbook section reviewed: %(section)s"), "eye", "run"),
    ("accept", _("Workbook section accepted: %(section)s"), "s-ok", "ok"),
    ("return", _("Workbook section returned: %(section)s. %(words)s"), "corner-down-right", "watch"),
):
    phrases.register(Phrase(f"workbook.section_{step}", words, icon=icon, status=status))
phrases.register(
    Phrase(
        "workbook.guest_invited", _("Guest link made for %(name)s: %(section)s"), icon="user", status="todo"
    )
)
phrases.register(
    Phrase("workbook.guest_revoked", _("Guest link of %(name)s ended: %(section)s"), icon="x", status="todo")
)
phrases.register(
    Phrase(
        "workbook.section_on",
        _("Workbook section put in: %(section)s. %(words)s"),
        icon="plus",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.section_off",
        _("Workbook section taken out: %(section)s. %(words)s"),
        icon="x",
        status="todo",
    )
)
phrases.register(
    Phrase(
        "workbook.preset_rows",
        _("Rows of the event type added to the workbook: %(count)s"),
        icon="table",
        status="todo",
    )
)
