"""What mails say: the receiver's language, the receiver's zone, plain text."""

from datetime import timedelta

from django.core import mail

from escalation import engine
from iem_portal.notifications import relay
from iem_portal.notifications.compose import compose, shown
from iem_portal.notifications.models import Notification

MIN = timedelta(minutes=1)


def letter(**fields) -> Notification:
    params = {
        "reference": "ESC-01",
        "title": "Lag <script> & more",
        "severity": {"en": "Production system down", "ko": "프로덕션 시스템 중단"},
        "due_at": {"at": "2026-11-28T16:15:00+00:00"},
        "started_at": {"at": "2026-11-28T16:00:00+00:00"},
        "engagement": "Cutover",
        "engagement_reference": "IEM-1",
        "number": 1,
    }
    return Notification(key="k", template="escalation/mail/breach", params=params, **fields)


def test_wish_33_times_are_printed_in_the_receivers_zone_with_its_name():
    _subject, body = compose(letter(time_zone="Asia/Seoul"))
    assert "Sun 29 Nov 2026 01:15:00 KST" in body


def test_plain_text_is_not_escaped_for_html():
    subject, _body = compose(letter())
    assert subject.endswith("Lag <script> & more")


def test_data_texts_follow_the_receivers_language():
    assert "프로덕션 시스템 중단" in compose(letter(language="ko"))[1]
    assert "Production system down" in compose(letter(language="en"))[1]


def test_a_title_over_two_lines_cannot_forge_a_header():
    message = letter()
    message.params["title"] = "Lag\nBcc: everybody@example.com"
    subject, _body = compose(message)
    assert "\n" not in subject


def test_params_are_read_all_the_way_down():
    stored = {"rows": [{"name": {"en": "Case", "ko": "케이스"}}], "count": 2}
    assert shown(stored, "ko") == {"rows": [{"name": "케이스"}], "count": 2}


def test_every_mail_of_an_escalation_can_be_written(running, people, now):
    engine.run_due(now + 60 * MIN)
    waiting = Notification.objects.count()
    assert relay.run_once(clock=lambda: now + 60 * MIN).sent == waiting == len(mail.outbox)
    breach = [message for message in mail.outbox if "no answer" in message.subject]
    assert len(breach) == 4
    assert "ESC-01 Replication stalled" in breach[0].body
