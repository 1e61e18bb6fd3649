"""Comments: threads, wordings, who is told, and that nobody speaks for another."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from engagements.models import Membership
from iem_portal.notifications.models import Notification
from tests import factories
from workbook import rows
from workbook.models import Comment, Thread, Wording
from workbook.talk import comments, places, reading
from workbook.talk.comments import CommentMissing, Stale
from workbook.types import InvalidValue

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def place(book):
    """The peak of a quota row."""
    row = book.add("quotas", q_name="vCPU")
    return places.find(book.engagement, "wb08", row=str(row.pk), field="q_need")


@pytest.fixture
def say(place, book):
    """Say something in the place: ``say("Why?", by=…)``."""

    def speak(text, by=None, at=place):
        return comments.say(place=at, text=text, by=by or book.by, now=book.now)

    return speak


def told(comment) -> list[str]:
    """Who got a mail about a comment."""
    keys = Notification.objects.filter(key__startswith=f"comment:{comment.pk}:")
    return sorted(keys.values_list("address", flat=True))


def panel(place, reader, now, **words):
    return reading.panel(place, reader=reader, sees_internal=words.get("sees_internal", False), now=now)


def test_replies_go_on_in_the_open_talk_and_a_resolved_one_is_not_gone_on_with(say, place, book, tam):
    first, second = say("600 or 540?"), say("600.", by=tam)
    assert first.thread_id == second.thread_id
    comments.resolve(thread=Thread.objects.get(), by=tam, now=book.now)
    third = say("And next year?")
    found = panel(place, book.by, book.now)
    assert found.open_talk.thread.pk == third.thread_id
    assert [talk.thread.resolved_by_name for talk in found.resolved] == [tam.name]
    with pytest.raises(InvalidValue, match="Another talk is open"):
        comments.reopen(thread=Thread.objects.get(pk=first.thread_id), by=tam, now=book.now)


def test_a_resolved_talk_is_opened_again(say, book, tam):
    comment = say("Why?")
    comments.resolve(thread=Thread.objects.get(), by=tam, now=book.now)
    comments.reopen(thread=Thread.objects.get(), by=tam, now=book.now)
    assert say("Still?").thread_id == comment.thread_id


def test_one_may_speak_about_a_row_a_section_and_a_form_nobody_has_filled(book, say):
    form = places.find(book.engagement, "wb01", row="form", field="ev_confidential")
    assert form.row_id is None
    say("What does this mean?", at=form)
    kept = places.find(book.engagement, "wb01", row="form", field="ev_confidential")
    assert panel(kept, book.by, book.now).open_talk.comments[0].last.text == "What does this mean?"
    section = places.find(book.engagement, "wb01")
    say("Shall we begin?", at=section)
    found = panel(section, book.by, book.now)
    assert found.open_talk.comments[0].last.text == "Shall we begin?"
    assert [each.path.rpartition("#")[2] for each in found.elsewhere] == ["c-form-ev_confidential"]


@pytest.mark.parametrize("text", ["", "  \n ", "a\x00b", "\ud800", "x" * 4001])
def test_what_cannot_be_kept_is_refused_in_words(say, text):
    with pytest.raises(InvalidValue):
        say(text)
    assert not Comment.objects.exists()


def test_a_mention_is_kept_as_a_number_and_read_by_name(say, place, book, tam):
    say(f"@{tam.name} please look")
    assert Wording.objects.get().body == [tam.pk, " please look"]
    tam.name = "New Name"
    tam.save(update_fields=["name"])
    assert panel(place, book.by, book.now).open_talk.comments[0].last.parts[0] == ("@New Name", True)


def test_only_members_can_be_mentioned(say, rival):
    rival.name = "Han Doyun"
    rival.save(update_fields=["name"])
    comment = say("@Han Doyun knows")
    assert Wording.objects.get().body == ["@Han Doyun knows"]
    assert told(comment) == []


def test_two_of_one_name_are_told_apart(book, place):
    one = factories.member(book.engagement, "sa", name="Kim Minji", email="minji1@example.com")
    factories.member(book.engagement, "viewer", name="Kim Minji", email="minji2@example.com")
    comment = comments.say(place=place, text="@Kim Minji (minji1) and @Kim Minji", by=book.by, now=book.now)
    assert told(comment) == [one.email]


def test_those_mentioned_and_those_who_spoke_get_one_mail_each_and_the_writer_none(say, book, tam):
    sa = factories.member(book.engagement, "sa", name="Daniel Okafor")
    first = say("Why?", by=tam)
    second = say(f"@{tam.name} and @Daniel Okafor, because. @{book.by.name}")
    third = say("I see.", by=sa)
    assert told(first) == []
    assert told(second) == sorted([tam.email, sa.email])
    assert told(third) == sorted([tam.email, book.by.email])
    mail = Notification.objects.get(key=f"comment:{second.pk}:user:{tam.pk}:email")
    assert mail.params["is_mention"] is True
    assert "#c-" in mail.params["path"]


def test_who_left_the_team_is_told_nothing_more(say, book, tam):
    say("Why?", by=tam)
    Membership.objects.filter(user=tam).delete()
    assert told(say("Because.")) == []


def test_both_wordings_of_an_edited_comment_are_kept(say, place, book, tam):
    comment = say("600")
    words = {"engagement": book.engagement, "comment": comment.pk, "place": place, "by": book.by}
    comments.edit(**words, text=f"540, @{tam.name}", version=1, now=book.now + MINUTE)
    [shown] = panel(place, book.by, book.now).open_talk.comments
    assert shown.last.text == f"540, @{tam.name}"
    assert [said.text for said in shown.earlier] == ["600"]
    assert told(comment) == [tam.email]
    comments.edit(**words, text=f"541, @{tam.name}", version=2, now=book.now + MINUTE)
    assert told(comment) == [tam.email]
    with pytest.raises(Stale):
        comments.edit(**words, text="542", version=2, now=book.now)


def test_nobody_edits_or_deletes_the_word_of_another(say, place, book, tam):
    comment = say("600")
    words = {"engagement": book.engagement, "comment": comment.pk, "by": tam, "now": book.now}
    with pytest.raises(PermissionDenied):
        comments.edit(**words, place=place, text="0", version=1)
    with pytest.raises(PermissionDenied):
        comments.delete(**words)


def test_a_deleted_comment_leaves_its_trace_without_its_words(say, place, book):
    comment = say("A secret")
    comments.delete(engagement=book.engagement, comment=comment.pk, by=book.by, now=book.now + MINUTE)
    [shown] = panel(place, book.by, book.now).open_talk.comments
    assert (shown.last, shown.comment.by_name) == (None, book.by.name)
    with pytest.raises(CommentMissing):
        comments.delete(engagement=book.engagement, comment=comment.pk, by=book.by, now=book.now)


def test_a_deleted_row_has_no_place_for_words(book, place, say):
    rows.delete(engagement=book.engagement, row=place.row_id, by=book.by, now=book.now)
    with pytest.raises(places.PlaceMissing):
        say("Hello?")
    with pytest.raises(places.PlaceMissing):
        places.find(book.engagement, "wb08", row=str(place.row_id), field="q_need")


@pytest.mark.parametrize(
    ("row", "field"), [("", "q_need"), ("form", "q_need"), ("9" * 30, ""), ("0", "q_need"), ("²", "")]
)
def test_what_is_not_there_is_no_place(book, row, field):
    with pytest.raises(places.PlaceMissing):
        places.find(book.engagement, "wb08", row=row, field=field)
