"""The team: added, invited, joined by a letter, changed and removed, each side by its own people."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from engagements import team
from engagements.errors import InvalidValue, Refused
from engagements.models import Membership, Role, TimelineEntry
from engagements.team import NewMember
from iem_portal.accounts import invitations
from iem_portal.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def add(engagement, by, now, email="new@example.com", role="customer_contributor", **words):
    return team.add_member(
        engagement=engagement, new=NewMember(email=email, role=role, **words), by=by, now=now
    )


def test_a_person_with_an_account_is_in_the_team_at_once(engagement, tam, now):
    person = factories.user(customer=engagement.customer)
    assert add(engagement, tam, now, email=person.email.upper()).user == person


def test_the_same_person_is_not_added_twice(engagement, tam, now):
    person = factories.user(customer=engagement.customer)
    add(engagement, tam, now, email=person.email)
    with pytest.raises(InvalidValue):
        add(engagement, tam, now, email=person.email)


def test_the_same_address_is_not_invited_twice(engagement, tam, now):
    add(engagement, tam, now)
    with pytest.raises(InvalidValue):
        add(engagement, tam, now)


@pytest.mark.parametrize("role", ["customer_lead", "viewer", "tam"])
def test_a_person_of_another_customer_fits_no_role(engagement, tam, now, role, rival):
    with pytest.raises(InvalidValue):
        add(engagement, tam, now, email=rival.email, role=role)


def test_somebody_of_aws_is_no_customer_lead(engagement, tam, now):
    with pytest.raises(InvalidValue):
        add(engagement, tam, now, email=factories.user().email, role="customer_lead")


def test_the_last_tam_cannot_leave(engagement, tam, now):
    member = Membership.objects.get(user=tam)
    with pytest.raises(Refused):
        team.remove_member(member=member, by=tam, by_role=Role.TAM, now=now)


def test_the_customers_lead_manages_only_the_customers_people(engagement, tam, customer_lead, now):
    with pytest.raises(PermissionDenied):
        team.remove_member(
            member=Membership.objects.get(user=tam), by=customer_lead, by_role=Role.CUSTOMER_LEAD, now=now
        )


def test_the_customers_lead_cannot_make_somebody_tam(engagement, customer_lead, as_user):
    address = reverse("engagements:member-add", args=[engagement.reference])
    answer = as_user(customer_lead).post(address, {"email": "x@example.com", "role": "tam"})
    assert answer.status_code == 422
    assert not Membership.objects.filter(invitation__email="x@example.com").exists()


def test_a_role_never_changes_sides(engagement, tam, customer_lead, now):
    member = Membership.objects.get(user=customer_lead)
    with pytest.raises(InvalidValue):
        team.change_role(member=member, role="sa", title="", by=tam, by_role=Role.TAM, now=now)


def test_who_was_removed_stays_on_the_timeline_and_the_letter_is_withdrawn(engagement, tam, now):
    member = add(engagement, tam, now, name="Kim")
    invitation = member.invitation
    team.remove_member(member=member, by=tam, by_role=Role.TAM, now=now)
    invitation.refresh_from_db()
    assert invitation.revoked_at == now
    assert TimelineEntry.objects.get(phrase="member.removed").params["person"] == "Kim"


@pytest.fixture
def letter(engagement, tam):
    """An open invitation and its secret."""
    now = timezone.now()
    member = add(engagement, tam, now, email="kim@example.com", name="Kim", language="ko")
    invitation, token = invitations.invite(
        email="kim@example.com", name="Kim", customer=engagement.customer, language="ko", by=tam, now=now
    )
    Membership.objects.filter(pk=member.pk).update(invitation=invitation)
    return token


def test_joining_makes_the_account_binds_the_role_and_signs_in(engagement, letter, client):
    data = {"name": "Kim Nara", "password": "a long enough phrase", "language": "ko"}
    answer = client.post(reverse("engagements:join", args=[letter]), data)
    person = User.objects.get(email="kim@example.com")
    assert answer.status_code == 303
    assert answer.url == reverse("engagements:overview", args=[engagement.reference])
    assert Membership.objects.get(user=person).role == "customer_contributor"
    assert client.get(answer.url).status_code == 200


def test_the_page_of_a_letter_names_the_engagement(engagement, letter, client):
    assert engagement.name in client.get(reverse("engagements:join", args=[letter])).content.decode()


def test_a_letter_counts_once(engagement, letter, client):
    address = reverse("engagements:join", args=[letter])
    data = {"name": "Kim Nara", "password": "a long enough phrase", "language": "en"}
    client.post(address, data)
    client.logout()
    assert client.post(address, data).status_code == 410
    assert User.objects.filter(email="kim@example.com").count() == 1


def test_a_weak_password_is_refused_and_the_name_stays_typed(letter, client):
    data = {"name": "Kim Nara", "password": "short", "language": "en"}
    answer = client.post(reverse("engagements:join", args=[letter]), data)
    assert answer.status_code == 422
    assert 'value="Kim Nara"' in answer.content.decode()


def test_an_unknown_link_opens_nothing(client):
    assert client.get(reverse("engagements:join", args=["nonsense"])).status_code == 410


def test_an_account_written_in_capitals_by_an_administrator_is_found(engagement, tam, now):
    person = factories.user(customer=engagement.customer)
    User.objects.filter(pk=person.pk).update(email="Ada.Lovelace@Example.com")
    assert add(engagement, tam, now, email="ada.lovelace@example.com").user == person


def test_a_title_longer_than_its_column_is_refused(engagement, tam, now):
    member = add(engagement, tam, now, email=factories.user(customer=engagement.customer).email)
    words = {"role": member.role, "title": "x" * 81, "by": tam, "by_role": Role.TAM, "now": now}
    with pytest.raises(InvalidValue):
        team.change_role(member=member, **words)
