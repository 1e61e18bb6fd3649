"""Status updates and the room itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from engagements.models import TimelineEntry
from iem_portal.accounts.models import User
from iem_portal.notifications.compose import compose
from iem_portal.notifications.models import Notification
from iem_portal.registry import tiles
from tests import factories
from warroom import room
from warroom.models import StatusUpdate, WarRoom
from warroom.panels import room as people
from warroom.words import keeping

pytestmark = pytest.mark.django_db


def post(engagement, by, now, **words):
    words = {"state": "at_risk", "text": "Replication is late."} | words
    return room.post_update(engagement=engagement, by=by, now=now, **words)


def test_an_update_is_kept_mailed_and_said_in_one_go(engagement, tam, customer_lead, now):
    update = post(engagement, tam, now)
    assert (update.number, update.recipients_count) == (1, 2)
    assert set(Notification.objects.values_list("address", flat=True)) == {tam.email, customer_lead.email}
    assert TimelineEntry.objects.get(phrase="update.sent").text == "Replication is late."


def test_an_update_pressed_again_because_its_answer_was_lost_goes_out_once(
    engagement, tam, customer_lead, as_user, now
):
    client, page = as_user(tam), reverse("warroom:update", args=[engagement.reference])
    form = {"state": "at_risk", "text": "Replication is late.", "audience": "all", "client_id": "a-1"}
    for _press in range(2):
        assert client.post(page, form).status_code == 303
    assert (StatusUpdate.objects.count(), Notification.objects.count()) == (1, 2)
    assert TimelineEntry.objects.filter(phrase="update.sent").count() == 1
    # A browser that went back, another person, and a form that came back refused.
    client.post(page, form | {"text": "And it is getting later."})
    post(engagement, customer_lead, now, client_id="a-1")
    assert StatusUpdate.objects.count() == 3
    refused = client.post(page, form | {"text": " ", "client_id": "a-2"})
    assert refused.status_code == 422 and 'value="a-2"' in refused.content.decode()


def test_a_form_sent_again_with_another_korean_text_is_another_update(engagement, tam, as_user):
    client, page = as_user(tam), reverse("warroom:update", args=[engagement.reference])
    form = {
        "state": "at_risk",
        "text": "Late.",
        "text_other": "늦습니다.",
        "audience": "all",
        "client_id": "a",
    }
    for other in ("늦습니다.", "늦습니다.", "복제가 늦습니다."):
        assert client.post(page, form | {"text_other": other}).status_code == 303
    assert [one.words["ko"] for one in StatusUpdate.objects.order_by("number")] == [
        "늦습니다.",
        "복제가 늦습니다.",
    ]


def test_a_second_press_leaves_the_next_draft_alone(engagement, tam, now):
    words = {
        "engagement": engagement,
        "by": tam,
        "now": now,
        "state": "at_risk",
        "text": "Late.",
        "client_id": "a",
    }
    keeping.send(**words)
    kept = {"words": {"en": "The next one"}, "state": "on_plan", "audience": "all", "minutes": None}
    keeping.keep(engagement=engagement, by=tam, now=now, version=0, **kept)
    keeping.send(**words)
    assert keeping.draft_of(engagement, tam).words == {"en": "The next one"}


def test_the_worse_it_stands_the_sooner_the_next_word_is_due(engagement, tam, now):
    waits = [
        post(engagement, tam, now, state=state).next_due_at - now
        for state in ("on_plan", "at_risk", "off_plan")
    ]
    assert waits == [timedelta(minutes=60), timedelta(minutes=30), timedelta(minutes=15)]


def test_the_mail_says_state_text_and_next_time(engagement, tam, now):
    post(engagement, tam, now)
    subject, body = compose(Notification.objects.get())
    assert engagement.reference in subject and "at risk" in subject
    assert "Replication is late." in body and "/board/" in body


def test_an_update_for_aws_only_reaches_no_customer(engagement, tam, customer_lead, now):
    post(engagement, tam, now, text="For everyone")
    post(engagement, tam, now, text="Between us", audience="aws")
    assert Notification.objects.filter(address=customer_lead.email).count() == 1
    staff = tiles.get("update").render(engagement.pk, audience="staff", now=now)
    customer = tiles.get("update").render(engagement.pk, audience="customer", now=now)
    assert "Between us" in staff and "Between us" not in customer and "For everyone" in customer


@pytest.mark.parametrize(
    ("words", "field"),
    [({"state": "fine"}, "state"), ({"text": "  "}, "text"), ({"audience": "press"}, "audience")],
)
def test_an_update_that_cannot_be_sent_says_which_field(engagement, tam, now, words, field):
    with pytest.raises(room.UpdateError) as error:
        post(engagement, tam, now, **words)
    assert error.value.field == field
    assert not StatusUpdate.objects.exists() and not Notification.objects.exists()


def test_a_customer_cannot_write_to_aws_only(engagement, customer_lead, now):
    with pytest.raises(room.UpdateError):
        post(engagement, customer_lead, now, audience="aws")


def test_a_viewer_cannot_send(engagement, now):
    with pytest.raises(PermissionDenied):
        post(engagement, factories.member(engagement, "viewer"), now)


def test_the_refused_form_keeps_what_was_typed(engagement, tam, as_user):
    address = reverse("warroom:update", args=[engagement.reference])
    answer = as_user(tam).post(address, {"state": "sunny", "text": "All is well", "audience": "all"})
    assert answer.status_code == 422 and b"All is well" in answer.content
    assert (
        as_user(tam).post(address, {"state": "on_plan", "text": "All is well", "audience": "all"}).status_code
        == 303
    )


def test_the_room_opens_once_closes_once_and_opens_again(engagement, tam, now):
    room.open_room(engagement=engagement, by=tam, now=now)
    room.open_room(engagement=engagement, by=tam, now=now)
    assert room.close_room(engagement=engagement, by=tam, now=now) is True
    assert room.close_room(engagement=engagement, by=tam, now=now) is False
    room.open_room(engagement=engagement, by=tam, now=now + timedelta(hours=1))
    assert WarRoom.objects.get().opened_at == now + timedelta(hours=1)
    phrases = list(TimelineEntry.objects.order_by("pk").values_list("phrase", flat=True))
    assert phrases == ["room.opened", "room.closed", "room.opened"]


def test_opening_and_closing_from_the_board(engagement, tam, as_user):
    address = reverse("warroom:room", args=[engagement.reference])
    assert as_user(tam).post(address, {"action": "open"}).status_code == 303
    assert WarRoom.objects.get().is_open
    as_user(tam).post(address, {"action": "close"})
    assert not WarRoom.objects.get().is_open


def test_somebody_who_went_to_another_customer_is_told_nothing_more(engagement, tam, customer_lead, now):
    gone = factories.member(engagement, "customer_contributor")
    User.objects.filter(pk=gone.pk).update(customer=factories.customer())
    post(engagement, tam, now)
    assert set(Notification.objects.values_list("address", flat=True)) == {tam.email, customer_lead.email}
    assert gone not in [member.user for member in people.roster(engagement)]


def test_the_form_does_not_give_away_what_aws_told_itself(engagement, tam, customer_lead, now):
    post(engagement, tam, now, state="on_plan")
    post(engagement, tam, now, state="off_plan", audience="aws")
    states = {side: people.composer(engagement, audience=side)["state"] for side in ("staff", "customer")}
    assert states == {"staff": "off_plan", "customer": "on_plan"}


def test_an_update_as_long_as_a_book_is_refused(engagement, tam, now):
    with pytest.raises(room.UpdateError) as error:
        post(engagement, tam, now, text="x" * 4001)
    assert error.value.field == "text"
