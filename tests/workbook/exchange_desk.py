"""A desk for tests of the exchange: exports, changes the file as a person would, and takes it in again."""

import io

import openpyxl
from django.utils import translation

from workbook import editions
from workbook.exchange import applying, receiving, review, writing
from workbook.exchange import book as books
from workbook.exchange.applying import Picks
from workbook.models import Cell, Import

ALL = Picks(is_all=True)


class Desk:
    def __init__(self, book):
        self.book = book
        self.engagement = book.engagement

    def export(self, language="en", only=("wb08", "quotas")):
        """The file of one table, which is written and read in no time; ``only=None`` for the whole workbook."""
        with translation.override(language):
            found = books.read(self.engagement, only=only)
            content = writing.written(found, by_name="Lim Sojin", now=self.book.now, language=language)
        return openpyxl.load_workbook(io.BytesIO(content))

    def sheet(self, file, table):
        return next(sheet for sheet in file if str(sheet["A3"].value).endswith(f":{table}"))

    def at(self, file, table, row, field):
        """The cell of a row (its number, or how many-th new one: "new1") and field."""
        sheet = self.sheet(file, table)
        column = next(cell.column for cell in sheet[3] if cell.value == field)
        ids = {number: sheet.cell(number, 1).value for number in range(6, sheet.max_row + 1)}
        places = {str(name): number for number, name in ids.items() if name}
        number = places[str(row)] if str(row) in places else 5 + len(places) + int(str(row)[3:])
        return sheet.cell(number, column)

    def receive(self, file, name="plan.xlsx"):
        stream = io.BytesIO()
        if isinstance(file, bytes):
            stream.write(file)
        else:
            file.save(stream)
        stream.seek(0)
        return receiving.receive(
            engagement=self.engagement, file=stream, file_name=name, by=self.book.by, now=self.book.now
        )

    def apply(self, found, picks=ALL, *, by=None):
        return applying.apply(
            engagement=self.engagement, found=found, picks=picks, by=by or self.book.by, now=self.book.now
        )

    def close(self, found, *, by=None, version=None):
        receiving.close(
            engagement=self.engagement,
            found=found,
            base_version=version or found.version,
            by=by or self.book.by,
            now=self.book.now,
        )

    def review(self, found, section="wb08"):
        sections = editions.sections(self.engagement)
        part = next(each for each in sections if each.key == section)
        changes = review.of_section(self.engagement, Import.objects.get(pk=found.pk), part, sections)
        return [change for table in changes.tables for row in table.rows for change in row.changes]

    def value(self, row, field):
        return Cell.objects.get(row=row, field=field).value
