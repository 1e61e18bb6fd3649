"""A file on its way back: what it changes, what it may not, and that nothing is written twice."""

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.workbook.exchange_desk import Desk
from workbook import rows
from workbook.exchange.applying import Overtaken, Picks
from workbook.exchange.safezip import Unreadable
from workbook.models import Cell, CellChange, Import, Row

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(book):
    """Exports, changes the file as a person would, and takes it in again."""
    return Desk(book)


@pytest.fixture
def quota(book):
    return book.add("quotas", q_name="vCPU", q_applied="1000", q_need="500").pk


def test_an_untouched_export_of_the_whole_workbook_changes_nothing(desk, quota, book):
    book.save("ev_purpose", "=Move & <grow>\nsecond line")
    book.add("windows", win_kind="rehearsal", win_title="+1", win_start="2026-11-20 10:00")
    for language in ("en", "ko"):
        found = desk.receive(desk.export(language, only=None))
        assert (found.state, found.content, found.notices) == ("done", {}, [])
        assert found.untouched > 5


def test_an_edit_of_the_file_is_shown_and_saved_as_imported(desk, quota):
    file = desk.export("ko")
    desk.at(file, "quotas", quota, "q_need").value = 1850
    found = desk.receive(file)
    [change] = desk.review(found)
    assert (change.kind, change.before, change.after) == ("changed", "500", "1,850")
    assert desk.apply(found)["changed"] == 1
    assert desk.value(quota, "q_need") == "1850"
    line = CellChange.objects.get(row_id=quota, field="q_need", version=2)
    assert (line.how, line.by_name) == ("imported", "Lim Sojin")
    assert Import.objects.get(pk=found.pk).state == "done"


def test_an_emptied_cell_is_emptied_and_a_cell_that_was_never_there_is_not(desk, quota):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = None
    found = desk.receive(file)
    assert [(c.wish.field, c.after) for c in desk.review(found)] == [("q_need", "")]
    desk.apply(found)
    assert desk.value(quota, "q_need") is None


def test_new_rows_come_once_however_often_they_are_applied(desk, quota):
    file = desk.export()
    desk.at(file, "quotas", "new1", "q_name").value = "Elastic IPs"
    desk.at(file, "quotas", "new1", "q_need").value = "many"
    found = desk.receive(file)
    desk.apply(found, Picks(section="wb08", numbers=frozenset({1, 2})))
    row = Row.objects.get(table="quotas", cells__value="Elastic IPs")
    again = Import.objects.get(pk=found.pk)
    desk.apply(again)
    assert Row.objects.filter(table="quotas").count() == 2
    [left] = desk.review(again)
    assert (left.kind, left.wish.field, again.state) == ("invalid", "q_need", "review")
    assert again.made == {left.wish.new_row: row.pk}


def test_two_clicks_at_once_apply_once(desk, quota):
    file = desk.export()
    desk.at(file, "quotas", "new1", "q_name").value = "Elastic IPs"
    found = desk.receive(file)
    twin = Import.objects.get(pk=found.pk)
    desk.apply(found)
    with pytest.raises(Overtaken):
        desk.apply(twin)
    assert Row.objects.filter(table="quotas").count() == 2


def test_both_changed_the_same_cell_and_a_person_chooses(desk, quota, book):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    book.save("q_need", "900", row=quota, base=1, by=factories.member(book.engagement, "tam", name="Kim"))
    found = desk.receive(file)
    [change] = desk.review(found)
    assert (change.kind, change.before, change.after, change.base, change.theirs_by) == (
        "conflict",
        "900",
        "700",
        "500",
        "Kim",
    )
    assert desk.apply(found)["conflict"] == 1
    assert desk.value(quota, "q_need") == "900"
    desk.apply(found, Picks(section="wb08", mine={change.wish.number: change.version}))
    assert (desk.value(quota, "q_need"), found.state) == ("700", "done")


def test_a_choice_against_a_version_that_is_gone_is_asked_again(desk, quota, book):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    book.save("q_need", "900", row=quota, base=1)
    found = desk.receive(file)
    [change] = desk.review(found)
    book.save("q_need", "950", row=quota, base=2)
    desk.apply(found, Picks(section="wb08", mine={change.wish.number: change.version}))
    assert desk.value(quota, "q_need") == "950"
    assert [each.kind for each in desk.review(found)] == ["conflict"]


def test_edits_of_different_sentences_are_joined(desk, book):
    book.save("ev_purpose", "First. Second.")
    file = desk.export(only=("wb01", "profile"))
    sheet = desk.sheet(file, "profile")
    cell = next(row[2] for row in sheet.iter_rows() if row[0].value == "ev_purpose")
    cell.value = "First. Second, offline."
    book.save("ev_purpose", "First, online. Second.", base=1)
    found = desk.receive(file)
    assert [change.kind for change in desk.review(found, "wb01")] == ["merged"]
    desk.apply(found)
    assert Cell.objects.get(field="ev_purpose").value == "First, online. Second, offline."


