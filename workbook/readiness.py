"""How much of the workbook is filled, what is missing, and what of that is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as default_of
from datetime import datetime

from django.db.models import BigIntegerField, Count, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Concat

from engagements.models import Engagement, SuccessCriterion
from workbook import bound, editions
from workbook.catalogue import FORM, PANEL, Field, FixedRow, Section, Table
from workbook.due import Calendar
from workbook.models import Cell, NotApplicable, Row, Signature
from workbook.tallies import Outline, Progress, SectionProgress, Tally

__all__ = [
    "Outline",
    "Progress",
    "SectionProgress",
    "Tally",
    "exemptions",
    "outline",
    "progress",
    "progress_of",
]

#: The homes of the panels whose answers are counted here, and the side that each field of a signature stands for.
CRITERIA, READINESS = "engagements:criteria", "workbook:readiness"
SIGNATURES = {"rc_sign_c": "customer", "rc_sign_a": "aws"}

#: What a counted line is about.
_FILLED, _EXEMPT, _SIGNED = range(3)

#: The key of a field in a form that no index has. Asked for hundreds of fields by an indexed key, SQLite looks each
#: of them up in each row, filled or not: ten times the work of reading the row's few cells.
_UNINDEXED = Concat("field", Value(""))


@dataclass
class _Facts:
    """What the database knows about one engagement's required answers."""

    sections: list = default_of(default_factory=list)
    rows: dict = default_of(default_factory=lambda: defaultdict(list))
    #: How many cells of a field are filled, by section and field.
    counts: dict = default_of(default_factory=lambda: defaultdict(int))
    values: dict = default_of(default_factory=lambda: defaultdict(dict))
    #: Cells that do not apply, as AWS's side accepted.
    exempt: set = default_of(default_factory=set)
    criteria: list = default_of(default_factory=list)

    def is_filled(self, row: int | None, field: Field, values: dict) -> bool:
        """Whether a cell whose value was read is filled or need not be."""
        return values.get(field.key) is not None or (row, field.key) in self.exempt


def outline(engagement: Engagement) -> Outline:
    """The sections and rows of one engagement, not counted. Two queries."""
    rows: dict = defaultdict(list)
    live = Row.objects.filter(engagement=engagement, deleted_at=None)
    for section, table, key, row in live.values_list("section", "table", "key", "pk"):
        rows[section, table].append((row, key))
    return Outline(editions.sections(engagement), rows)


def progress(engagement: Engagement, now: datetime) -> Progress:
    """The progress of one engagement, section by section. Six queries, however many rows."""
    return progress_of([engagement], now)[engagement.pk]


def progress_of(engagements: Iterable[Engagement], now: datetime) -> dict[int, Progress]:
    """The progress of many engagements (customers loaded), by primary key, with the same six queries."""
    wanted = {engagement.pk: engagement for engagement in engagements}
    facts = _facts(wanted)
    return {pk: _progress(engagement, facts[pk], now) for pk, engagement in wanted.items()}


def _facts(wanted: dict[int, Engagement]) -> dict[int, _Facts]:
    facts = {pk: _Facts() for pk in wanted}
    begun = editions.started_of(wanted.values())
    for pk, sections in editions.chosen(wanted.values(), begun).items():
        facts[pk].sections = sections
    live_rows = Row.objects.filter(engagement__in=wanted, deleted_at=None)
    for pk, section, table, key, row in live_rows.values_list(
        "engagement_id", "section", "table", "key", "pk"
    ):
        facts[pk].rows[section, table].append((row, key))
    bound.load(wanted.values(), _tables_of(facts.values()))
    always, sometimes = _fields_to_ask_for(facts.values())
    cells = Cell.objects.filter(row__engagement__in=wanted, row__deleted_at=None, value__isnull=False)
    # Counted by the database: a workbook of thousands of cells answers in as many lines as it has fields.
    for pk, section, field, number, kind in _counted(cells, wanted):
        if kind == _EXEMPT:
            facts[pk].exempt.add((number, field))
        if kind != _FILLED or field in always:
            facts[pk].counts[section, field] += number if kind == _FILLED else 1
    named = cells.annotate(name=_UNINDEXED).filter(name__in=sometimes)
    found = named.values_list("row__engagement_id", "row_id", "field", "value")
    for pk, row, field, value in found.order_by():
        facts[pk].values[row][field] = value
    for criterion in SuccessCriterion.objects.filter(engagement__in=wanted, removed_at=None):
        facts[criterion.engagement_id].criteria.append(criterion)
    return facts


def exemptions(engagements: Iterable):
    """Accepted "not applicable" marks of empty cells: an answer that came after all counts as itself."""
    answered = Cell.objects.filter(row=OuterRef("row"), field=OuterRef("field"), value__isnull=False)
    marks = NotApplicable.objects.filter(
        engagement__in=engagements, ended_at=None, accepted_at__isnull=False, row__deleted_at=None
    )
    return marks.exclude(Exists(answered)).order_by()


def _counted(cells: QuerySet, engagements: Iterable) -> QuerySet:
    """Engagement, section, field, and the number of filled cells or the row of an exemption; signatures. One query."""
    filled = cells.values_list("row__engagement_id", "row__section", "field").annotate(
        number=Count("pk"), kind=Value(_FILLED)
    )
    exempt = exemptions(engagements).values_list(
        "engagement_id", "section", "field", "row_id", Value(_EXEMPT)
    )
    signed = Signature.objects.filter(engagement__in=engagements, withdrawn_at=None).order_by()
    sides = signed.values_list(
        "engagement_id", Value(""), "side", Value(0, BigIntegerField()), Value(_SIGNED)
    )
    return filled.order_by().union(exempt, sides, all=True)


