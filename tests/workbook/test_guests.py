"""Does a guest's link open its one section, for its time, and nothing else?"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from iem_portal import registry
from iem_portal.live import versions
from iem_portal.live.admission import Refused, admit
from iem_portal.live.render import Ended, visible_tiles
from iem_portal.notifications.models import Notification
from tests import factories
from workbook import editions
from workbook.cells import save_cell
from workbook.guests import links
from workbook.guests.middleware import OPEN
from workbook.models import Cell, CellChange, GuestVisit

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(engagement, customer_lead):
    """A link for WB01 and its secret, made a moment ago."""
    return links.create(
        engagement=engagement,
        section=editions.section(engagement, "wb01"),
        name="Oh Hana",
        email="",
        language="ko",
        days=7,
        by=customer_lead,
        now=timezone.now(),
    )


@pytest.fixture
def guest(asked, client):
    """The guest's browser after the link was opened."""
    client.get(f"/guest/{asked[1]}/")
    return client


def address(engagement, section="wb01", rest="") -> str:
    return f"/e/{engagement.reference}/workbook/{section}/{rest}"


def save(client, engagement, value, section="wb01"):
    data = {"row": "form", "field": "ev_purpose", "value": value, "base_version": 0}
    return client.post(address(engagement, section, "cells/"), data)


def test_the_link_opens_the_section_in_the_guests_language(asked, client, engagement):
    answer = client.get(f"/guest/{asked[1]}/")
    assert (answer.status_code, answer.url) == (303, address(engagement))
    page = client.get(answer.url)
    assert page.status_code == 200
    assert page.headers["Content-Language"] == "ko"
    assert "Oh Hana" in page.content.decode()


def test_what_a_guest_types_is_kept_under_their_name(guest, engagement):
    assert save(guest, engagement, "Move the exam portal").status_code == 200
    assert Cell.objects.get(field="ev_purpose").value == "Move the exam portal"
    change = CellChange.objects.get(field="ev_purpose")
    assert (change.by_name, change.by_id) == ("Oh Hana (guest)", None)


@pytest.mark.parametrize("section", ["wb02", "wb08"])
def test_other_sections_ask_a_guest_to_sign_in(guest, engagement, section):
    assert guest.get(address(engagement, section)).status_code == 302
    assert save(guest, engagement, "x", section).status_code == 302


@pytest.mark.parametrize(
    "rest", ["", "board/", "workbook/", "report/", "escalations/", "team/", "workbook/wb01/guests/"]
)
def test_other_pages_of_the_engagement_ask_a_guest_to_sign_in(guest, engagement, rest):
    assert guest.get(f"/e/{engagement.reference}/{rest}").status_code == 302


def test_the_same_section_of_another_customer_asks_a_guest_to_sign_in(guest):
    other = factories.engagement()
    assert guest.get(address(other)).status_code == 302


def test_a_guest_sees_neither_the_other_sections_nor_the_tabs(guest, engagement):
    page = guest.get(address(engagement)).content.decode()
    assert "/workbook/wb08/" not in page
    assert f"/e/{engagement.reference}/board/" not in page


def test_an_ended_link_opens_nothing_even_in_an_open_browser(guest, asked, engagement, tam):
    link, token = asked
    section = editions.section(engagement, "wb01")
    assert links.revoke(link=link, section=section, by=tam, now=timezone.now())
    assert not links.revoke(link=link, section=section, by=tam, now=timezone.now())
    page = guest.get(address(engagement))
    assert (page.status_code, "/cells/" in page.content.decode()) == (410, False)
    assert save(guest, engagement, "x").status_code == 302
    assert Client().get(f"/guest/{token}/").status_code == 410
    assert list(link.visits.values_list("what", flat=True)) == ["refused", "opened"]


def test_a_link_opens_until_its_last_microsecond(asked):
    link, token = asked
    moment = timedelta(microseconds=1)
    assert links.enter(token=token, address=None, now=link.expires_at - moment) == link
    with pytest.raises(links.LinkClosed, match="expired"):
        links.enter(token=token, address=None, now=link.expires_at)


def test_an_unknown_link_is_said_in_words(client):
    answer = client.get("/guest/nothing/")
    assert answer.status_code == 410
    assert not GuestVisit.objects.exists()


@pytest.mark.parametrize(("given", "kept"), [("fe80::1%eth0", "fe80::1"), ("", None), ("unix:", None)])
def test_an_address_is_kept_as_every_database_takes_it(asked, client, given, kept):
    link, token = asked
    client.get(f"/guest/{token}/", REMOTE_ADDR=given)
    assert link.visits.get().address == kept


def test_somebody_signed_in_stays_who_they_are(asked, as_user, engagement):
    rival = as_user(factories.user(customer=factories.customer()))
    rival.get(f"/guest/{asked[1]}/")
    assert rival.get(address(engagement)).status_code == 404


def test_the_page_makes_a_link_and_mails_it(as_user, tam, engagement, client):
    form = {"name": "Oh Hana", "email": "hana@vendor.example", "language": "ko", "days": 3}
    page = as_user(tam).post(address(engagement, rest="guests/"), form)
    url = page.context["made"]["url"]
    mail = Notification.objects.get(template="workbook/guests/mail/link")
    assert (mail.address, mail.language) == ("hana@vendor.example", "ko")
    assert url.rsplit("/", 2)[1] not in str(mail.params)
    assert Client().get("/" + url.split("/", 3)[3]).status_code == 303


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("days", 31), ("days", "x"), ("email", "nobody")])
def test_a_bad_answer_is_said_beside_its_field(as_user, tam, engagement, field, value):
    form = {"name": "Oh Hana", "email": "", "language": "en", "days": 7} | {field: value}
    page = as_user(tam).post(address(engagement, rest="guests/"), form)
    assert page.status_code == 422
    assert page.context["form"].errors[field]


