"""What the database knows of an engagement's required answers, read to be counted (workbook/readiness.py)."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as default_of
from functools import cache, cached_property

from django.db.models import (
    Aggregate,
    BigIntegerField,
    Case,
    Count,
    Exists,
    OuterRef,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Concat

from engagements.models import Engagement, SuccessCriterion
from workbook import bound, editions
from workbook.catalogue import Field, Table
from workbook.models import Cell, NotApplicable, Row, Signature

#: What a counted line is about.
_FILLED, _EXEMPT, _SIGNED = range(3)

#: Between the cells that the database puts into one text, and between the parts of one: JSON has neither unescaped.
_NEXT, _PART = "\x1f", "\x1e"
_TEXT = TextField()


class _Texts(Aggregate):
    """The texts of a group in one.

    Telling how often each occurs is left to the reader: rows lie in the order of their sections, so that a text a
    section is made in one pass, while a number a field has every line of the table sorted, five times the work.
    """

    function = "STRING_AGG"
    template = f"%(function)s(%(expressions)s, '{_NEXT}')"
    output_field = _TEXT

    def as_sqlite(self, compiler, connection, **more):
        """SQLite before 3.44 has it under another name only."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **more)


@dataclass
class Facts:
    """What the database knows about one engagement's required answers."""

    sections: list = default_of(default_factory=list)
    #: How many rows a table has besides its fixed ones, and those by key, by section and table.
    own: dict = default_of(default_factory=lambda: defaultdict(int))
    fixed: dict = default_of(default_factory=lambda: defaultdict(dict))
    #: Which of a table's own rows have a value that was read, or an exemption.
    told: dict = default_of(default_factory=lambda: defaultdict(set))
    #: How many cells of a field are filled, by section and field.
    counts: dict = default_of(default_factory=lambda: defaultdict(int))
    values: dict = default_of(default_factory=lambda: defaultdict(dict))
    #: Cells that do not apply, as AWS's side accepted.
    exempt: set = default_of(default_factory=set)
    criteria: list = default_of(default_factory=list)

    @cached_property
    def places(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Section and table of every field, by section and field."""
        return {
            (section.key, field): (section.key, table.key)
            for section in self.sections
            for field, table in section.table_of.items()
        }

    @cached_property
    def fixed_rows(self) -> set[int]:
        """The primary keys of all fixed rows."""
        return {row for rows in self.fixed.values() for row in rows.values()}

    def is_filled(self, row: int | None, field: Field, values: dict) -> bool:
        """Whether a cell whose value was read is filled or need not be."""
        return values.get(field.key) is not None or (row, field.key) in self.exempt


@dataclass(frozen=True)
class Wanted:
    """What is asked of the cells: of some how many there are, of some in which rows, of some also what they hold."""

    always: frozenset[str]
    answers: frozenset[str]
    decides: frozenset[str]

    @classmethod
    def of(cls, tables: Iterable[Table]) -> Wanted:
        """What these tables need."""
        always, answers, decides = set(), set(), set()
        for table in tables:
            is_dated = any(row.due is not None for row in table.fixed_rows)
            for field in table.fields:
                if field.required and not field.bound:
                    (answers if is_dated else always).add(field.key)
                if field.required_if:
                    answers.add(field.key)
                    decides |= field.depends_on
        return cls(frozenset(always), frozenset(answers), frozenset(decides))

    @property
    def told(self) -> Case:
        """A filled cell as a text: its field; of those that answer or decide also the row, and what decides.

        The longer list is asked first: of most cells that is the only one.
        """
        decides = When(field__in=sorted(self.decides), then=Cast("value", _TEXT))
        value = Case(decides, default=Value("true", _TEXT), output_field=_TEXT)
        part = Value(_PART, _TEXT)
        cell = Concat(Cast("field", _TEXT), part, Cast("row_id", _TEXT), part, value, output_field=_TEXT)
        return Case(
            When(field__in=sorted(self.answers | self.decides), then=cell),
            default="field",
            output_field=_TEXT,
        )


def read(wanted: dict[int, Engagement]) -> dict[int, Facts]:
    """What is known of each engagement (customers loaded), by primary key. Six queries at most."""
    facts = {pk: Facts() for pk in wanted}
    begun = editions.started_of(wanted.values())
    for pk, sections in editions.chosen(wanted.values(), begun).items():
        facts[pk].sections = sections
    for pk, section, table, key, number in _rows(wanted):
        if key:
            facts[pk].fixed[section, table][key] = number
        else:
            facts[pk].own[section, table] = number
    bound.load(wanted.values(), _tables_of(facts.values()))
    cells = Cell.objects.filter(row__engagement__in=wanted, row__deleted_at=None, value__isnull=False)
    _count(cells, facts, Wanted.of(_tables_of(facts.values())))
    for criterion in SuccessCriterion.objects.filter(engagement__in=wanted, removed_at=None):
        facts[criterion.engagement_id].criteria.append(criterion)
    return facts


def _rows(engagements: Iterable) -> QuerySet:
    """Engagement, section, table, and the key and primary key of a fixed row or "" and the number of other rows."""
    live = Row.objects.filter(engagement__in=engagements, deleted_at=None).order_by()
    own = live.filter(key="").values_list("engagement_id", "section", "table", Value(""))
    fixed = live.exclude(key="").values_list("engagement_id", "section", "table", "key", "pk")
    return own.annotate(number=Count("pk")).union(fixed, all=True)


def _count(cells: QuerySet, facts: dict[int, Facts], wanted: Wanted) -> None:
    """Put down how often each field that always counts is filled, what decides, exemptions and signatures."""
    for pk, section, text, row, kind in _counted(cells, facts, wanted):
        if kind == _FILLED:
            # A workbook of thousands of cells answers in as many lines as it has sections.
            _put_down(facts[pk], section, Counter(text.split(_NEXT)), wanted)
            continue
        facts[pk].counts[section, text] += 1
        if kind == _EXEMPT:
            facts[pk].exempt.add((row, text))
            _tell(facts[pk], section, text, row)


def _put_down(facts: Facts, section: str, cells: Counter, wanted: Wanted) -> None:
    """The filled cells of one section: fields with how many there are, or a field, its row and what it holds."""
    decoded = cache(json.loads)
    for cell, number in cells.items():
        field, *place = cell.split(_PART)
        if field in wanted.always:
            facts.counts[section, field] += number
        if place:
            row, value = int(place[0]), decoded(place[1])
            facts.values[row][field] = value
            _tell(facts, section, field, row)


def _tell(facts: Facts, section: str, field: str, row: int) -> None:
    """Remember that this row is not like those without an answer, unless it is a fixed one."""
    if (place := facts.places.get((section, field))) and row not in facts.fixed_rows:
        facts.told[place].add(row)


def exemptions(engagements: Iterable):
    """Accepted "not applicable" marks of empty cells: an answer that came after all counts as itself."""
    answered = Cell.objects.filter(row=OuterRef("row"), field=OuterRef("field"), value__isnull=False)
    marks = NotApplicable.objects.filter(
        engagement__in=engagements, ended_at=None, accepted_at__isnull=False, row__deleted_at=None
    )
    return marks.exclude(Exists(answered)).order_by()


def _counted(cells: QuerySet, engagements: Iterable, wanted: Wanted) -> QuerySet:
    """Engagement, section, and its filled cells; or field and row of an exemption; or a signature. One query."""
    filled = cells.values_list("row__engagement_id", "row__section").annotate(
        cells=_Texts(wanted.told), number=Value(0, BigIntegerField()), kind=Value(_FILLED)
    )
    exempt = exemptions(engagements).values_list(
        "engagement_id", "section", "field", "row_id", Value(_EXEMPT)
    )
    signed = Signature.objects.filter(engagement__in=engagements, withdrawn_at=None).order_by()
    sides = signed.values_list(
        "engagement_id", Value(""), "side", Value(0, BigIntegerField()), Value(_SIGNED)
    )
    return filled.order_by().union(exempt, sides, all=True)


def _tables_of(facts: Iterable[Facts]) -> list[Table]:
    """Every table that is asked; engagements share their sections, so each is looked at once."""
    sections = {id(section): section for each in facts for section in each.sections}.values()
    return [table for section in sections for table in section.tables]