def _fields_to_ask_for(facts: Iterable[_Facts]) -> tuple[set[str], set[str]]:
    """Fields whose filled cells are counted, and those whose values decide or answer a condition."""
    always, sometimes = set(), set()
    for table in _tables_of(facts):
        is_dated = any(row.due is not None for row in table.fixed_rows)
        for field in table.fields:
            if field.required and not field.bound:
                (sometimes if is_dated else always).add(field.key)
            if field.required_if:
                sometimes |= {field.key, *field.depends_on}
    return always, sometimes


def _tables_of(facts: Iterable[_Facts]) -> list[Table]:
    """Every table that is asked; engagements share their sections, so each is looked at once."""
    sections = {id(section): section for each in facts for section in each.sections}.values()
    return [table for section in sections for table in section.tables]


def _progress(engagement: Engagement, facts: _Facts, now: datetime) -> Progress:
    calendar = Calendar.of(engagement)
    whole = Progress(rows_of=facts.rows)
    for section in facts.sections:
        part = SectionProgress(section=section, due_at=calendar.due_at(section.due))
        for table in section.tables:
            tally = _TALLIES.get(table.kind, _sheet)(engagement, section, table, facts, calendar, now)
            part.add(tally)
            part.rows += tally.rows
        whole.sections.append(part)
        whole.add(part)
    return whole


def _sheet(engagement, section: Section, table: Table, facts: _Facts, calendar: Calendar, now) -> Tally:
    tally = Tally()
    rows = facts.rows[section.key, table.key]
    keys = table.keys_for(engagement.event_type)
    fixed = {key: bound.of_fixed_row(engagement, table.fixed_row(key)) for key in keys}
    own = [(row, "") for row, key in rows if not key]
    made = {key: row for row, key in rows if key}
    tally.rows = len(own) + len(fixed)
    asked = max(tally.rows, table.min_rows)
    places = [(made.get(key), key) for key in fixed] + own
    answers = [(row, facts.values.get(row, {}) | fixed.get(key, {})) for row, key in places]
    for field in table.fields:
        if not field.is_asked_of(engagement.event_type) or field.is_formula:
            continue
        when = {"days": field.due, "calendar": calendar, "now": now}
        if field.required and any(row.due is not None for row in table.fixed_rows):
            _dated(field, table, places, fixed, facts, calendar, now, tally)
        elif field.required:
            given = sum(values.get(field.key) is not None for values in fixed.values())
            tally.count(asked, min(facts.counts[section.key, field.key] + given, asked), **when)
        elif field.required_if:
            tally.count(*_conditional(field, answers, facts), **when)
    return tally


def _dated(
    field: Field, table: Table, places, fixed: dict, facts: _Facts, calendar, now, tally: Tally
) -> None:
    """A required field of rows that have due dates of their own."""
    for row, key in places:
        values = facts.values[row] | fixed.get(key, {})
        days = due_days(field, table.fixed_row(key) if key else None)
        tally.count(1, int(facts.is_filled(row, field, values)), days=days, calendar=calendar, now=now)


def due_days(field: Field, fixed: FixedRow | None) -> int:
    """In days from T0: the fixed row's own due date before that of the field."""
    return fixed.due if fixed and fixed.due is not None else field.due


def _conditional(field: Field, answers: list[tuple[int | None, dict]], facts: _Facts) -> tuple[int, int]:
    """In how many rows the field is required, and in how many of those it is filled."""
    required = filled = 0
    # Most rows of a long sheet answer nothing that decides; they are all alike.
    of_nothing = field.is_required({})
    for row, values in answers:
        if field.is_required(values) if values else of_nothing:
            required += 1
            filled += facts.is_filled(row, field, values)
    return required, filled


def _form(engagement, section: Section, table: Table, facts: _Facts, calendar: Calendar, now) -> Tally:
    """A form is one row, made when it is first needed, whose answers are partly the engagement's own."""
    tally = Tally()
    row = next((pk for pk, _key in facts.rows[section.key, table.key]), None)
    given = bound.of_form(engagement, table)
    values = facts.values[row] | given
    for field in table.fields:
        if not field.is_asked_of(engagement.event_type) or not field.is_required(values):
            continue
        is_counted = field.required and facts.counts[section.key, field.key]
        is_filled = bool(is_counted) or facts.is_filled(row, field, values)
        tally.count(1, int(is_filled), days=field.due, calendar=calendar, now=now)
    return tally


def _panel(engagement, section: Section, table: Table, facts: _Facts, calendar: Calendar, now) -> Tally:
    """A table kept elsewhere. Of success criteria there should be ``min_rows``, of signatures one a side.

    Other homes count for themselves.
    """
    tally = Tally()
    for key, side in SIGNATURES.items() if table.home == READINESS else ():
        if field := table.by_key.get(key):
            tally.count(1, facts.counts["", side], days=field.due, calendar=calendar, now=now)
    if table.home != CRITERIA:
        return tally
    answers = bound.of_criteria(facts.criteria, table)
    answers += [{}] * max(0, table.min_rows - len(answers))
    tally.rows = len(answers)
    for values in answers:
        for field in table.fields:
            if field.required:
                is_filled = values.get(field.key) is not None
                tally.count(1, int(is_filled), days=field.due, calendar=calendar, now=now)
    return tally


_TALLIES = {FORM: _form, PANEL: _panel}
