"""The API of talk: what the pages show, to those who may see the pages, and no notes."""

import pytest

from tests import factories
from workbook.talk import comments, notes, places, questions
from workbook.talk.questions import Asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(book):
    row = book.add("quotas", q_name="vCPU")
    return places.find(book.engagement, "wb08", row=str(row.pk), field="q_need")


def base(book) -> str:
    return f"/api/v1/engagements/{book.engagement.reference}"


def test_comments_are_read_with_their_place_and_a_deleted_one_without_words(book, as_user, place, tam):
    first = comments.say(place=place, text=f"@{tam.name}, 600?", by=book.by, now=book.now)
    gone = comments.say(place=place, text="A secret", by=book.by, now=book.now)
    comments.delete(engagement=book.engagement, comment=gone.pk, by=book.by, now=book.now)
    notes.write(place=place, text="Careful", by=tam, now=book.now)
    client = as_user(factories.member(book.engagement, "viewer"))
    answer = client.get(f"{base(book)}/comments/", {"section": "wb08"})
    assert [one["text"] for one in answer.json()] == [f"@{tam.name}, 600?", None]
    assert answer.json()[0] | {"at": ""} == {
        "id": first.pk, "thread": first.thread_id, "section": "wb08", "row": place.row, "field": "q_need",
        "text": f"@{tam.name}, 600?", "mentions": [tam.pk], "by_name": book.by.name, "at": "", "version": 1,
        "is_resolved": False,
    }  # fmt: skip
    assert b"Careful" not in answer.content
    assert client.get(f"{base(book)}/comments/").status_code == 422


def test_open_items_are_read_with_ones_own_first(book, as_user, place, tam):
    questions.ask(place=place, asked=Asked(person=tam.pk, question="How many?"), by=book.by, now=book.now)
    [item] = as_user(tam).get(f"{base(book)}/open-items/").json()
    assert (item["question"], item["is_mine"], item["row"]) == ("How many?", True, place.row)
    assert item["due_at"].endswith("Z")
