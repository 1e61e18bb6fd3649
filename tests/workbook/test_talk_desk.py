"""Sections in people's hands and on their way from draft to accepted."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from engagements.models import TimelineEntry
from iem_portal.notifications.models import Notification
from tests import factories
from workbook.models import Assignment, SectionMove
from workbook.talk import desk, heads
from workbook.talk.desk import AssignmentMissing, Stale
from workbook.talk.questions import InvalidPart

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def section(book):
    return book.section_of("quotas")


@pytest.fixture
def move(book, section):
    """Take a step: ``move("submit", by=…)``."""

    def step(key, by=None, words="", version=None):
        return desk.move(
            engagement=book.engagement, section=section, step=key, words=words, version=version,
            by=by or book.by, now=book.now,
        )  # fmt: skip

    return step


@pytest.fixture
def assign(book, section):
    def give(person, by=None, due_on=""):
        return desk.assign(
            engagement=book.engagement, section=section, person=person.pk, due_on=due_on,
            by=by or book.by, now=book.now,
        )  # fmt: skip

    return give


def head(book):
    return heads.of(book.engagement)["wb08"]


def told(template):
    return sorted(Notification.objects.filter(template=template).values_list("address", flat=True))


def test_a_section_goes_its_way_and_every_step_is_kept(move, book, tam):
    move("submit")
    move("review", by=tam)
    move("accept", by=tam, words="Good work.")
    assert (head(book).state, head(book).version, head(book).moved_by_name) == ("accepted", 3, tam.name)
    assert list(SectionMove.objects.values_list("state_from", "state_to")) == [
        ("reviewed", "accepted"),
        ("submitted", "reviewed"),
        ("draft", "submitted"),
    ]
    phrases = TimelineEntry.objects.filter(phrase__startswith="workbook.section").order_by("pk")
    assert [entry.phrase.rpartition("_")[2] for entry in phrases] == ["submit", "review", "accept"]


def test_a_section_is_returned_with_words_only(move, book, tam):
    move("submit")
    with pytest.raises(InvalidPart) as error:
        move("return", by=tam, words="  ")
    assert error.value.part == "words"
    move("return", by=tam, words="The peak is missing.")
    assert (head(book).state, head(book).words) == ("returned", "The peak is missing.")
    move("submit")
    assert head(book).state == "submitted"


@pytest.mark.parametrize("step", ["review", "accept", "return"])
def test_only_reviewers_review(move, customer_lead, step):
    move("submit")
    with pytest.raises(PermissionDenied):
        move(step, by=customer_lead, words="Fine")


def test_who_may_only_look_submits_nothing(move, book):
    with pytest.raises(PermissionDenied):
        move("submit", by=factories.member(book.engagement, "viewer"))


def test_a_step_on_an_older_state_is_refused(move, tam):
    move("submit", version=0)
    with pytest.raises(Stale):
        move("submit", version=0)
    with pytest.raises(Stale):
        move("accept", by=tam, version=7)
    with pytest.raises(Stale):
        move("submit")


def test_a_later_edit_of_an_accepted_section_shows(move, book, tam):
    row = book.add("quotas", q_name="vCPU").pk
    move("submit")
    move("accept", by=tam)
    assert head(book).is_changed is False
    book.save("q_need", "600", row=row)
    assert (head(book).state, head(book).is_changed) == ("accepted", True)
    move("accept", by=tam)
    assert head(book).is_changed is False
    book.add("metrics", mt_title="Lag")
    assert head(book).is_changed is False, "another section changed"


def test_an_edit_of_a_draft_is_no_news(move, book):
    move("submit")
    book.add("quotas", q_name="vCPU")
    assert head(book).is_changed is False


def test_several_people_have_a_section_in_hand_until_a_day(assign, book, tam, customer_lead):
    assign(tam)
    assign(customer_lead, due_on="2026-12-04")
    assert [hand.name for hand in head(book).hands] == [tam.name, customer_lead.name]
    assert head(book).hands[1].due_at.isoformat() == "2026-12-04T09:00:00+00:00"
    assert told("workbook/mail/assigned") == sorted([tam.email, customer_lead.email])
    assert (head(book).state, head(book).is_in_hands_of(tam)) == ("draft", True)


def test_what_one_takes_oneself_sends_no_mail(assign, book):
    assign(book.by)
    assert told("workbook/mail/assigned") == []


def test_nobody_gets_a_section_twice_or_without_the_right_to_fill_it(assign, book, rival, tam):
    assign(tam)
    viewer = factories.member(book.engagement, "viewer")
    for person in (tam, viewer, rival):
        with pytest.raises(InvalidPart) as error:
            assign(person)
        assert error.value.part == "person"


def test_a_section_taken_away_can_be_given_again(assign, book, section, tam):
    words = {"engagement": book.engagement, "section": section, "by": book.by, "now": book.now}
    first = assign(tam)
    desk.unassign(**words, assignment=first.pk)
    assert head(book).hands == []
    with pytest.raises(AssignmentMissing):
        desk.unassign(**words, assignment=first.pk)
    assign(tam)
    assert Assignment.objects.count() == 2


def test_reviewers_hear_of_a_submission_and_its_people_of_the_verdict(move, assign, book, tam, customer_lead):
    assign(customer_lead)
    move("submit")
    assert told("workbook/mail/section") == [tam.email]
    move("return", by=tam, words="More.")
    assert told("workbook/mail/section") == sorted([tam.email, customer_lead.email, book.by.email])


def test_the_heads_of_all_sections_take_one_query(assign, move, tam, book, django_assert_num_queries):
    assign(tam)
    move("submit")
    with django_assert_num_queries(1):
        heads.of(book.engagement)