def test_rows_that_are_not_in_the_file_go_only_when_ticked(desk, book, quota):
    other = book.add("quotas", q_name="Elastic IPs").pk
    file = desk.export()
    desk.sheet(file, "quotas").delete_rows(7)
    found = desk.receive(file)
    desk.apply(found)
    assert Row.objects.get(pk=other).deleted_at is None
    desk.apply(found, Picks(section="wb08", deleted=frozenset({other, quota})))
    assert Row.objects.get(pk=other).deleted_at is not None
    assert Row.objects.get(pk=quota).deleted_at is None


def test_a_row_of_another_table_is_never_deleted_whatever_a_file_says(desk, book, quota):
    window = book.add("windows", win_kind="rehearsal", win_title="Run").pk
    file = desk.export()
    hidden = next(row for row in file["_iem"].iter_rows(max_col=4) if row[3].value == str(quota))
    file["_iem"].append(["row", hidden[1].value, hidden[2].value, str(window), "{}"])
    desk.at(file, "quotas", quota, "q_need").value = 700
    found = desk.receive(file)
    assert [part["missing"] for part in found.content["parts"]] == [[]]
    found.content["parts"][0]["missing"] = [window]
    found.save(update_fields=["content"])
    desk.apply(found, Picks(section="wb08", deleted=frozenset({window})))
    assert Row.objects.get(pk=window).deleted_at is None


def test_what_was_left_of_a_closed_import_is_kept_and_applies_no_more(desk, quota):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    desk.at(file, "quotas", quota, "q_usage").value = "many"
    found = desk.receive(file)
    desk.apply(found)
    desk.close(found)
    kept = Import.objects.get(pk=found.pk)
    assert kept.state == "done" and "700" not in str(kept.content)
    assert [(change.wish.field, change.after) for change in desk.review(kept)] == [("q_usage", "many")]
    assert not desk.apply(kept)


def test_an_import_is_decided_by_whoever_uploaded_it_or_the_tam(desk, book, quota):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    found = desk.receive(file)
    for role in ("customer_lead", "sa"):
        other = factories.member(book.engagement, role)
        for decide in (desk.apply, desk.close):
            with pytest.raises(PermissionDenied):
                decide(found, by=other)
    desk.close(found, by=factories.member(book.engagement, "tam", name="Kim"))
    assert Import.objects.get(pk=found.pk).ended_by_name == "Kim"


def test_a_row_whose_cells_were_all_cleared_is_offered_for_deletion(desk, quota):
    file = desk.export()
    for cell in desk.sheet(file, "quotas")[6][1:]:
        cell.value = None
    found = desk.receive(file)
    assert found.content["parts"][0]["missing"] == [quota]
    assert found.content["parts"][0]["wishes"] == []


def test_a_copied_row_is_a_new_row(desk, quota):
    file = desk.export()
    sheet = desk.sheet(file, "quotas")
    for cell in sheet[6]:
        sheet.cell(7, cell.column).value = cell.value
    desk.apply(desk.receive(file))
    assert list(Cell.objects.filter(field="q_name").values_list("value", flat=True)) == ["vCPU", "vCPU"]


def test_a_row_that_was_deleted_meanwhile_is_said_to_be_gone(desk, book, quota):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    rows.delete(engagement=book.engagement, row=quota, by=book.by, now=book.now)
    assert [change.kind for change in desk.review(desk.receive(file))] == ["gone"]


def test_a_formula_without_a_value_is_not_an_empty_cell(desk, quota):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = "=1+1"
    [change] = desk.review(desk.receive(file))
    assert change.kind == "invalid" and "formula" in change.message
    assert desk.value(quota, "q_need") == "500"


def test_a_file_of_another_engagement_is_refused_by_its_name(desk, quota):
    desk.engagement = factories.engagement(now=desk.book.now)
    file = Desk(desk.book).export()
    with pytest.raises(Unreadable) as refusal:
        desk.receive(file)
    assert refusal.value.values == {"reference": desk.book.engagement.reference}


def test_a_file_without_its_hidden_sheet_is_compared_with_now(desk, quota):
    file = desk.export()
    del file["_iem"]
    desk.at(file, "quotas", quota, "q_need").value = 700
    found = desk.receive(file)
    assert [code for code, _values in found.notices] == ["base_missing"]
    assert [(change.wish.field, change.wish.base) for change in desk.review(found)] == [("q_need", 1)]


def test_times_of_another_zone_stay_the_same_instant(desk, book):
    book.add("windows", win_kind="rehearsal", win_title="Run", win_start="2026-11-20 10:00")
    file = desk.export(only=("wb02", "windows"))
    row = Row.objects.get(table="windows").pk
    desk.at(file, "windows", row, "win_start").value = openpyxl.utils.datetime.from_excel(46350.5)
    book.engagement.time_zone = "UTC"
    book.engagement.save(update_fields=["time_zone"])
    found = desk.receive(file)
    desk.apply(found)
    assert desk.value(row, "win_start") == "2026-11-24T03:00Z"
    assert ("time_zone", {"was": "Asia/Seoul", "now": "UTC"}) in [tuple(notice) for notice in found.notices]
