"""Whatever the cells hold, the database's count is that of somebody who looks at every cell."""

from collections import Counter, defaultdict
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engagements.models import Engagement
from workbook import bound, rules
from workbook.catalogue import PANEL, SHEET
from workbook.models import Cell, NotApplicable, Row
from workbook.readiness import progress
from workbook.scorecard import missing

pytestmark = pytest.mark.django_db
#: What stands between the parts of the database's own text, and what else could upset one.
NASTY = [
    "\x1e",
    "\x1f",
    'a,"b\\',
    "two\nlines",
    "한국어",
    ["x", "\x1f"],
    "0",
    "12.5",
    {"a": [1]},
    False,
    0,
    "",
]


@given(st.integers(min_value=0))
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.generate],  # a smaller seed is no simpler example
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_count_is_that_of_somebody_who_looks_at_every_cell(engagement, now, seed):
    engagement = Engagement.objects.select_related("customer").get(pk=engagement.pk)
    Filler(engagement, now, Random(seed)).fill()
    whole = progress(engagement, now)
    counted = {part.section.key: (part.required, part.filled, part.late) for part in whole.sections}
    # Criteria and signatures are kept elsewhere.
    for key in ("wb01", "wb21"):
        counted.pop(key)
    assert counted == {
        key: found for key, found in looked_at(engagement, whole, now).items() if key in counted
    }


class Filler:
    """Rows and cells of any kind, put there as they come, on top of those of the last example."""

    def __init__(self, engagement, now, random: Random):
        self.engagement, self.now, self.random = engagement, now, random

    def fill(self) -> None:
        """Some rows of most tables, with cells, some emptied and some that do not apply."""
        outline = progress(self.engagement, self.now).outline
        for section in outline.sections:
            for table in section.tables:
                kept = {key for _pk, key in outline.rows_of.get((section.key, table.key), [])}
                keys = [key for key in table.keys_for(self.engagement.event_type) if key not in kept]
                keys = self.random.sample(keys, len(keys) // 2) + [""] * (table.kind == SHEET)
                self._rows(section, table, keys if table.kind != PANEL else [])

    def _rows(self, section, table, keys: list[str]) -> None:
        given = {
            "engagement": self.engagement,
            "section": section.key,
            "table": table.key,
            "created_at": self.now,
        }
        rows = Row.objects.bulk_create(Row(**given, key=key) for key in keys)
        for row in rows:
            fields = self.random.sample(table.fields, self.random.randrange(len(table.fields) + 1))
            Cell.objects.bulk_create(
                Cell(row=row, field=field.key, value=self._value(table, field), updated_at=self.now)
                for field in fields
                if not field.bound and not field.is_formula
            )
            if self.random.random() < 0.3:
                self._exempt(section, row, self.random.choice(table.fields))

    def _value(self, table, field):
        """What a condition of the table asks about, a choice, something nasty, or nothing."""
        if field.key == table.title:
            return self.random.choice(["Name", None])  # the list of what is missing prints it
        asked = [each.required_if for each in table.fields if field.key in each.depends_on]
        told = [value for rule in asked for value in _named(rule)]
        return self.random.choice([*told, *told, *[choice.value for choice in field.choices], None, *NASTY])

    def _exempt(self, section, row: Row, field) -> None:
        NotApplicable.objects.create(
            engagement=self.engagement, section=section.key, row=row, field=field.key, reason="Not here",
            asked_at=self.now, asked_by_name="A", accepted_at=self.random.choice([None, self.now]),
            accepted_by_name="",
        )  # fmt: skip


def _named(rule: dict) -> list:
    """The values that a rule names."""
    several = rule.get("any") or rule.get("all")
    if several:
        return [value for each in several for value in _named(each)]
    return [
        *rule.get("in", []),
        *([rule["starts"] + "1"] if "starts" in rule else []),
        rule.get("at_least", "9"),
    ]


def looked_at(engagement, whole, now) -> dict[str, tuple[int, int, int]]:
    """Required, filled and late answers by section, cell by cell."""
    values: dict = defaultdict(dict)
    for cell in Cell.objects.filter(row__engagement=engagement):
        values[cell.row_id][cell.field] = cell.value
    asked: Counter = Counter()
    for section in whole.outline.sections:
        for table in section.tables:
            if table.kind == PANEL:
                continue
            pairs = whole.rows_of.get((section.key, table.key), [])
            made = {key: pk for pk, key in pairs if key}
            places = [(made.get(key), key) for key in table.keys_for(engagement.event_type)]
            places += [(pk, "") for pk, key in pairs if not key]
            places += [(None, None)] * max(0, table.min_rows - len(places))
            for pk, key in places:
                known = dict(values[pk]) if pk else {}
                if key:
                    of_form = key == "form"
                    known |= (
                        bound.of_form(engagement, table)
                        if of_form
                        else bound.of_fixed_row(engagement, table.fixed_row(key))
                    )
                asked[section.key] += sum(_is_asked(engagement, field, known, key) for field in table.fields)
    found = missing.cells(engagement, whole.outline, now)
    gone = Counter(cell.section.key for cell in found)
    late = Counter(cell.section.key for cell in found if cell.is_late)
    return {
        section.key: (asked[section.key], asked[section.key] - gone[section.key], late[section.key])
        for section in whole.outline.sections
    }


def _is_asked(engagement, field, known: dict, key: str | None) -> bool:
    """Whether somebody has to fill the field; of a row that is not there (no key at all) only what is always asked."""
    if field.is_formula or not field.is_asked_of(engagement.event_type):
        return False
    if field.required:
        return True
    return key is not None and bool(field.required_if) and rules.holds(field.required_if, known)
