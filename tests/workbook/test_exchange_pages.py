"""The pages of the exchange: files out, answers to bad files, mapping and review without a script."""

import io
from decimal import Decimal

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements import criteria
from tests import factories
from workbook import rows
from workbook.exchange import book as books
from workbook.exchange import writing
from workbook.exchange.parsed import Parsed, Part, Wish, numbered
from workbook.models import Cell, CellChange, Import

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ZIP = b"PK\x03\x04 and then nothing"


def url(book, name, *args):
    return reverse(f"workbook:{name}", args=[book.engagement.reference, *args])


def upload(client, book, content, name="plan.xlsx"):
    return client.post(url(book, "import"), {"file": SimpleUploadedFile(name, content)})


def exported(book) -> openpyxl.Workbook:
    found = books.read(book.engagement, only=("wb08", "quotas"))
    content = writing.written(found, by_name="Kim", now=book.now, language="en")
    return openpyxl.load_workbook(io.BytesIO(content))


def changed(book, **values) -> bytes:
    """The file of the quotas with other values in its first row."""
    file = exported(book)
    sheet = file.worksheets[1]
    for field, value in values.items():
        column = next(cell.column for cell in sheet[3] if cell.value == field)
        sheet.cell(6, column).value = value
    return saved(file)


def saved(file) -> bytes:
    stream = io.BytesIO()
    file.save(stream)
    return stream.getvalue()


@pytest.fixture
def quota(book):
    return book.add("quotas", q_name="vCPU", q_applied="1000", q_need="500").pk


def test_the_workbook_is_sent_as_a_file_in_the_language_asked_for(book, as_user, quota):
    answer = as_user(book.by).get(url(book, "export"), {"language": "ko"})
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer["Content-Disposition"].endswith('-ko.xlsx"')
    file = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert any("서비스 한도" in sheet.title for sheet in file)
    assert book.engagement.reference in str(file.worksheets[0]["B2"].value)


def test_a_table_is_sent_as_csv(book, as_user, quota):
    answer = as_user(book.by).get(url(book, "export-table", "wb08", "quotas"))
    assert answer.content.decode("utf-8-sig").splitlines()[1].startswith(f"{quota},vCPU")
    assert as_user(book.by).get(url(book, "export-table", "wb08", "nothing")).status_code == 404


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (ZIP, "damaged"), (b"GIF89a;", "no Excel workbook")]
)
def test_a_bad_file_is_answered_in_words_beside_the_field(book, as_user, content, words):
    answer = upload(as_user(book.by), book, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page and 'aria-invalid="true" aria-describedby="file_error"' in page
    assert not Import.objects.exists()


def test_no_file_at_all_is_answered_too(book, as_user):
    assert as_user(book.by).post(url(book, "import")).status_code == 422


def test_a_file_is_reviewed_and_what_is_ticked_is_saved(book, as_user, quota):
    client = as_user(book.by)
    answer = upload(client, book, changed(book, q_need=1850, q_usage="<many>"))
    found = Import.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, url(book, "import-review", found.pk))
    page = client.get(answer["Location"]).content.decode()
    assert "1,850" in page and "&lt;many&gt;" in page and "Does not fit" in page
    wish = next(each["n"] for each in found.content["parts"][0]["wishes"] if each["f"] == "q_need")
    client.post(url(book, "import-apply", found.pk), {"act": "ticked", "shown": "wb08", "w": [wish]})
    assert Cell.objects.get(row=quota, field="q_need").value == "1850"
    assert "Does not fit" in client.get(url(book, "import-review", found.pk)).content.decode()
    question = client.get(url(book, "import-end", found.pk)).content.decode()
    assert "1 change of this file is not in the workbook" in question and "WB08" in question
    client.post(url(book, "import-end", found.pk), {"version": found.version + 1})
    found.refresh_from_db()
    assert (found.state, found.ended_by_name) == ("done", "Lim Sojin")
    left = client.get(url(book, "import-review", found.pk)).content.decode()
    assert "Lim Sojin closed this import" in left and "&lt;many&gt;" in left and "<form" not in _main(left)


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]


def test_others_read_an_open_import_but_only_its_owner_and_the_tam_decide(book, as_user, quota):
    upload(as_user(book.by), book, changed(book, q_need=1850))
    found = Import.objects.get()
    other = as_user(factories.member(book.engagement, "customer_lead"))
    page = other.get(url(book, "import-review", found.pk)).content.decode()
    assert "Lim Sojin's import" in page and "1,850" in page and "<form" not in _main(page)
    assert "Look at it" in other.get(url(book, "import")).content.decode()
    for name, data in (("import-apply", {"act": "all"}), ("import-end", {"version": found.version})):
        assert other.post(url(book, name, found.pk), data).status_code == 403
    assert other.get(url(book, "import-end", found.pk)).status_code == 303
    tam = as_user(factories.member(book.engagement, "tam", name="Kim Hana"))
    tam.post(url(book, "import-apply", found.pk), {"act": "all"})
    line = CellChange.objects.get(row_id=quota, field="q_need", version=2)
    assert (line.by_name, line.proposed_by_name, line.value_to) == ("Kim Hana", "Lim Sojin", "1850")


def test_closing_asks_again_when_something_was_saved_since_it_was_asked(book, as_user, quota):
    client = as_user(book.by)
    upload(client, book, changed(book, q_need=1850, q_usage="<many>"))
    found = Import.objects.get()
    client.post(url(book, "import-apply", found.pk), {"act": "all"})
    answer = client.post(url(book, "import-end", found.pk), {"version": found.version}, follow=True)
    assert "went on meanwhile" in answer.content.decode()
    found.refresh_from_db()
    assert found.ended_at is None


