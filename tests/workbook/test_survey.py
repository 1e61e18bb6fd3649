"""The survey keeps no names of the customer's side, and says so."""

import pytest

from engagements.models import TimelineEntry
from tests import factories
from workbook import bulk, history
from workbook.cells import save_cell
from workbook.models import Cell, CellChange, Row

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def save(book, row, field, value, by):
    words = {"section": "wb25", "row": row, "field": field, "value": value, "base_version": 0}
    return save_cell(engagement=book.engagement, by=by, now=book.now, **words)


def test_an_answer_of_the_customer_is_kept_without_its_author(book):
    row = book.add("answers", sv_overall="5").pk
    save(book, row, "sv_nps", "9", book.by)
    section = book.section_of("answers")
    edit = bulk.Edit(field="sv_best", value="The rehearsal", row=row)
    bulk.save(
        engagement=book.engagement, section=section, table=section.table("answers"), edits=[edit], by=book.by,
        now=book.now, how="pasted",
    )  # fmt: skip
    everywhere = [
        *Row.objects.values_list("created_by_name", flat=True),
        *Cell.objects.values_list("updated_by_name", flat=True),
        *CellChange.objects.values_list("by_name", flat=True),
    ]
    assert len(everywhere) > 6 and set(everywhere) == {"Respondent"}
    assert not CellChange.objects.exclude(by_id=None).exists()
    assert not Cell.objects.exclude(updated_by_id=None).exists()
    assert not TimelineEntry.objects.filter(actor_name=book.by.name).exists()
    assert {line.change.by_name for line in history.lines(book.engagement, section)} == {"Respondent"}


def test_what_aws_changes_in_it_is_named(book):
    row = book.add("answers", sv_overall="5").pk
    save(book, row, "sv_nps", "9", factories.member(book.engagement, "tam", name="Kim Hana"))
    assert Cell.objects.get(field="sv_nps").updated_by_name == "Kim Hana"


def test_other_sections_keep_names(book):
    book.add("quotas", q_name="vCPU")
    assert set(CellChange.objects.values_list("by_name", flat=True)) == {"Lim Sojin"}