def test_every_page_open_to_guests_exists_and_names_its_section():
    from workbook.urls import urlpatterns

    known = {f"workbook:{pattern.name}" for pattern in urlpatterns if "<str:section>" in str(pattern.pattern)}
    assert known >= OPEN


def test_the_words_of_another_guest_are_not_taken_for_ones_own(guest, engagement, customer_lead):
    save(guest, engagement, "Move the exam portal")
    _link, token = links.create(
        engagement=engagement, section=editions.section(engagement, "wb01"), name="Ma Jun", email="",
        language="en", days=1, by=customer_lead, now=timezone.now(),
    )  # fmt: skip
    other = Client()
    other.get(f"/guest/{token}/")
    answer = save(other, engagement, "Leave it")
    assert (answer.status_code, answer.json()["is_own"]) == (409, False)


def test_a_guest_is_offered_no_names_of_people_or_of_rows_elsewhere(engagement, customer_lead, book):
    book.add("modules", mo_name="Secret ledger")
    page = address(engagement, "wb06", "?columns=all")
    member = Client()
    member.force_login(customer_lead)
    assert "Secret ledger" in member.get(page).content.decode()
    _link, token = links.create(
        engagement=engagement, section=editions.section(engagement, "wb06"), name="Ma Jun", email="",
        language="en", days=1, by=customer_lead, now=timezone.now(),
    )  # fmt: skip
    browser = Client()
    browser.get(f"/guest/{token}/")
    shown = browser.get(page).content.decode()
    assert "Secret ledger" not in shown
    assert customer_lead.name not in shown


def admission(browser, pk, kind="guest"):
    """The right of a browser to a stream."""
    return admit(kind, pk, browser.cookies["sessionid"].value)


def news(link) -> str:
    """What the stream of a link says now."""
    return registry.tiles.get("guest").render(link.pk, audience="guest", now=timezone.now())


def save_elsewhere(text, book) -> None:
    """The same question, answered in another customer's workbook."""
    save_cell(
        engagement=factories.engagement(), section="wb01", row="form", field="ev_impact", value=text,
        base_version=0, by=book.by, now=book.now,
    )  # fmt: skip


def test_a_guest_hears_of_their_section_alone(guest, asked, book):
    link = asked[0]
    book.save("ev_impact", "Nobody can enrol.")
    raised = versions.read_versions([link.topic])
    book.add("quotas")
    save_elsewhere("Theirs.", book)
    assert 'data-field="ev_impact"' in news(link) and news(link).count("<li") == 1
    assert "Nobody can enrol" not in news(link)
    assert versions.read_versions([link.topic]) == raised == {link.topic: 1}


def test_the_stream_of_a_link_is_for_the_browser_that_opened_it(guest, asked, client):
    link = asked[0]
    right = admission(guest, link.pk)
    assert (right.audience, right.ends_at) == ("guest", link.expires_at)
    assert visible_tiles([tile.key for tile in registry.tiles], "guest") == {"guest"}
    for kind, pk in (("engagement", link.engagement_id), ("guest", link.pk + 1)):
        with pytest.raises(Refused):
            admission(guest, pk, kind)


def test_the_stream_of_an_ended_link_is_over(guest, asked, engagement, tam):
    link = asked[0]
    section = editions.section(engagement, "wb01")
    links.revoke(link=link, section=section, by=tam, now=timezone.now())
    assert versions.read_versions([link.topic]) == {link.topic: 1}
    with pytest.raises(Ended):
        news(link)
    with pytest.raises(Refused):
        admission(guest, link.pk)


def test_a_guest_brings_back_an_earlier_value(guest, engagement):
    for version, value in enumerate(["First", "Second"]):
        data = {"row": "form", "field": "ev_purpose", "value": value, "base_version": version}
        guest.post(address(engagement, rest="cells/"), data)
    first = CellChange.objects.get(value_to="First")
    history = guest.get(address(engagement, rest="history/?row=form&field=ev_purpose")).content.decode()
    assert f"history/{first.pk}/restore/" in history
    assert guest.post(address(engagement, rest=f"history/{first.pk}/restore/")).status_code == 303
    assert Cell.objects.get(field="ev_purpose").value == "First"


def test_a_number_tells_a_guest_nothing_about_a_row_elsewhere(engagement, customer_lead, book, client):
    module = book.add("modules", mo_name="Secret portal").pk
    other = editions.section(engagement, "wb06")
    _link, secret = links.create(
        engagement=engagement, section=other, name="Oh Hana", email="", language="en", days=7,
        by=customer_lead, now=timezone.now(),
    )  # fmt: skip
    client.get(f"/guest/{secret}/")
    row = book.add("resources").pk
    data = {"row": row, "field": "rs_module", "base_version": 0}
    answer = client.post(address(engagement, other.key, "cells/"), data | {"value": f"#{module}"})
    assert answer.status_code == 422
    assert "Secret" not in answer.content.decode()
    known = client.post(address(engagement, other.key, "cells/"), data | {"value": "Secret portal"})
    assert known.status_code == 200
