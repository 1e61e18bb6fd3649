"""What the reader is told about a file, by the codes of the modules that look at it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

#: Why a file is not taken.
REFUSED = {
    "missing": _("Choose a file first."),
    "empty": _("This file is empty."),
    "too_big": _("This file is larger than 10 MB. Remove pictures and sheets that do not belong to the workbook."),
    "not_excel": _("This is no Excel workbook (.xlsx). Save it as .xlsx or CSV and choose it again."),
    "old_excel": _("This is an Excel file of the old kind (.xls). Save it as .xlsx and choose it again."),
    "encrypted": _("This file is protected by a password. Remove the password and choose it again."),
    "macros": _("This file contains macros. Save it as .xlsx, without macros, and choose it again."),
    "links": _("This file links to other files or data sources. Break the links, save it and choose it again."),
    "bomb": _("This file grows far too large when it is unpacked. It was not opened."),
    "doctype": _("This file contains definitions that no Excel workbook needs. It was not opened."),
    "damaged": _("This file is damaged and cannot be read. Open it in Excel, save it again and choose it again."),
    "newer": _("This file was exported by a newer portal. Export it here and copy your changes into it."),
    "no_cells": _("There is nothing in this file that could be imported."),
    "elsewhere": _("This file was exported from %(reference)s, not from this engagement. Nothing was imported."),
    "too_many": _("This file changes more than 20,000 cells. Import it in parts."),
}  # fmt: skip

#: What is said about a file that was taken; values come with the code.
NOTICES = {
    "section_version": _(
        "%(section)s was exported in version %(was)s, this workbook has %(now)s. Its questions are matched one by one."
    ),
    "section_gone": _("%(section)s is no longer part of this workbook. Its sheet was left out."),
    "base_missing": _("The hidden sheet of this file is gone. Its cells are compared with the workbook of now."),
    "too_long": _("The sheet %(sheet)s is longer than %(rows)s rows. The rest was left out."),
    "time_zone": _("The file gives times in %(was)s. They are shown in %(now)s."),
}  # fmt: skip

#: Why one cell of a file is not taken.
PROBLEMS = {
    "formula": _("A formula without a value: open the file in Excel, let it calculate and save it."),
    "error": _("The cell holds an error of the spreadsheet."),
    "no_field": _("There is no such question in this workbook."),
    "locked": _("This value is kept or worked out elsewhere."),
}


def refused(code: str, values: dict) -> str:
    """The sentence for a file that is not taken."""
    return str(REFUSED.get(code, REFUSED["damaged"])) % values


def notice(code: str, values: dict) -> str:
    """The sentence about a file that was taken."""
    return str(NOTICES[code]) % values if code in NOTICES else code


def problem(code: str) -> str:
    """The sentence about one cell."""
    return str(PROBLEMS.get(code, code))
