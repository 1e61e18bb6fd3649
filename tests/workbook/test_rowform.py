"""A row posted as one form: what cannot be saved is said beside its field, with the text that was typed."""

import pytest
from django.urls import reverse

from workbook.models import Cell

pytestmark = pytest.mark.django_db


def post(book, as_user, section, row, **texts):
    data = {}
    for key, text in texts.items():
        data |= {f"f-{key}": text, f"was-{key}": "", f"v-{key}": "0"}
    return as_user(book.by).post(
        reverse("workbook:save-row", args=[book.engagement.reference, section, row]), data
    )


@pytest.mark.parametrize(("field", "text"), [("q_gap", "OK for us"), ("q_request_value", "640")])
def test_a_worked_out_value_refuses_what_is_typed_and_says_so(book, as_user, field, text):
    row = book.add("quotas").pk
    answer = post(book, as_user, "wb08", row, **{field: text, "q_unit": "vCPU"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="e-{field}"' in page
    assert text in page
    assert "What you typed was not saved." in page
    assert Cell.objects.get(row=row, field="q_unit").value == "vCPU"


def test_a_value_of_the_engagement_refuses_what_is_typed_and_says_so(book, as_user):
    answer = post(book, as_user, "wb01", "form", ev_name="Another name", ev_purpose="Move.")
    assert answer.status_code == 422
    assert "Another name" in answer.content.decode()
    assert Cell.objects.get(field="ev_purpose").value == "Move."


def test_an_answer_to_a_question_that_is_gone_is_shown_again(book, as_user):
    row = book.add("quotas").pk
    answer = post(book, as_user, "wb08", row, q_of_last_year="Hours of typing")
    assert answer.status_code == 422
    assert "Hours of typing" in answer.content.decode()
