"""What a saved cell is answered with: no more than it changed, and nothing of it lost."""

import pytest
from django.urls import reverse

from workbook import editions
from workbook.talk import comments, notes, places
from workbook.views.answering import following

pytestmark = pytest.mark.django_db


def save(client, book, row, field, value, base=0):
    data = {"row": row, "field": field, "value": value, "base_version": base}
    return client.post(reverse("workbook:save-cell", args=[book.engagement.reference, "wb08"]), data)


def test_a_cell_is_answered_with_itself_and_what_is_worked_out_from_it(book, as_user):
    row = book.add("quotas", q_name="vCPU", q_applied="500", q_margin="20").pk
    cells = {
        cell["field"]: cell for cell in save(as_user(book.by), book, row, "q_need", "600").json()["cells"]
    }
    assert cells["q_need"]["version"] == 1
    assert cells["q_request_value"]["edit"] == "720"
    assert "q_name" not in cells


def test_a_cell_is_acknowledged_in_twelve_statements(book, as_user, django_assert_max_num_queries):
    row = book.add("quotas", q_name="vCPU").pk
    client = as_user(book.by)
    save(client, book, row, "q_need", "600")
    with django_assert_max_num_queries(12):
        assert save(client, book, row, "q_need", "700", base=1).status_code == 200


def test_signs_stay_on_a_saved_cell_and_those_of_aws_stay_with_aws(book, as_user, tam):
    row = book.add("quotas", q_name="vCPU").pk
    place = places.find(book.engagement, "wb08", row=str(row), field="q_need")
    comments.say(place=place, text="600?", by=tam, now=book.now)
    notes.write(place=place, text="Not for them.", by=tam, now=book.now)
    theirs = save(as_user(book.by), book, row, "q_need", "600").content.decode()
    ours = save(as_user(tam), book, row, "q_need", "700", base=1).content.decode()
    assert "cm-talk" in theirs and "cm-note" not in theirs
    assert "cm-talk" in ours and "cm-note" in ours


def test_every_field_that_an_answer_makes_necessary_follows_it(book):
    for section in editions.sections(book.engagement):
        for table in section.tables:
            for field in table.fields:
                for other in field.depends_on:
                    assert field in following(table, other)
