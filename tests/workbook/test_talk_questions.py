"""Open items: asked, told, answered by a saved value or by hand, and counted at the gate."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from iem_portal.notifications.models import Notification
from iem_portal.registry import gates
from tests import factories
from workbook import rows
from workbook.models import OpenItem, Row
from workbook.talk import places, questions, reading
from workbook.talk.questions import Asked, InvalidPart, ItemMissing

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def place(book):
    """The peak of a quota row."""
    row = book.add("quotas", q_name="vCPU")
    return places.find(book.engagement, "wb08", row=str(row.pk), field="q_need")


@pytest.fixture
def ask(place, book):
    """Ask about the place: ``ask(person=tam.pk)``."""

    def speak(by=None, at=place, **asked):
        return questions.ask(place=at, asked=Asked(**asked), by=by or book.by, now=book.now - HOUR)

    return speak


def waiting(book) -> int:
    return questions.still_open(book.engagement).count()


def test_a_member_is_asked_by_mail_with_the_way_to_the_cell(ask, book, tam):
    item = ask(person=tam.pk, question="How many at the opening?")
    mail = Notification.objects.get(key=f"open-item:{item.pk}:user:{tam.pk}:email")
    assert mail.params["path"].endswith(f"#c-{item.row_id}-q_need")
    assert (item.asked_name, item.state, waiting(book)) == (tam.name, "open", 1)


def test_somebody_outside_is_kept_by_name_and_gets_no_mail(ask):
    assert ask(name="The vendor").asked_name == "The vendor"
    assert not Notification.objects.filter(key__startswith="open-item:").exists()


def test_asking_oneself_sends_no_mail(ask, book):
    ask(person=book.by.pk)
    assert not Notification.objects.filter(key__startswith="open-item:").exists()


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ({}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "A\x00"}, "name"),
        ({"person": 10**17}, "person"),
        ({"name": "A", "question": "x" * 1001}, "question"),
        ({"name": "A", "due_on": "soon"}, "due_on"),
        ({"name": "A", "due_on": "2020-01-01"}, "due_on"),
        ({"name": "A", "due_on": "9999-12-31"}, "due_on"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_part(ask, asked, part):
    with pytest.raises(InvalidPart) as error:
        ask(**asked)
    assert error.value.part == part


def test_the_day_is_the_fields_own_unless_it_is_over(ask, book):
    item = ask(name="A")
    local = item.due_at.astimezone(ZoneInfo("Asia/Seoul"))
    # The field was due before the event, which has begun: the next working day counts.
    assert local.date() > book.now.astimezone(ZoneInfo("Asia/Seoul")).date()
    assert (local.hour, local.weekday() < 5) == (18, True)


def test_a_saved_value_answers_the_question(ask, place, book, tam):
    item = ask(person=tam.pk)
    book.save("q_need", "600", row=place.row_id, by=tam)
    assert waiting(book) == 0
    found = reading.panel(place, reader=book.by, sees_internal=False, now=book.now)
    assert found.open_item is None
    [closed] = found.closed_items
    assert (closed.item.pk, closed.state, closed.closed_by) == (item.pk, "answered", tam.name)


def test_an_emptied_cell_answers_nothing(ask, place, book):
    questions.ask(place=place, asked=Asked(name="A"), by=book.by, now=book.now - 3 * HOUR)
    OpenItem.objects.update(state="withdrawn", closed_at=book.now)
    book.save("q_need", "600", row=place.row_id)
    late = book.now + HOUR
    questions.ask(place=place, asked=Asked(name="B"), by=book.by, now=late)
    book.now = late + HOUR
    rows_changed = rows.change(
        place_row(place), book.by, book.now, how="typed", field="q_need", version=2, value_from="600"
    )
    rows_changed.save()
    assert waiting(book) == 1


def place_row(place):
    return Row.objects.get(pk=place.row_id)


def test_one_cell_waits_for_one_answer_and_may_be_asked_about_again_afterwards(ask, place, book):
    ask(name="A")
    with pytest.raises(InvalidPart, match="asked already"):
        ask(name="B")
    book.save("q_need", "600", row=place.row_id)
    again = questions.ask(place=place, asked=Asked(name="B"), by=book.by, now=book.now + HOUR)
    assert sorted(OpenItem.objects.values_list("asked_name", "state")) == [("A", "answered"), ("B", "open")]
    questions.close(
        engagement=book.engagement, item=again.pk, state="withdrawn", by=book.by, now=book.now + HOUR
    )
    with pytest.raises(ItemMissing):
        questions.close(engagement=book.engagement, item=again.pk, state="answered", by=book.by, now=book.now)


def test_a_worked_out_cell_cannot_be_asked_about(ask, book, place):
    formula = places.find(book.engagement, "wb08", row=str(place.row_id), field="q_gap")
    with pytest.raises(places.PlaceMissing):
        ask(at=formula, name="A")


def test_the_list_shows_ones_own_first_and_forgets_deleted_rows(ask, place, book, tam):
    other = book.add("quotas", q_name="Mails")
    there = places.find(book.engagement, "wb08", row=str(other.pk), field="q_need")
    ask(name="Vendor", at=there)
    ask(person=tam.pk)
    sections = [book.section_of("quotas")]
    items = reading.open_items(book.engagement, sections, reader=tam)
    assert [item.place.partition(",")[0] for item in items] == ["vCPU", "Mails"]
    rows.delete(engagement=book.engagement, row=other.pk, by=book.by, now=book.now)
    assert len(reading.open_items(book.engagement, sections, reader=tam)) == 1


def test_a_question_of_another_engagement_is_not_there(ask, book):
    item = ask(name="A")
    with pytest.raises(ItemMissing):
        questions.close(
            engagement=factories.engagement(), item=item.pk, state="answered", by=book.by, now=book.now
        )


def test_open_items_stand_at_the_gate(ask, book, place):
    gate = gates.get("workbook.open_items")
    [before] = gate.conditions(book.engagement, book.now)
    ask(name="A")
    [during] = gate.conditions(book.engagement, book.now)
    book.save("q_need", "600", row=place.row_id)
    [after] = gate.conditions(book.engagement, book.now)
    assert (before.is_met, during.is_met, after.is_met) == (True, False, True)
    assert "1" in during.detail
