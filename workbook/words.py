"""The portal's own words about the workbook: who fills what, and how a value came to be."""

from django.utils.translation import gettext_lazy as _

WHO = {
    "CL": _("Customer lead"),
    "CB": _("Customer business owner"),
    "CE": _("Customer engineer"),
    "CD": _("Customer database administrator"),
    "CS": _("Customer security"),
    "TAM": _("Technical account manager"),
    "SA": _("Solutions architect"),
    "SYS": _("AWS data"),
}
HOW = {
    "typed": _("typed"),
    "merged": _("merged"),
    "with_row": _("with the row"),
    "duplicated": _("copied row"),
    "restored": _("restored"),
    "pasted": _("pasted"),
    "filled_down": _("filled down"),
    "undone": _("undone"),
    "imported": _("imported"),
    "aws": _("from AWS"),
    "suggested": _("suggested"),
    "new_version": _("new version of the section"),
    "api": _("API"),
    "demo": _("typed"),
    "file_added": _("File added"),
    "file_removed": _("File removed"),
    "row_added": _("Row added"),
    "row_deleted": _("Row deleted"),
    "row_restored": _("Row brought back"),
    "row_moved": _("Row moved"),
}


def who(codes) -> str:
    """The people behind the codes, as one phrase."""
    return ", ".join(str(WHO.get(code, code)) for code in codes)