def test_a_new_upload_closes_ones_earlier_import_and_says_what_was_left(book, as_user, quota):
    client = as_user(book.by)
    upload(client, book, changed(book, q_need=1850), "first.xlsx")
    page = client.get(
        upload(client, book, changed(book, q_need=1900), "second.xlsx")["Location"]
    ).content.decode()
    assert "Your import of first.xlsx was closed with 1 change left" in page
    first = Import.objects.get(file_name="first.xlsx")
    assert "1,850" in client.get(url(book, "import-review", first.pk)).content.decode()
    assert "What was left" in client.get(url(book, "import")).content.decode()


def test_a_conflict_offers_both_values_and_the_one_before(book, as_user, quota):
    content = changed(book, q_need=700)
    book.save(
        "q_need", "900", row=quota, base=1, by=factories.member(book.engagement, "tam", name="Kim Hana")
    )
    client = as_user(book.by)
    page = client.get(upload(client, book, content)["Location"]).content.decode()
    assert (
        "Both changed it" in page and "It was 500" in page and "Kim Hana" in page and 'value="mine-2"' in page
    )


def test_a_foreign_file_is_mapped_by_a_person(book, as_user):
    file = openpyxl.Workbook()
    for line in (["Vendor list"], ["Wer", "Was"], ["vCPU", "12"]):
        file.active.append(line)
    client = as_user(book.by)
    upload(client, book, saved(file), "old.xlsx")
    found = Import.objects.get()
    assert "left out" in client.get(url(book, "import-review", found.pk)).content.decode()
    nothing = client.post(url(book, "import-map", found.pk), {"t0": "", "compare": "1"})
    assert nothing.status_code == 422
    client.post(url(book, "import-map", found.pk), {"t0": "wb08/quotas", "compare": "1"})
    found.refresh_from_db()
    assert found.state == "mapping"
    found.content["mapping"][0] |= {"head": 1}
    found.save(update_fields=["content"])
    choice = {"t0": "wb08/quotas", "f0-0": "q_name", "f0-1": "q_need", "compare": "1"}
    answer = client.post(url(book, "import-map", found.pk), choice, follow=True)
    assert "New row: vCPU" in answer.content.decode()


@pytest.mark.parametrize(
    "data", [{"w": "²"}, {"w": "9" * 400}, {"c-x": "mine-1"}, {"c-1": "mine-"}, {"d": "-1"}]
)
def test_hostile_answers_change_nothing(book, as_user, quota, data):
    client = as_user(book.by)
    upload(client, book, changed(book, q_need=700))
    found = Import.objects.get()
    assert client.post(url(book, "import-apply", found.pk), data | {"shown": "wb08"}).status_code == 303
    assert Cell.objects.get(row=quota, field="q_need").value == "500"


def test_a_review_takes_few_queries_however_many_tables_and_changes(
    book, as_user, django_assert_max_num_queries
):
    tables = {"endpoints": "ep_check", "metrics": "mt_title", "alarms": "al_rule"}
    rows = {
        table: [book.add(table, **{field: "as it was"}).pk for _ in range(8)]
        for table, field in tables.items()
    }
    parts = [
        Part(
            "wb12",
            table,
            table,
            [
                Wish(0, field, f"by file {row}", str(row), base=0 if row == rows[table][0] else 1)
                for row in rows[table]
            ],
            missing=[rows[table][1]],
        )
        for table, field in tables.items()
    ]
    numbered(parts)
    found = Import.objects.create(
        engagement=book.engagement, state="review", kind="keyed", file_name="plan.xlsx", created_at=book.now,
        by_id=book.by.pk, by_name=book.by.name, content=Parsed(parts).content(),
    )  # fmt: skip
    client = as_user(book.by)
    with django_assert_max_num_queries(12):
        page = client.get(url(book, "import-review", found.pk)).content.decode()
    assert page.count("by file") == 24 and page.count("Both changed it") == 3


def test_an_import_of_another_engagement_is_not_there(book, as_user, quota, rival):
    client = as_user(book.by)
    upload(client, book, changed(book, q_need=700))
    assert as_user(rival).get(url(book, "import-review", Import.objects.get().pk)).status_code == 404


def test_a_deleted_row_is_offered_by_its_title(book, as_user, quota):
    other = book.add("quotas", q_name="Elastic IPs").pk
    file = exported(book)
    file.worksheets[1].delete_rows(7)
    client = as_user(book.by)
    page = client.get(upload(client, book, saved(file))["Location"]).content.decode()
    assert "Delete Elastic IPs" in page and f'name="d" value="{other}"' in page
    rows.delete(engagement=book.engagement, row=other, by=book.by, now=book.now)
    answer = client.post(
        url(book, "import-apply", Import.objects.get().pk), {"act": "ticked", "shown": "wb08", "d": [other]}
    )
    assert answer.status_code == 303


def test_a_criterion_that_was_removed_leaves_in_no_file(book, tam):
    new = criteria.NewCriterion("Error rate", Decimal("1"), unit="%")
    made = criteria.add_criterion(engagement=book.engagement, new=new, by=tam, now=book.now)
    criteria.remove_criterion(criterion=made, base_version=1, by=tam, now=book.now)
    panels = [block for block in books.read(book.engagement).blocks if block.is_panel]
    assert "Error rate" not in str([line.values for block in panels for line in block.lines])
