"""The difference between two freezes, or a freeze and now, in the reader's words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from workbook import editions, readiness, types
from workbook.catalogue import FORM, Field, Section, Table
from workbook.models import Freeze
from workbook.readiness import Outline
from workbook.scorecard import diff
from workbook.scorecard.content import SECRET, content_of
from workbook.scorecard.diff import CELL, ROW_ADDED, ROW_DELETED, SECTION, Change
from workbook.types import Setting

NOW = "now"


@dataclass(frozen=True)
class Line:
    """One difference in words; ``kind`` is cell, row_added, row_deleted or section."""

    kind: str
    section: str
    row: str
    field: str
    before: str
    after: str
    by: str
    at: str

    @property
    def when(self) -> datetime | None:
        """When the newer value was written."""
        return datetime.fromisoformat(self.at) if self.at else None


@dataclass(frozen=True)
class Comparison:
    """Everything that differs between two contents."""

    before: int | str
    after: int | str
    lines: list[Line]
    counts: dict[str, int]

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """The differences by section."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.section, []).append(line)
        return list(found.items())


def compare(engagement: Engagement, before: int | str, after: int | str) -> Comparison:
    """The difference between two freezes by number; "now" is the live workbook. Six queries, and those of names."""
    outline = readiness.outline(engagement)
    wanted = [number for number in (before, after) if number != NOW]
    kept = dict(
        Freeze.objects.filter(engagement=engagement, number__in=wanted).values_list("number", "content")
    )
    live = content_of(engagement, outline) if NOW in (before, after) else {}
    old, new = (live if number == NOW else kept[number] for number in (before, after))
    changes = diff.diff(old, new)
    speaker = _Speaker(engagement, outline, old, new)
    lines = [line for change in changes for line in speaker.say(change)]
    return Comparison(before, after, lines, dict(Counter(change.kind for change in changes)))


class _Speaker:
    """Puts changes into words; a row is called by the newer of its names."""

    def __init__(self, engagement: Engagement, outline: Outline, old: dict, new: dict):
        self.sections = outline.by_key
        self.setting = Setting.of(engagement, self.sections.values())
        self.engagement = engagement
        self._retired: dict[str, dict[str, Field]] = {}
        self.cells = diff.rows_of(old) | diff.rows_of(new)
        self.gone = diff.rows_of(old).keys() - diff.rows_of(new).keys()

    def say(self, change: Change) -> list[Line]:
        section = self.sections.get(change.section)
        if change.kind == SECTION:
            return [self._version(change, section)]
        table = section.table(change.table) if section else None
        row = self._row(change, table)
        name = self._section(change, section)
        if change.kind in {ROW_ADDED, ROW_DELETED}:
            word = _("Row added") if change.kind == ROW_ADDED else _("Row deleted")
            return [Line(change.kind, name, row, word, "", "", "", "")]
        if change.key in self.gone:
            # The row itself is named; its values are in the freeze.
            return []
        field = self._field(section, table, change.field)
        before, after = (self._shown(field, cell) for cell in (change.before, change.after))
        heading = pick(field.label) if field else change.field
        return [Line(CELL, name, row, heading, before, after, change.by, change.at)]

    def _field(self, section: Section | None, table: Table | None, key: str) -> Field | None:
        """The field of a change, as the workbook asks it or asked it last."""
        if section is None or table is None or key in table.by_key:
            return table.by_key.get(key) if table else None
        if section.key not in self._retired:
            self._retired[section.key] = editions.retired_fields(self.engagement, section)
        return self._retired[section.key].get(key)

    def _version(self, change: Change, section: Section | None) -> Line:
        before, after = (
            _("version %(n)s") % {"n": number} if number else _("not asked")
            for number in (change.before, change.after)
        )
        return Line(SECTION, self._section(change, section), "", _("Section"), before, after, "", "")

    def _section(self, change: Change, section: Section | None) -> str:
        return f"{section.code} {pick(section.label)}" if section else change.section.upper()

    def _row(self, change: Change, table: Table | None) -> str:
        if table is None:
            return change.row
        if table.kind == FORM:
            return ""
        fixed = table.fixed_row(change.row)
        if fixed and fixed.code:
            return fixed.code
        # A criterion is called by its first field.
        field = table.by_key.get(table.title) or table.fields[0]
        cell = self.cells.get(change.key, {}).get(field.key)
        named = types.show(field, cell[0], self.setting) if cell and cell[0] is not None else ""
        return named or pick(table.label)

    def _shown(self, field, cell: list | None) -> str:
        value = cell[0] if cell else None
        if value is None:
            return ""
        if field is None:
            return str(value)
        if field.type == SECRET:
            return "••••••"
        try:
            return types.show(field, value, self.setting)
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # Kept under an older version of the field, whose values had another shape.
            return str(value)


def frozen_sections(freeze: Freeze, sections: list[Section]) -> list[tuple[str, str, dict]]:
    """Code, name and tally of each section in a freeze; the name as the workbook calls it today."""
    labels = {section.key: pick(section.label) for section in sections}
    return [(part["code"], labels.get(part["key"], ""), part) for part in freeze.progress["sections"]]
