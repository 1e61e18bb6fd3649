"""Does an invitation open once, for 14 days, and leave its secret nowhere?"""

from datetime import timedelta

import pytest

from iem_portal.accounts import invitations
from iem_portal.accounts.forms import JoinForm
from iem_portal.accounts.models import User
from iem_portal.notifications.compose import compose
from iem_portal.notifications.models import Notification
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def invited(now):
    """An open invitation and its secret."""
    by = factories.user(name="Seo Yuna", time_zone="Asia/Seoul")
    return invitations.invite(
        email="Lim@example.com",
        name="Lim Sojin",
        customer=factories.customer(),
        language="ko",
        by=by,
        now=now,
    )


def accepted(token, now, password="a long enough one"):
    return invitations.accept(token=token, name="Lim Sojin", password=password, now=now)


def why(token, now) -> str:
    with pytest.raises(invitations.InvitationError) as refused:
        accepted(token, now)
    return refused.value.code


def test_accepting_makes_an_account_of_the_invited_side_and_language(invited, now):
    invitation, token = invited
    user = accepted(token, now)
    assert (user.email, user.customer, user.language) == ("lim@example.com", invitation.customer, "ko")
    assert user.check_password("a long enough one")
    assert not user.is_aws


def test_without_a_password_only_a_code_signs_in(invited, now):
    assert not accepted(invited[1], now, password="").has_usable_password()


def test_a_link_works_once(invited, now):
    accepted(invited[1], now)
    assert why(invited[1], now) == "used"


def test_a_link_works_for_14_days(invited, now):
    assert why(invited[1], now + timedelta(days=14)) == "expired"
    assert accepted(invited[1], now + timedelta(days=14) - timedelta(seconds=1))


def test_a_withdrawn_link_does_not_work(invited, now):
    assert invitations.revoke(invitation=invited[0], by=invited[0].invited_by, now=now)
    assert why(invited[1], now) == "revoked"


def test_a_used_link_cannot_be_withdrawn(invited, now):
    accepted(invited[1], now)
    assert not invitations.revoke(invitation=invited[0], by=invited[0].invited_by, now=now)


def test_an_unknown_link_does_not_work(invited, now):
    assert why(invited[1][:-1], now) == "unknown"


def test_an_account_is_not_made_twice_for_one_address(invited, now):
    invitation, first = invited
    _second, token = invitations.invite(
        email=invitation.email, name="", customer=None, language="en", by=invitation.invited_by, now=now
    )
    accepted(first, now)
    assert why(token, now) == "member"
    assert User.objects.filter(email=invitation.email).count() == 1


def test_a_member_is_not_invited(now):
    user = factories.user()
    with pytest.raises(invitations.InvitationError, match="member"):
        invitations.invite(
            email=user.email.upper(), name="", customer=None, language="en", by=factories.user(), now=now
        )


def test_the_secret_is_in_no_table(invited):
    invitation, token = invited
    row = Notification.objects.get(key=f"invitation:{invitation.pk}:email")
    assert token not in str(row.__dict__)
    assert token not in str(invitation.__dict__)


def test_the_letters_link_opens_the_invitation(invited, now, settings):
    row = Notification.objects.get()
    link = invitations.join_link(row.params["sealed"], row.params["digest"])
    assert link == f"{settings.BASE_URL}/join/{invited[1]}/"


def test_the_letter_is_whole_in_both_languages(invited):
    row = Notification.objects.get()
    days = {"en": "Sun 13 Dec 2026 01:15 KST", "ko": "2026년 12월 13일(일) 01:15 KST"}
    for language, last in days.items():
        row.language = language
        subject, body = compose(row)
        assert "Seo Yuna" in subject
        assert f"/join/{invited[1]}/" in body
        assert last in body


def test_a_weak_password_is_refused_beside_its_field():
    form = JoinForm({"name": "Lim Sojin", "password": "password"})
    assert set(form.errors) == {"password"}
