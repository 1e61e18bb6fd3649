"""A request with a key is done once, however often it is sent, and always answered alike."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests import factories
from workbook import once
from workbook.models import Receipt, Row

pytestmark = pytest.mark.django_db
KEY = "0e4b1a52-7f0a-4a4e-9d70-6b0c6f3a1c11"


@pytest.fixture
def send(book, as_user):
    """Posts to the quota sheet: ``send("add", {"key": KEY})``; JSON with ``edits``."""
    base = f"/e/{book.engagement.reference}/workbook/wb08/tables/quotas"

    def post(part, data, by=book.by):
        kind = {"content_type": "application/json"} if "edits" in data else {}
        return as_user(by).post(f"{base}/{part}/", data, headers={"Accept": "application/json"}, **kind)

    return post


def paste(value="7", key=KEY):
    new = [{"row": None, "new_row": str(row), "field": "q_need", "value": value} for row in range(2)]
    return {"edits": [*new, {"row": None, "new_row": "0", "field": "q_usage", "value": "many"}], "key": key}


def test_a_paste_that_is_sent_again_adds_no_row_twice_and_is_answered_alike(send):
    first, again = (send("cells", paste()).json() for _time in range(2))
    assert Row.objects.count() == 2
    assert [row["row"] for row in again["new"]] == [
        str(pk) for pk in Row.objects.values_list("pk", flat=True)
    ]
    assert {**first, "html": ""} == {**again, "html": ""}
    assert "many" in again["html"]


def test_a_paste_without_a_key_or_with_another_one_is_another_paste(send, book):
    colleague = factories.member(book.engagement, "customer_contributor", name="Han Dami")
    send("cells", paste())
    send("cells", paste(key=str(uuid4())))
    send("cells", paste(key="7"))
    send("cells", paste(), by=colleague)
    assert Row.objects.count() == 8


def test_a_key_is_not_taken_for_other_values(send):
    send("cells", paste())
    answer = send("cells", paste(value="8"))
    assert answer.status_code == 422
    assert "before" in answer.json()["message"]
    assert Row.objects.count() == 2


def test_a_row_that_is_added_or_copied_again_with_its_key_is_the_same_row(send, book, as_user):
    rows = {send("add", {"key": KEY}).json()["row"] for _time in range(2)}
    assert rows == {str(Row.objects.get().pk)}
    url = f"/e/{book.engagement.reference}/workbook/wb08/rows/{rows.pop()}/duplicate/"
    key = {"key": str(uuid4())}
    headers = {"Accept": "application/json"}
    copies = {as_user(book.by).post(url, key, headers=headers).json()["row"] for _time in range(2)}
    assert len(copies) == 1
    assert Row.objects.count() == 2


def test_what_failed_may_be_sent_again_and_old_receipts_go(book):
    words = {"engagement": book.engagement, "reader": "1", "asked": b"", "key": UUID(KEY)}
    with pytest.raises(ZeroDivisionError):
        once.do(lambda: 1 // 0, now=book.now, **words)
    assert once.do(lambda: [1], now=book.now, **words) == [1]
    later = book.now + once.KEPT + timedelta(minutes=1)
    once.do(lambda: [2], now=later, **words | {"key": uuid4()})
    assert Receipt.objects.get().result == [2]


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_done_and_both_are_answered(book, threads):
    done = []

    def act():
        done.append(1)
        return [len(done)]

    def one(_number):
        words = {"engagement": book.engagement, "reader": "1", "asked": b"", "key": UUID(KEY)}
        return once.do(act, now=book.now, **words)

    assert threads(one, range(4)) == [[1]] * 4
    assert len(done) == 1
