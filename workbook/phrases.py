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
