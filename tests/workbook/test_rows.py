"""Rows are added, copied, moved, put aside and brought back; nothing of them is lost."""

import pytest

from engagements.models import TimelineEntry
from tests import factories
from workbook import rows
from workbook.cells import RowMissing
from workbook.models import Cell, CellChange, Row
from workbook.scorecard import exempting

pytestmark = pytest.mark.django_db


def words(book, row):
    return {"engagement": book.engagement, "row": row, "by": book.by, "now": book.now}


def order(book):
    return list(Row.objects.filter(engagement=book.engagement, table="quotas").values_list("pk", flat=True))


def test_a_row_of_no_name_is_none_of_those_without_a_key(book):
    made = [book.add("quotas", q_service="ec2").pk for _number in range(2)]
    with pytest.raises(RowMissing):
        book.save("q_need", "7", row="")
    assert not Cell.objects.filter(row__in=made, field="q_need").exists()


def test_a_new_row_has_its_defaults_and_their_history(book):
    row = book.add("quotas", q_service="ec2")
    assert dict(row.cells.values_list("field", "value")) == {"q_margin": "20", "q_service": "ec2"}
    assert CellChange.objects.filter(row_id=row.pk, how="row_added").count() == 1
    assert CellChange.objects.filter(row_id=row.pk, how="with_row").count() == 2


def test_a_deleted_row_comes_back_with_its_values(book):
    row = book.add("quotas", q_service="ec2").pk
    rows.delete(**words(book, row))
    with pytest.raises(RowMissing):
        book.save("q_need", "1", row=row)
    rows.restore(**words(book, row))
    assert book.save("q_need", "1", row=row).version == 1
    assert Cell.objects.get(row=row, field="q_service").value == "ec2"


def test_deleting_a_row_is_told_on_the_timeline(book):
    row = book.add("quotas").pk
    rows.delete(**words(book, row))
    assert TimelineEntry.objects.get().phrase == "workbook.row_deleted"


def test_a_row_is_deleted_once(book):
    row = book.add("quotas").pk
    rows.delete(**words(book, row))
    with pytest.raises(RowMissing):
        rows.delete(**words(book, row))


def test_a_copy_stands_below_its_source(book):
    first, second = book.add("quotas", q_service="ec2").pk, book.add("quotas").pk
    copy = rows.duplicate(**words(book, first))
    assert order(book) == [first, copy.pk, second]
    assert Cell.objects.get(row=copy, field="q_service").value == "ec2"


def test_rows_move_and_make_room_for_each_other(book):
    first, second, third = (book.add("quotas").pk for _number in range(3))
    for _turn in range(15):
        rows.move(**words(book, third), after=first)
        rows.move(**words(book, second), after=first)
    assert order(book) == [first, second, third]
    rows.move(**words(book, third), after=None)
    assert order(book) == [third, first, second]


@pytest.mark.parametrize("verb", [rows.delete, rows.duplicate])
def test_rows_of_another_engagement_do_not_exist(book, verb):
    row = book.add("quotas").pk
    with pytest.raises(RowMissing):
        verb(engagement=factories.engagement(), row=row, by=book.by, now=book.now)


def test_the_row_of_the_event_cannot_be_deleted(book):
    book.save("win_attendance", "bridge", row="event")
    with pytest.raises(RowMissing):
        rows.delete(**words(book, Row.objects.get(key="event").pk))


def test_a_cell_that_does_not_apply_is_not_asked_for_and_says_so(book, as_user):
    row = book.add("quotas").pk
    page = f"/e/{book.engagement.reference}/workbook/wb08/"
    changes = f"{page}changes/?rows={row}"

    def shown():
        cells = as_user(book.by).get(changes).json()["cells"]
        return next(cell for cell in cells if cell["field"] == "q_need")

    assert "Add value" in shown()["html"]
    words = {"section": book.section_of("quotas"), "row": str(row), "field": "q_need"}
    mark = exempting.ask(
        engagement=book.engagement, reason="Nothing grows here.", by=book.by, now=book.now, **words
    )
    assert "Said not to apply" in shown()["html"]
    assert shown()["missing"]
    exempting.accept(mark=mark, by=book.by, now=book.now)
    assert 'title="Does not apply"' in shown()["html"]
    assert "Add value" not in shown()["html"]
    assert not shown()["missing"]
    assert "Does not apply" in shown()["state"]
    book.save("q_need", "5", row=row)
    assert "Does not apply" not in shown()["state"]
