"""Other files than our own workbook: CSV, foreign headings, meddled ones; and what never leaves in any."""

import openpyxl
import pytest
from django.utils import translation

from tests.workbook.exchange_desk import Desk
from workbook import editions
from workbook.exchange import lines, receiving
from workbook.models import Cell, Import, Row

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def desk(book):
    """Exports, changes the file as a person would, and takes it in again."""
    return Desk(book)


@pytest.fixture
def quota(book):
    return book.add("quotas", q_name="vCPU", q_applied="1000", q_need="500").pk


def test_a_table_as_csv_comes_back_through_the_same_door(desk, quota, book):
    section = book.section_of("quotas")
    content = lines.export(book.engagement, section, "quotas", "ko")
    assert content.startswith(b"\xef\xbb\xbf")
    assert desk.receive(content, "quotas.csv").state == "done"
    changed = content.replace(b"500", b"640")
    found = desk.receive(changed, "quotas.csv")
    assert [(c.wish.field, c.after) for c in desk.review(found)] == [("q_need", "640")]
    desk.apply(found)
    assert desk.value(quota, "q_need") == "640"


def test_csv_texts_begin_no_formula(book):
    book.add("quotas", q_name="=cmd|'/C calc'!A0")
    content = lines.export(book.engagement, book.section_of("quotas"), "quotas", "en").decode("utf-8-sig")
    assert "'=cmd|" in content and ",=cmd" not in content and ',"=cmd' not in content


def legacy() -> openpyxl.Workbook:
    """A workbook as it was mailed around before there was a portal."""
    file = openpyxl.Workbook()
    sheet = file.active
    sheet.title = "Service limits"
    for line in (
        ["IEM workbook"], [], ["No", "Quota nmae", "현재 사용량", "Forecast at peak"], [1, "vCPU", 320, 1850],
        [2, "Elastic IPs", 3, "=1+"[:2]],
    ):  # fmt: skip
        sheet.append(line)
    file.create_sheet("Notes").append(["nothing", "of ours"])
    return file


def test_a_foreign_file_waits_for_a_person_and_then_finds_rows_by_their_title(desk, quota, book):
    table = book.section_of("quotas").table("quotas")
    file = legacy()
    file.active["B3"].value = table.by_key["q_name"].label["en"].replace("a", "e", 1)
    file.active["C3"].value = table.by_key["q_usage"].label["ko"]
    file.active["D3"].value = table.by_key["q_need"].label["en"]
    file.active["D5"].value = 12
    found = desk.receive(file)
    assert (found.kind, found.state) == ("foreign", "mapping")
    first, notes = found.content["mapping"]
    assert first == {
        "table": "wb08/quotas",
        "head": 2,
        "fields": {"1": "q_name", "2": "q_usage", "3": "q_need"},
    }
    assert notes["table"] == ""
    found = receiving.remap(
        engagement=book.engagement,
        found=found,
        mapping=[first, notes],
        by=book.by,
        now=book.now,
        is_final=True,
    )
    kinds = {(c.wish.row, c.wish.field): c.after for c in desk.review(found)}
    assert kinds == {
        (str(quota), "q_usage"): "320",
        (str(quota), "q_need"): "1,850",
        (None, "q_name"): "Elastic IPs",
        (None, "q_usage"): "3",
        (None, "q_need"): "12",
    }
    desk.apply(found)
    assert Row.objects.filter(table="quotas", deleted_at=None).count() == 2
    assert desk.value(quota, "q_need") == "1850"


def test_a_new_upload_drops_the_open_one(desk, quota):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    first = desk.receive(file)
    desk.receive(file)
    assert list(Import.objects.filter(ended_at=None).values_list("pk", flat=True)) != [first.pk]
    assert Import.objects.get(pk=first.pk).state == "dropped"


def test_secrets_stay_at_home_and_are_not_emptied(desk, book):
    secrets = [
        (s, t, f)
        for s in editions.sections(book.engagement)
        for t in s.tables
        for f in t.fields
        if f.type == "secret"
    ]
    for _section, table, field in secrets:
        row = "form" if table.kind == "form" else book.add(table.key).pk
        book.save(field.key, "sesame-123", row=row)
    file = desk.export(only=None)
    words = [str(cell.value) for sheet in file for line in sheet.iter_rows() for cell in line if cell.value]
    assert secrets and not any("sesame" in word for word in words)
    assert desk.receive(file).state == "done"
    assert Cell.objects.filter(value="sesame-123").count() == len(secrets)


def test_an_export_takes_few_queries_however_many_rows(desk, book, django_assert_max_num_queries):
    for number in range(40):
        book.add("quotas", q_name=f"Quota {number}", q_account="111122223333")
    with django_assert_max_num_queries(12), translation.override("ko"):
        desk.export("en", only=None)


@pytest.mark.parametrize("name", ["²", "9" * 400, "form", "-1", "0"])
def test_a_meddled_row_number_is_no_row(desk, quota, name):
    file = desk.export()
    sheet = desk.sheet(file, "quotas")
    sheet["A6"].value = name
    found = desk.receive(file)
    assert {change.kind for change in desk.review(found)} == {"gone"}
    assert desk.apply(found)["gone"]
    assert Row.objects.filter(table="quotas").count() == 1


def test_a_form_as_csv_comes_back_too(desk, book):
    book.save("ev_purpose", "Move, all of it")
    section = book.section_of("ev_purpose")
    content = lines.export(book.engagement, section, "profile", "en")
    assert desk.receive(content, "profile.csv").state == "done"
    found = desk.receive(content.replace(b"Move,", b"Move now,"), "profile.csv")
    assert [(c.wish.field, c.after) for c in desk.review(found, "wb01")] == [
        ("ev_purpose", "Move now, all of it")
    ]
