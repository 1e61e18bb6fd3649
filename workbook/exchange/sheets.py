"""Draws one table of the workbook as a sheet of the Excel file: a form as questions, anything else as rows."""

from __future__ import annotations

import json

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl.utils import get_column_letter

from iem_portal.templatetags.portal import pick
from workbook import types, words
from workbook.catalogue import Field
from workbook.due import Calendar
from workbook.exchange import layout
from workbook.exchange.book import Block, Book, Line
from workbook.exchange.looks import Lists, Looks, hint
from workbook.exchange.values import Sheeted, blank_format, digest, is_kept_elsewhere, text_of, to_sheet
from workbook.fieldtypes.choice import OneOf, SeveralOf, YesNo
from workbook.fieldtypes.time import Instant

#: What stays allowed on a protected sheet; Excel keeps these as "is forbidden".
_ALLOWED = (
    "formatCells",
    "formatColumns",
    "formatRows",
    "insertRows",
    "sort",
    "autoFilter",
    "insertHyperlinks",
)
#: The column of the hidden keys makes no row higher.
_HIDDEN = 1_000


class Drawer:
    """Draws the tables of one book; collects the lists, and what every row was like, on the way."""

    def __init__(self, book: Book, looks: Looks, language: str):
        self.book = book
        self.looks = looks
        self.other = "en" if language == "ko" else "ko"
        self.lists = Lists()
        #: Section, table, row, and JSON of version and digest by field.
        self.base: list[tuple[str, str, str, str]] = []
        self._calendar = Calendar.of(book.engagement)
        self._zone = book.engagement.time_zone

    def draw(self, sheet, block: Block) -> None:
        """Fill an empty sheet with one table."""
        self.looks.on(sheet)
        _protect(sheet)
        if block.is_form:
            self._form(sheet, block)
        else:
            self._rows(sheet, block)

    def _top(self, sheet, block: Block, kind: str) -> str:
        """Title and lead; gives the hidden mark. Columns and frozen panes must be set before."""
        looks = self.looks
        # The file is written row by row: what a row looks like has to be known before it comes.
        sheet.row_dimensions[layout.TITLE_ROW].height = 24
        sheet.row_dimensions[layout.KEY_ROW].hidden = True
        title = f"{block.section.code}  {pick(block.section.label)}"
        if pick(block.table.label) != pick(block.section.label):
            title += f" · {pick(block.table.label)}"
        looks.append([looks.blank("key"), looks.text(title, "title")])
        looks.append([looks.blank("key"), looks.text(self._lead(block), "lead1")])
        return layout.mark(kind, block.section.key, block.table.key)

    def _lead(self, block: Block) -> str:
        if block.is_panel:
            return _("For reading only: this table is kept elsewhere in the portal.")
        return " ".join(pick(words) for words in (block.section.lead, block.table.help) if words)

    def _rows(self, sheet, block: Block) -> None:
        looks, fields = self.looks, block.fields
        sheet.column_dimensions["A"].hidden = True
        for number, field in enumerate(fields, start=2):
            column = sheet.column_dimensions[get_column_letter(number)]
            column.width = layout.width(field)
            if not block.is_panel and not is_kept_elsewhere(field):
                column._style = looks.style("open", blank_format(field))
        sheet.freeze_panes = f"C{layout.FIRST_ROW}"
        mark = self._top(sheet, block, layout.PANEL if block.is_panel else layout.ROWS)
        looks.append([looks.text(mark, "key"), *(looks.text(field.key, "key") for field in fields)])
        widths = [_HIDDEN, *(layout.width(field) for field in fields)]
        others = (looks.text(field.heading[self.other], "other") for field in fields)
        looks.append([looks.blank("key"), *(self._heading(field) for field in fields)], widths)
        looks.append([looks.blank("key"), *others], widths)
        for line in block.lines:
            looks.append([looks.text(line.row, "hidden"), *self._answers(block, line)], widths)
        if block.is_panel:
            return
        last = layout.FIRST_ROW + len(block.lines) + layout.SPARE - 1
        for number, field in enumerate(fields, start=2):
            letter = get_column_letter(number)
            self._hint(sheet, field, f"{letter}{layout.FIRST_ROW}:{letter}{last}")

    def _form(self, sheet, block: Block) -> None:
        looks, [line] = self.looks, block.lines
        widths = [_HIDDEN, 46, 64, 40, 24, 14]
        for letter, size in zip("BCDEF", widths[1:], strict=True):
            sheet.column_dimensions[letter].width = size
        sheet.column_dimensions["A"].hidden = True
        sheet.freeze_panes = f"A{layout.FIRST_ROW}"
        mark = self._top(sheet, block, layout.FORM)
        looks.append([looks.text(mark, "key"), *(looks.text(key, "key") for key in ("question", "answer"))])
        heads = (
            pgettext("column", "Question"),
            _("Answer"),
            _("In the other language"),
            _("Who fills"),
            _("Due"),
        )
        looks.append([looks.blank("key"), *(looks.text(head, "head") for head in heads)])
        looks.append([looks.blank("key"), *(looks.blank("other") for _head in heads)])
        answers = zip(block.fields, self._answers(block, line), strict=True)
        for number, (field, answer) in enumerate(answers, start=layout.FIRST_ROW):
            due = self._calendar.due_at(field.due).astimezone(self.book.setting.zone)
            cells = [
                looks.text(field.key, "hidden"),
                self._heading(field, is_question=True),
                answer,
                looks.text(field.label[self.other], "other"),
                looks.text(words.who(field.who)),
                looks.value(due.date(), "label", "yyyy-mm-dd"),
            ]
            looks.append(cells, widths)
            self._hint(sheet, field, f"C{number}")

    def _heading(self, field: Field, *, is_question: bool = False):
        text = pick(field.label if is_question else field.heading)
        if isinstance(types.type_of(field), Instant):
            text += f" ({self._zone})"
        if field.required:
            text += " *"
        return self.looks.text(text, "head_wanted" if field.required else "head")

    def _answers(self, block: Block, line: Line) -> list:
        """The cells of one row; version and digest of every one that was ever filled are remembered."""
        cells, known = [], {}
        for field in block.fields:
            value = line.values.get(field.key)
            made = None if value is None else to_sheet(field, value, self.book.setting)
            is_left_out = made is None and not block.is_form and not line.is_locked(field)
            # An empty answer of a row looks like its column anyway; thousands of cells need not be written.
            cells.append(None if is_left_out else self._answer(line, field, made))
            if field.key in line.versions and not line.is_locked(field):
                text = text_of(field, made.value, made.format) if made else ""
                known[field.key] = [line.versions[field.key], digest(text)]
        if line.row:
            self.base.append((block.section.key, block.table.key, line.row, json.dumps(known)))
        return cells

    def _answer(self, line: Line, field: Field, made: Sheeted | None):
        kind = "locked" if line.is_locked(field) else "open"
        if made is None:
            return self.looks.blank(kind, blank_format(field))
        return self.looks.value(made.value, kind, made.format)

    def _hint(self, sheet, field: Field, where: str) -> None:
        if is_kept_elsewhere(field):
            return
        is_choice = isinstance(types.type_of(field), OneOf | YesNo) and not _is_several(field)
        reference = "" if _is_several(field) else self.lists.reference(self._offers(field))
        found = hint(
            pick(field.heading),
            self._prompt(field),
            reference,
            is_strict=is_choice,
            error=_("Choose one of the list."),
        )
        if found:
            found.add(where)
            sheet.data_validations.append(found)

    def _offers(self, field: Field) -> list[str]:
        """What the list of a field shows: words where they mean the same as the value, else the value."""
        setting = self.book.setting
        offered = types.type_of(field).suggestions(field, setting)
        is_choice = isinstance(types.type_of(field), OneOf | YesNo)
        return [
            text if is_choice and _means(field, text, value, setting) else value for value, text in offered
        ]

    def _prompt(self, field: Field) -> str:
        parts = [pick(field.help)] if field.help else []
        if _is_several(field):
            choices = ", ".join(pick(choice.label) for choice in field.choices)
            parts.append(_("Several answers, with commas between them: %(choices)s.") % {"choices": choices})
        if field.required:
            parts.append(_("Required."))
        elif field.required_if:
            parts.append(_("Required in some cases."))
        return " ".join(parts)


def _is_several(field: Field) -> bool:
    kind = types.type_of(field)
    return isinstance(kind, SeveralOf) or getattr(kind, "is_list", False)


def _means(field: Field, text: str, value: str, setting) -> bool:
    try:
        return types.clean(field, text, setting) == types.clean(field, value, setting)
    except types.InvalidValue:
        return False


def _protect(sheet) -> None:
    """Headings and locked cells cannot be typed over by accident; there is no password, so nobody is shut out."""
    protection = sheet.protection
    protection.sheet = True
    for allowed in (
        "formatCells",
        "formatColumns",
        "formatRows",
        "insertRows",
        "sort",
        "autoFilter",
        "insertHyperlinks",
    ):
        setattr(protection, allowed, False)
    fit_to_page(sheet)


def fit_to_page(sheet) -> None:
    """Print all columns on one page, across."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
