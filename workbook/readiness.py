"""How much of the workbook is filled, what is missing, and what of that is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import partial

from engagements.models import Engagement
from workbook import bound, editions
from workbook.catalogue import FORM, PANEL, Field, FixedRow, Section, Table
from workbook.due import Calendar
from workbook.facts import Facts, exemptions, read
from workbook.models import Row
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


def outline(engagement: Engagement) -> Outline:
    """The sections and rows of one engagement, not counted. Two queries."""
    return Outline(editions.sections(engagement), _rows_of(engagement))


def _rows_of(engagement: Engagement) -> dict[tuple[str, str], list[tuple[int, str]]]:
    rows: dict = defaultdict(list)
    live = Row.objects.filter(engagement=engagement, deleted_at=None)
    for section, table, key, row in live.values_list("section", "table", "key", "pk"):
        rows[section, table].append((row, key))
    return rows


def progress(engagement: Engagement, now: datetime) -> Progress:
    """The progress of one engagement, section by section. Six queries at most, however many rows."""
    return progress_of([engagement], now)[engagement.pk]


def progress_of(engagements: Iterable[Engagement], now: datetime) -> dict[int, Progress]:
    """The progress of many engagements (customers loaded), by primary key, with the same queries."""
    wanted = {engagement.pk: engagement for engagement in engagements}
    facts = read(wanted)
    return {pk: _progress(engagement, facts[pk], now) for pk, engagement in wanted.items()}


def _progress(engagement: Engagement, facts: Facts, now: datetime) -> Progress:
    calendar = Calendar.of(engagement)
    whole = Progress(read_rows=partial(_rows_of, engagement))
    for section in facts.sections:
        part = SectionProgress(section=section, due_at=calendar.due_at(section.due))
        for table in section.tables:
            tally = _TALLIES.get(table.kind, _sheet)(engagement, section, table, facts, calendar, now)
            part.add(tally)
            part.rows += tally.rows
        whole.sections.append(part)
        whole.add(part)
    return whole


def _sheet(engagement, section: Section, table: Table, facts: Facts, calendar: Calendar, now) -> Tally:
    tally = Tally()
    place = section.key, table.key
    keys = table.keys_for(engagement.event_type)
    fixed = {key: bound.of_fixed_row(engagement, table.fixed_row(key)) for key in keys}
    tally.rows = facts.own[place] + len(fixed)
    asked = max(tally.rows, table.min_rows)
    told = sorted(facts.told[place])
    # The other rows answer nothing that was read; they are all alike, and a long sheet has many.
    silent = facts.own[place] - len(told)
    places = [(facts.fixed[place].get(key), key) for key in fixed] + [(row, "") for row in told]
    answers = [(row, facts.values.get(row, {}) | fixed.get(key, {})) for row, key in places]
    for field in table.fields:
        if not field.is_asked_of(engagement.event_type) or field.is_formula:
            continue
        when = {"days": field.due, "calendar": calendar, "now": now}
        if field.required and any(row.due is not None for row in table.fixed_rows):
            _dated(field, table, places, fixed, facts, calendar, now, tally)
            tally.count(silent, 0, **when)
        elif field.required:
            given = sum(values.get(field.key) is not None for values in fixed.values())
            tally.count(asked, min(facts.counts[section.key, field.key] + given, asked), **when)
        elif field.required_if:
            tally.count(*_conditional(field, answers, silent, facts), **when)
    return tally


def _dated(
    field: Field, table: Table, places, fixed: dict, facts: Facts, calendar, now, tally: Tally
) -> None:
    """A required field of rows that have due dates of their own."""
    for row, key in places:
        values = facts.values[row] | fixed.get(key, {})
        days = due_days(field, table.fixed_row(key) if key else None)
        tally.count(1, int(facts.is_filled(row, field, values)), days=days, calendar=calendar, now=now)


def due_days(field: Field, fixed: FixedRow | None) -> int:
    """In days from T0: the fixed row's own due date before that of the field."""
    return fixed.due if fixed and fixed.due is not None else field.due


def _conditional(
    field: Field, answers: list[tuple[int | None, dict]], silent: int, facts: Facts
) -> tuple[int, int]:
    """In how many rows the field is required, ``silent`` ones included, and in how many of those it is filled."""
    filled = 0
    of_nothing, decides = field.is_required({}), field.depends_on
    required = silent if of_nothing else 0
    for row, values in answers:
        if of_nothing if decides.isdisjoint(values) else field.is_required(values):
            required += 1
            filled += facts.is_filled(row, field, values)
    return required, filled


def _form(engagement, section: Section, table: Table, facts: Facts, calendar: Calendar, now) -> Tally:
    """A form is one row, made when it is first needed, whose answers are partly the engagement's own."""
    tally = Tally()
    row = next(iter(facts.fixed[section.key, table.key].values()), None)
    given = bound.of_form(engagement, table)
    values = facts.values[row] | given
    for field in table.fields:
        if not field.is_asked_of(engagement.event_type) or not field.is_required(values):
            continue
        is_counted = field.required and facts.counts[section.key, field.key]
        is_filled = bool(is_counted) or facts.is_filled(row, field, values)
        tally.count(1, int(is_filled), days=field.due, calendar=calendar, now=now)
    return tally


def _panel(engagement, section: Section, table: Table, facts: Facts, calendar: Calendar, now) -> Tally:
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
