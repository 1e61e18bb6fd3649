"""How full the workbook is, what is late, and what the gate wants."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engagements.models import Phase, SuccessCriterion
from iem_portal.registry import figures, gates
from tests import factories
from workbook import editions, rows
from workbook.readiness import progress

pytestmark = pytest.mark.django_db
WINDOW = {
    "win_kind": "cutover",
    "win_title": "Cutover",
    "win_start": "2026-11-29 00:00",
    "win_end": "2026-11-29 04:00",
}


def part(book, key, now=None):
    return next(
        found for found in progress(book.engagement, now or book.now).sections if found.section.key == key
    )


def test_what_the_engagement_knows_counts_as_filled(book):
    profile = part(book, "wb01")
    assert (profile.required, profile.filled) == (20, 4)  # 11 of the form, 9 of the first criterion


def test_a_filled_answer_counts_once(book):
    before = part(book, "wb01").filled
    book.save("ev_purpose", "Move.")
    assert part(book, "wb01").filled == before + 1
    book.save("ev_purpose", "", base=1)
    assert part(book, "wb01").filled == before


def test_criteria_of_the_engagement_count_as_answers(book):
    before = part(book, "wb01").filled
    SuccessCriterion.objects.create(engagement=book.engagement, name="Response", target=Decimal(1))
    assert part(book, "wb01").filled > before + 5


def test_an_empty_sheet_wants_its_first_row(book):
    quotas = part(book, "wb08")
    assert quotas.filled == 0
    assert quotas.required > 10
    assert quotas.state == "watch"


def test_a_condition_asks_only_where_it_holds(book):
    row = book.add("windows", **WINDOW, win_attendance="bridge").pk
    missing = part(book, "wb02").missing
    book.save("win_downtime_ok", "240", row=row)
    assert part(book, "wb02").missing == missing - 1
    book.save("win_kind", "rehearsal", row=row, base=1)
    assert part(book, "wb02").missing == missing - 1


def test_a_deleted_row_asks_for_nothing(book):
    book.add("windows", **WINDOW)
    missing = part(book, "wb02").missing
    row = book.add("windows").pk
    assert part(book, "wb02").missing > missing
    rows.delete(engagement=book.engagement, row=row, by=book.by, now=book.now)
    assert part(book, "wb02").missing == missing


def test_a_missing_answer_is_late_after_its_due_date(book):
    early = book.engagement.starts_at - timedelta(days=60)
    assert part(book, "wb08", early).late == 0
    assert part(book, "wb08", early).state == "todo"
    assert part(book, "wb08").late == part(book, "wb08").missing


def test_the_gate_to_execute_names_every_section(book):
    gate = gates.get("workbook")
    found = gate.conditions(book.engagement, book.now)
    assert gate.phase == Phase.PLAN
    sections = editions.sections(book.engagement)
    asked = [section for section in sections if section.due <= 0 and section.key != "wb21"]
    assert [condition.key for condition in found] == [f"workbook.{section.key}" for section in asked]
    assert {section.key for section in sections} - {section.key for section in asked} >= {"wb24", "wb25"}
    assert not any(condition.is_met for condition in found)
    assert found[0].detail == "16 required fields missing"


def test_figures_of_many_engagements_take_as_many_queries_as_of_one(book, django_assert_max_num_queries):
    engagements = [book.engagement, *(factories.engagement() for _number in range(5))]
    with django_assert_max_num_queries(6):
        found = figures.get("workbook").for_engagements(engagements, book.now)
    assert set(found) == {engagement.pk for engagement in engagements}
    assert set(found[book.engagement.pk]) == {"percent", "late", "missing"}
