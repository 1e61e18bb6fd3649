"""The pages of talk: what is drawn, refused beside its field, and gone on with, with and without a script."""

import pytest
from django.urls import reverse

from tests import factories
from workbook.models import Comment, Note, OpenItem, SectionState
from workbook.talk import comments, notes, places
from workbook.tiles import TalkTile

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def row(book):
    return book.add("quotas", q_name="vCPU").pk


def url(book, name, *args):
    return reverse(f"workbook:{name}", args=[book.engagement.reference, *args])


def at(row, **words):
    return {"row": row, "field": "q_need", **words}


def test_a_comment_is_written_without_a_script_and_read_on_a_page(book, as_user, row):
    client = as_user(book.by)
    answer = client.post(url(book, "say", "wb08"), at(row, text="600 or <b>540</b>?"))
    assert answer.status_code == 303
    page = client.get(answer["Location"]).content.decode()
    assert "600 or &lt;b&gt;540&lt;/b&gt;?" in page
    assert "vCPU" in page


def test_a_script_gets_the_panel_back(book, as_user, row):
    answer = as_user(book.by).post(url(book, "say", "wb08"), at(row, text="600?"), headers=HTMX)
    body = answer.content.decode()
    assert (answer.status_code, "<html" in body, "600?" in body) == (200, False, True)


def test_an_empty_comment_is_refused_beside_its_field_and_the_note_in_hand_is_not_lost(book, as_user, row):
    answer = as_user(book.by).post(url(book, "say", "wb08"), at(row, text=" "), headers=HTMX)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="talk-text-e"' in body


def test_who_may_only_look_may_speak_but_not_ask(book, as_user, row):
    client = as_user(factories.member(book.engagement, "viewer"))
    assert client.post(url(book, "say", "wb08"), at(row, text="Seen.")).status_code == 303
    assert client.post(url(book, "ask", "wb08"), at(row, name="A")).status_code == 403
    page = client.get(url(book, "cell", "wb08"), at(row), headers=HTMX).content.decode()
    assert "talk-ask" not in page


def test_an_edit_keeps_the_text_when_it_is_refused(book, as_user, row):
    client = as_user(book.by)
    client.post(url(book, "say", "wb08"), at(row, text="600"))
    pk = Comment.objects.get().pk
    edit = url(book, "comment", "wb08", pk, "edit")
    assert client.post(edit, {"text": "540", "version": "1"}, headers=HTMX).status_code == 200
    stale = client.post(edit, {"text": "541", "version": "1"}, headers=HTMX)
    assert stale.status_code == 422
    assert ">541</textarea>" in stale.content.decode()
    assert "edited" in client.get(url(book, "cell", "wb08"), at(row)).content.decode()
    assert client.post(url(book, "comment", "wb08", pk, "burn")).status_code == 404
    assert client.post(url(book, "comment", "wb12", pk, "delete")).status_code == 404


def test_a_mistake_in_a_question_keeps_everything_typed(book, as_user, row):
    data = at(row, name="", person="", question="How many?", due_on="2020-01-01")
    answer = as_user(book.by).post(url(book, "ask", "wb08"), data, headers=HTMX)
    body = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in body
    assert ">How many?</textarea>" in body
    assert 'value="2020-01-01"' in body


def test_a_question_is_asked_listed_and_withdrawn(book, as_user, row, tam):
    client = as_user(book.by)
    assert (
        client.post(url(book, "ask", "wb08"), at(row, person=tam.pk, question="How many?")).status_code == 303
    )
    mine = as_user(tam).get(url(book, "open-items")).content.decode()
    assert "For you" in mine and "How many?" in mine
    item = OpenItem.objects.get()
    for _twice in range(2):
        answer = client.post(url(book, "close-item", "wb08", item.pk, "withdraw"))
        assert answer.status_code == 303
    assert "Nothing waits" in client.get(url(book, "open-items")).content.decode()


def test_signs_stand_on_the_cell_and_on_the_row(book, as_user, row, tam):
    place = places.find(book.engagement, "wb08", row=str(row), field="q_need")
    comments.say(place=place, text="600?", by=tam, now=book.now)
    whole_row = places.find(book.engagement, "wb08", row=str(row))
    notes.write(place=whole_row, text="Careful", by=tam, now=book.now)
    page = as_user(tam).get(url(book, "section", "wb08")).content.decode()
    assert "cm-talk" in page and "cm-note" in page
    assert "1 comment" in page
    theirs = as_user(book.by).get(url(book, "section", "wb08")).content.decode()
    assert "cm-talk" in theirs and "cm-note" not in theirs


