"""Many cells from a page: a preview that writes nothing, one request that saves all that fits, rows in parts."""

import json

import pytest

from workbook.models import Cell, CellChange, Row
from workbook.views.tables import PART

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(book, as_user):
    """Posts edits of the quota sheet: ``post("cells", [{"row": …}])``."""
    client = as_user(book.by)
    base = f"/e/{book.engagement.reference}/workbook/wb08/tables/quotas"

    def send(part, edits, *, how="pasted", headers=None, **more):
        body = json.dumps({"edits": edits, "how": how, **more})
        return client.post(f"{base}/{part}/", body, content_type="application/json", headers=headers or {})

    send.client, send.base = client, base
    return send


def edit(row, field, value, **more):
    return {"row": row, "field": field, "value": value, **more}


def test_a_preview_shows_changes_and_what_does_not_fit_and_writes_nothing(book, post):
    row = book.add("quotas", q_need="5").pk
    edits = [edit(row, "q_need", "6"), edit(row, "q_usage", "many"), edit(row, "q_gap", "OK")]
    edits.append({"row": None, "new_row": "1", "field": "q_need", "value": "7"})
    answer = post("preview", edits).json()
    assert (answer["counts"]["changed"], answer["counts"]["invalid"], answer["counts"]["locked"]) == (2, 1, 1)
    assert answer["counts"]["rows"] == 1
    assert "<del>5</del>" in answer["html"]
    assert "Write a number only" in answer["html"]
    assert [result["version"] for result in answer["results"]] == [1, 0, 0, 0]
    assert Row.objects.count() == 1
    assert Cell.objects.get(field="q_need").value == "5"


def test_a_paste_saves_what_fits_and_gives_back_what_does_not(book, post):
    row = book.add("quotas").pk
    edits = [edit(row, "q_need", "6"), edit(row, "q_usage", "many")]
    edits.append({"row": None, "new_row": "1", "field": "q_need", "value": "7"})
    answer = post("cells", edits).json()
    new = Row.objects.latest("pk").pk
    assert [result["kind"] for result in answer["results"]] == ["changed", "invalid", "changed"]
    assert "many" in answer["html"]
    assert [row["row"] for row in answer["new"]] == [str(new)]
    assert answer["order"] == {"quotas": [str(row), str(new)]}
    assert {cell["id"]: cell["edit"] for cell in answer["cells"]}[f"c-{row}-q_need"] == "6"
    assert set(CellChange.objects.filter(how="pasted").values_list("value_to", flat=True)) == {"6", "7"}


def test_a_cell_changed_since_the_preview_is_not_overwritten(book, post, tam):
    row = book.add("quotas", q_need="5").pk
    book.save("q_need", "9", row=row, base=1, by=tam)
    [result] = post("cells", [edit(row, "q_need", "6", base=1)]).json()["results"]
    assert (result["kind"], result["by"]) == ("conflict", tam.name)
    assert Cell.objects.get(field="q_need").value == "9"


def test_a_page_drawn_for_somebody_else_saves_nothing(book, post):
    row = book.add("quotas").pk
    answer = post("cells", [edit(row, "q_need", "6")], headers={"X-Reader": "0"})
    assert (answer.status_code, answer.json()["outcome"]) == (401, "signed-out")
    data = {"row": row, "field": "q_need", "value": "6", "base_version": 0}
    place = f"/e/{book.engagement.reference}/workbook/wb08/cells/"
    assert post.client.post(place, data, headers={"X-Reader": "0"}).status_code == 401
    assert not Cell.objects.filter(field="q_need").exists()


def test_a_made_up_way_counts_as_typed(book, post):
    row = book.add("quotas").pk
    post("cells", [edit(row, "q_need", "6")], how="aws")
    assert CellChange.objects.get(field="q_need").how == "typed"


@pytest.mark.parametrize(
    "body",
    ["", "[", "[" * 100_000, "1", '{"edits": 1}', '{"edits": ["x"]}', '{"edits": [{}]}', b"\xed\xa0\x80"],
    ids=range(8),
)
def test_nonsense_is_refused_in_words(post, body):
    answer = post.client.post(f"{post.base}/cells/", body, content_type="application/json")
    assert answer.status_code in {200, 422}
    assert answer.json()["outcome"] in {"invalid", "done"}
    assert not CellChange.objects.exists()


@pytest.mark.parametrize("value", ["\x00", "\ud800", 1e308, 10**400, {"a": 1}, [["x"]], True, None])
def test_hostile_values_never_break_a_preview(book, post, value):
    row = book.add("quotas").pk
    assert post("preview", [edit(row, "q_need", value), edit("²", "q_need", value)]).status_code == 200
    assert post("preview", [edit(10**30, "q_need", value, base=-1)]).status_code == 200


def test_too_many_cells_are_refused_in_words(book, post):
    answer = post("cells", [edit(1, "q_need", "1")] * 2001)
    assert answer.status_code == 422
    assert "At most 2000 cells" in answer.json()["message"]


def test_a_long_sheet_comes_in_parts(book, post, django_assert_max_num_queries):
    edits = [
        {"row": None, "new_row": str(n), "field": "q_name", "value": f"Quota {n}"} for n in range(PART + 2)
    ]
    post("cells", edits)
    page = post.client.get(f"/e/{book.engagement.reference}/workbook/wb08/").content.decode()
    assert f"Quota {PART - 1}" in page
    assert f"Quota {PART}<" not in page
    assert "Show 2 more rows" in page
    with django_assert_max_num_queries(12):
        rest = post.client.get(f"{post.base}/rows/?from={PART}").content.decode()
    assert rest.count('<tr role="row" id=') == 2
    assert "data-more" not in rest
    assert (
        f"Quota {PART + 1}"
        in post.client.get(f"/e/{book.engagement.reference}/workbook/wb08/?rows=all").content.decode()
    )
