"""A file through the API: what it would change as data, what was chosen applied, by the rules of the pages."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories
from tests.workbook.exchange_desk import Desk
from workbook.models import Cell, Import, Row

pytestmark = pytest.mark.django_db
JSON = "application/json"


def at(book, *parts) -> str:
    return "/".join(
        ["/api/v1/engagements", book.engagement.reference, "workbook-imports", *map(str, parts), ""]
    )


def upload(client, book, file, name="plan.xlsx"):
    stream = io.BytesIO()
    file.save(stream)
    return client.post(at(book), {"file": SimpleUploadedFile(name, stream.getvalue())})


def send(client, book, found, verb, **data):
    return client.post(at(book, found["import"]["id"], verb), data, content_type=JSON)


@pytest.fixture
def desk(book):
    """Exports, and changes the file as a person would."""
    return Desk(book)


@pytest.fixture
def quota(book):
    return book.add("quotas", q_name="vCPU", q_applied="1000", q_need="500").pk


@pytest.fixture
def client(book, as_user):
    return as_user(book.by)


def changes(body) -> dict:
    return {
        each["field"]: each for table in body["tables"] for row in table["rows"] for each in row["changes"]
    }


def test_a_file_is_compared_and_what_is_chosen_is_applied_and_closed(book, desk, quota, client):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    desk.at(file, "quotas", quota, "q_usage").value = "many"
    book.save("q_need", "900", row=quota, base=1)
    desk.at(file, "quotas", quota, "q_name").value = "vCPU, standard"
    answer = upload(client, book, file)
    body, found = answer.json(), changes(answer.json())
    assert (answer.status_code, body["import"]["state"], body["import"]["open"]) == (
        201,
        "review",
        {"wb08": 3},
    )
    assert {key: each["kind"] for key, each in found.items()} == {
        "q_need": "conflict", "q_usage": "invalid", "q_name": "changed",
    }  # fmt: skip
    assert (found["q_need"]["before"], found["q_need"]["after"], found["q_need"]["base"]) == (
        "900",
        "700",
        "500",
    )
    mine = [{"number": found["q_need"]["number"], "version": found["q_need"]["version"]}]
    words = {"numbers": [found["q_name"]["number"]], "mine": mine, "base_version": body["import"]["version"]}
    body = send(client, book, body, "apply", **words).json()
    assert (body["applied"], body["import"]["open"]) == ({"changed": 2}, {"wb08": 1})
    assert Cell.objects.get(row=quota, field="q_need").value == "700"
    late = send(client, book, body, "apply", **words)
    assert (late.status_code, late.json()["stored"]["version"]) == (409, body["import"]["version"])
    body = send(client, book, body, "close", base_version=body["import"]["version"]).json()
    assert (body["import"]["state"], body["import"]["can_decide"]) == ("done", False)
    assert list(changes(client.get(at(book, body["import"]["id"])).json())) == ["q_usage"]


def test_a_file_without_our_keys_is_mapped_first(book, quota, client):
    file = openpyxl.Workbook()
    for line in (["Wer", "Was"], ["Elastic IPs", "12"]):
        file.active.append(line)
    body = upload(client, book, file, "old.xlsx").json()
    assert (body["import"]["state"], body["sheets"]) == ("mapping", [{"table": "", "fields": {}}])
    assert send(client, book, body, "map", sheets=[], compare=True).status_code == 422
    sheet = {"table": "wb08/quotas", "fields": {"0": "q_name", "1": "q_need"}}
    send(client, book, body, "map", sheets=[sheet])
    body = send(client, book, body, "map", sheets=[sheet], compare=True).json()
    assert [row["title"] for row in body["tables"][0]["rows"]] == ["Elastic IPs"]
    words = {"everything": True, "base_version": body["import"]["version"]}
    assert send(client, book, body, "apply", **words).json()["import"]["state"] == "done"
    assert Row.objects.filter(table="quotas").count() == 2


def test_somebody_elses_import_is_read_and_not_decided(book, desk, quota, client, as_user, rival):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    body = upload(client, book, file).json()
    other = as_user(factories.member(book.engagement, "customer_lead"))
    [listed] = other.get(at(book)).json()["results"]
    assert (listed["state"], listed["can_decide"]) == ("review", False)
    read = other.get(at(book, listed["id"])).json()
    assert (read["import"]["open"], changes(read)["q_need"]["after"]) == ({"wb08": 1}, "700")
    for verb in ("apply", "close", "map"):
        assert send(other, book, body, verb, base_version=1).status_code == 403
    assert as_user(rival).get(at(book, listed["id"])).status_code == 404


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"base_version": 10**400},
        {"base_version": 1, "numbers": ["\x00"]},
        {"base_version": 1, "mine": [7]},
        [],
    ],
)
def test_a_request_that_cannot_be_read_is_answered_by_field(book, desk, quota, client, data):
    file = desk.export()
    desk.at(file, "quotas", quota, "q_need").value = 700
    found = upload(client, book, file).json()["import"]["id"]
    answer = client.post(at(book, found, "apply"), data, content_type=JSON)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["errors"]


def test_a_bad_file_is_a_problem_of_the_field_file(book, client):
    for data in ({}, {"file": SimpleUploadedFile("x.xlsx", b"GIF89a;")}):
        answer = client.post(at(book), data)
        assert answer.status_code == 422 and list(answer.json()["errors"]) == ["file"]
    assert not Import.objects.exists()


def test_the_list_reads_nothing_of_what_the_files_hold(book, client, django_assert_max_num_queries):
    content = {"texts": ["a long sheet"] * 1_000}
    now = book.now
    words = {
        "state": "mapping",
        "kind": "foreign",
        "content": content,
        "created_at": now,
        "by_id": book.by.pk,
    }
    Import.objects.bulk_create(
        Import(engagement=book.engagement, file_name=f"{number}.xlsx", **words) for number in range(40)
    )
    with django_assert_max_num_queries(12) as asked:
        body = client.get(at(book)).content
    assert len(body) < 40 * 500
    assert not any('"content"' in query["sql"] for query in asked.captured_queries)