def test_the_panel_of_a_cell_and_the_list_take_at_most_twelve_queries(
    book, as_user, tam, django_assert_max_num_queries
):
    for number in range(12):
        pk = book.add("quotas", q_name=f"Quota {number}").pk
        place = places.find(book.engagement, "wb08", row=str(pk), field="q_need")
        comments.say(place=place, text=f"Why? @{tam.name}", by=book.by, now=book.now)
        notes.write(place=place, text="Careful", by=tam, now=book.now)
    client = as_user(tam)
    client.post(url(book, "ask", "wb08"), at(pk, name="A"))
    with django_assert_max_num_queries(12):
        client.get(url(book, "cell", "wb08"), headers=HTMX)
    with django_assert_max_num_queries(12):
        client.get(url(book, "open-items"))
    with django_assert_max_num_queries(12):
        client.get(url(book, "state", "wb08"), headers=HTMX)


def test_a_section_is_submitted_and_returned_on_its_page(book, as_user, tam):
    submit, review = url(book, "submit", "wb08"), url(book, "review", "wb08")
    assert as_user(book.by).post(submit, {"step": "submit", "version": "0"}).status_code == 303
    assert as_user(book.by).post(submit, {"step": "submit", "version": "0"}).status_code == 409
    assert as_user(book.by).post(review, {"step": "accept"}).status_code == 403
    client = as_user(tam)
    assert client.post(review, {"step": "submit"}).status_code == 422
    refused = client.post(review, {"step": "return", "words": " ", "version": "1"}, headers=HTMX)
    assert refused.status_code == 422
    assert "rv-e" in refused.content.decode()
    done = client.post(review, {"step": "return", "words": "The peak.", "version": "1"}, headers=HTMX)
    assert "The peak." in done.content.decode()
    assert SectionState.objects.get().state == "returned"
    assert "Returned" in client.get(url(book, "index")).content.decode()


def test_a_section_is_assigned_and_taken_away_on_its_page(book, as_user, tam):
    client = as_user(book.by)
    assert client.post(url(book, "assign", "wb08"), {"person": ""}, headers=HTMX).status_code == 422
    assert client.post(url(book, "assign", "wb08"), {"person": tam.pk, "due_on": ""}).status_code == 303
    assert "No section is assigned" not in as_user(tam).get(url(book, "index")).content.decode()
    hand = SectionState.objects.get().assignments.get()
    assert client.post(url(book, "unassign", "wb12", hand.pk)).status_code == 404
    assert as_user(book.by).post(url(book, "unassign", "wb08", hand.pk)).status_code == 303


def test_an_account_manager_sees_notes_and_only_takes_back_own_ones(book, as_user, row, tam):
    client = as_user(factories.member(book.engagement, "account_manager"))
    place = places.find(book.engagement, "wb08", row=str(row), field="q_need")
    of_tam = notes.write(place=place, text="Careful", by=tam, now=book.now)
    assert "Careful" in client.get(url(book, "cell", "wb08"), at(row)).content.decode()
    assert client.post(url(book, "delete-note", "wb08", of_tam.pk)).status_code == 403
    assert client.post(url(book, "note", "wb08"), at(row, note="Mine")).status_code == 303
    own = Note.objects.get(text="Mine")
    assert client.post(url(book, "delete-note", "wb08", own.pk)).status_code == 303
    page = client.get(url(book, "cell", "wb08"), at(row)).content.decode()
    assert "Mine" not in page and "Note deleted by its writer" in page


def test_the_live_tile_names_places_but_no_words_and_no_notes_to_customers(book, row, tam):
    place = places.find(book.engagement, "wb08", row=str(row), field="q_need")
    comments.say(place=place, text="A secret?", by=tam, now=book.now)
    notes.write(place=place, text="A note", by=tam, now=book.now)
    drawn = {
        audience: TalkTile().render(book.engagement.pk, audience=audience, now=book.now)
        for audience in TalkTile.audiences
    }
    assert 'data-kind="talk"' in drawn["customer"] and f'data-row="{row}"' in drawn["customer"]
    assert "note" not in drawn["customer"] and 'data-kind="note"' in drawn["staff"]
    assert "secret" not in drawn["staff"] and "A note" not in drawn["staff"]


@pytest.mark.parametrize("value", ["9" * 5000, "-1", "²", "\x00", "form", "1e400"])
def test_a_place_that_is_nonsense_is_not_there(book, as_user, value):
    client, cell = as_user(book.by), url(book, "cell", "wb08")
    answers = [client.get(cell, {"row": value, "field": "q_need"}), client.get(cell, {"field": value})]
    answers.append(client.post(url(book, "say", "wb08"), {"row": value, "text": "a"}))
    assert {answer.status_code for answer in answers} <= {400, 404}
