"""The API of the workbook: the verbs and rights of the pages."""

import pytest

from tests import factories
from workbook.models import Cell, Row

pytestmark = pytest.mark.django_db


def base(book):
    return f"/api/v1/engagements/{book.engagement.reference}"


def patch(client, book, cell, value, version=0):
    data = {"value": value, "base_version": version}
    return client.patch(f"{base(book)}/cells/{cell}/", data, content_type="application/json")


def test_the_cells_of_a_section_are_listed(book, as_user):
    row = book.add("quotas", q_name="vCPU").pk
    cells = as_user(book.by).get(f"{base(book)}/cells/", {"section": "wb08"}).json()
    name = next(cell for cell in cells if cell["id"] == f"{row}:q_name")
    assert (name["value"], name["version"], name["is_locked"]) == ("vCPU", 1, False)
    assert next(cell for cell in cells if cell["field"] == "q_gap")["is_locked"]


def test_a_cell_is_saved_by_its_version(book, as_user):
    row = book.add("quotas").pk
    answer = patch(as_user(book.by), book, f"{row}:q_need", 540)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert Cell.objects.get(row=row, field="q_need").value == "540"


def test_a_cell_of_a_form_is_saved_by_its_name(book, as_user):
    assert patch(as_user(book.by), book, "form:ev_purpose", "Move.").status_code == 200


def test_a_stale_version_answers_with_both_values(book, as_user, tam):
    row = book.add("quotas").pk
    book.save("q_need", "10", row=row)
    book.save("q_need", "600", row=row, base=1, by=tam)
    answer = patch(as_user(book.by), book, f"{row}:q_need", "540", 1)
    stored = answer.json()["stored"]
    assert answer.status_code == 409
    assert answer["content-type"].startswith("application/problem+json")
    assert (stored["value"], stored["yours"], stored["base"], stored["version"]) == ("600", "540", "10", 2)


@pytest.mark.parametrize(
    ("cell", "value", "status"),
    [
        ("{row}:q_need", "a lot", 422), ("{row}:q_gap", "OK", 422), ("form:ev_name", "x", 422),
        ("{row}:nonsense", "1", 404), ("999999:q_need", "1", 404),
    ],
)  # fmt: skip
def test_what_cannot_be_saved_is_said(book, as_user, cell, value, status):
    row = book.add("quotas").pk
    assert patch(as_user(book.by), book, cell.format(row=row), value).status_code == status


def test_a_viewer_reads_and_a_stranger_sees_nothing(book, as_user, rival):
    row = book.add("quotas").pk
    client = as_user(factories.member(book.engagement, "viewer"))
    assert client.get(f"{base(book)}/watches/").status_code == 200
    assert patch(client, book, f"{row}:q_need", "1").status_code == 403
    assert as_user(rival).get(f"{base(book)}/cells/", {"section": "wb08"}).status_code == 404


def test_rows_are_added_and_put_aside(book, as_user):
    client = as_user(book.by)
    data = {"section": "wb12", "table": "metrics", "values": {"mt_title": "Lag"}}
    answer = client.post(f"{base(book)}/workbook-rows/", data, content_type="application/json")
    assert answer.status_code == 201
    assert client.get(f"{base(book)}/watches/").json()[0]["title"] == "Lag"
    assert client.delete(f"{base(book)}/workbook-rows/{answer.json()['row']}/").status_code == 204
    assert Row.objects.get().deleted_at


@pytest.mark.parametrize("data", [
    {"section": "wb12", "table": "nonsense"}, {"section": "wb77", "table": "metrics"},
    {"section": "wb12", "table": "metrics", "values": {"nonsense": "1"}},
    {"section": "wb12", "table": "metrics", "values": {"mt_period": "45"}},
    {"section": "wb01", "table": "profile"},
])  # fmt: skip
def test_a_row_that_does_not_fit_is_refused(book, as_user, data):
    answer = as_user(book.by).post(f"{base(book)}/workbook-rows/", data, content_type="application/json")
    assert answer.status_code == 422
    assert not Row.objects.exists()
