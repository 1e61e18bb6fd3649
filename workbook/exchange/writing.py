"""The workbook as an Excel file: a cover, a sheet for every table, and hidden sheets that let it come back."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink

from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from workbook.exchange import book as books
from workbook.exchange import layout
from workbook.exchange.book import Block, Book
from workbook.exchange.looks import Looks
from workbook.exchange.sheets import Drawer, fit_to_page

LANGUAGES = {"en": "English", "ko": "한국어"}


def export(engagement: Engagement, *, by_name: str, now: datetime, language: str) -> bytes:
    """The .xlsx of the whole workbook in one language, with headings in both.

    Holds nothing that is AWS's alone and no secret; times are in the engagement's zone. At most seven queries.
    """
    with translation.override(language):
        return written(books.read(engagement), by_name=by_name, now=now, language=language)


def written(book: Book, *, by_name: str, now: datetime, language: str) -> bytes:
    """The file of a book that was read already, in the active language."""
    file = Workbook(write_only=True)
    file.properties.creator, file.properties.title = "IEM Portal", book.engagement.name[:200]
    file.properties.created = file.properties.modified = now.replace(tzinfo=None)
    looks = Looks(file)
    drawer = Drawer(book, looks, language)
    cover = file.create_sheet(layout.sheet_names([_("Cover")])[0])
    names = _names(book, taken=cover.title)
    for name, block in zip(names, book.blocks, strict=True):
        drawer.draw(file.create_sheet(name), block)
    _cover(cover, looks, book, names, by_name=by_name, now=now, language=language)
    _hidden(file, layout.LISTS_SHEET, drawer.lists.rows(), looks)
    _hidden(file, layout.BASE_SHEET, _base(book, drawer, now, language), looks)
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def _names(book: Book, taken: str) -> list[str]:
    """A section's only table is called like the section, several by their own names."""
    tables = Counter(block.section.key for block in book.blocks)
    wanted = [
        f"{block.section.code} {pick(block.section.label if tables[block.section.key] == 1 else block.table.label)}"
        for block in book.blocks
    ]
    return layout.sheet_names(wanted, taken=(layout.BASE_SHEET, layout.LISTS_SHEET, taken))


def _base(book: Book, drawer: Drawer, now: datetime, language: str) -> list[list[str]]:
    """What the file was like when it left: its format, whose it is, versions of sections, and every row."""
    about = {
        "format": layout.FORMAT,
        "reference": book.engagement.reference,
        "time_zone": book.engagement.time_zone,
        "language": language,
        "exported_at": now.isoformat(timespec="seconds"),
        "template": book.template,
        "sections": {section.key: section.version for section in book.sections},
    }
    return [["about", json.dumps(about)], *(["row", *line] for line in drawer.base)]


def _hidden(file: Workbook, name: str, rows: list[list[str]], looks: Looks) -> None:
    sheet = file.create_sheet(name)
    sheet.sheet_state = "veryHidden"
    looks.on(sheet)
    for row in rows:
        sheet.append([looks.value(text, "key") if text else None for text in row])


def _cover(
    sheet, looks: Looks, book: Book, names: list[str], *, by_name: str, now: datetime, language: str
) -> None:
    """Whose workbook this is, how it is filled and brought back, and the way to every sheet."""
    looks.on(sheet)
    fit_to_page(sheet)
    widths = [34, 76, 12]
    for letter, size in zip("ABC", widths, strict=True):
        sheet.column_dimensions[letter].width = size
    sheet.row_dimensions[1].height = 24
    engagement = book.engagement
    local = now.astimezone(book.setting.zone)
    looks.append([looks.text(_("IEM planning workbook"), "title")])
    facts = {
        _("Engagement"): f"{engagement.reference}  {engagement.name}",
        _("Customer"): engagement.customer.name,
        _("Exported"): f"{local:%Y-%m-%d %H:%M} {local.tzname()}, {by_name}",
        _("Time zone"): f"{engagement.time_zone} ({local.tzname()}). "
        + _("All dates and times are in this zone."),
        _("Language"): LANGUAGES[language],
    }
    for name, text in facts.items():
        looks.append([looks.text(name, "bold"), looks.text(text, "lead")], widths)
    looks.append([])
    looks.append([looks.text(_("How to fill it in and bring it back"), "bold")])
    for number, text in enumerate(_steps(), start=1):
        looks.append([looks.text(f"{number}", "lead"), looks.text(text, "lead")], widths)
    looks.append([])
    looks.append([looks.text(head, "head") for head in (_("Sheet"), _("Contents"), _("Rows"))])
    for name, block in zip(names, book.blocks, strict=True):
        looks.append(_entry(looks, name, block))


def _entry(looks: Looks, name: str, block: Block) -> list:
    """One line of the cover's list, with a link inside the file."""
    link = looks.text(name, "link")
    # openpyxl puts in where the cell stands.
    link.hyperlink = Hyperlink(ref="A1", location=f"{quote_sheetname(name)}!A1", display=name)
    words = pick(block.section.label)
    if pick(block.table.label) != words:
        words += f" · {pick(block.table.label)}"
    rows = looks.blank("label") if block.is_form else looks.value(len(block.lines), "label")
    return [link, looks.text(words), rows]


def _steps() -> list[str]:
    return [
        _("Fill in the white cells. Grey cells are kept or worked out by the portal; headings with * are required."),
        _("Cells with a list offer their answers. Add rows right below the last one; empty rows are left out."),
        _("Rows may be sorted as whole rows. Hidden columns and sheets belong to the portal: leave them there."),
        _("Save the file as .xlsx. In the portal choose Workbook, Excel, Import: you see every difference first."),
        _("What others changed in the portal meanwhile stays: you are shown both values and choose."),
    ]  # fmt: skip
