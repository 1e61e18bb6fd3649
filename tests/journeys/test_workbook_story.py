"""A TAM, a customer and a guest of a third company fill one section; one loses the network, and no word is lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.stack import PATIENCE_MS, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.once]
SECTION = "/e/IEM-2611/workbook/wb01/"
STUDENTS = "Forty thousand students from Korea."
PARENTS = "Parents, who pay on their phones."
IMPACT = "Nobody can enrol."


@pytest.fixture
def people(stack, browser):
    """The TAM and the customer, signed in."""
    pages = [sign_in(browser, stack, name) for name in ("Seo Yuna", "Baek Jihun")]
    yield pages
    for page in pages:
        page.context.close()


def guest_of(tam: Page, browser: Browser, stack) -> Page:
    """Somebody without an account, by the link that the TAM makes for this section."""
    tam.goto(f"{SECTION}guests/")
    tam.get_by_label("Name of the guest").fill("Oh Hana")
    tam.get_by_role("button", name="Make the link").click()
    link = tam.locator("#guest-url").input_value()
    guest = browser.new_context(base_url=stack.url).new_page()
    guest.set_default_timeout(PATIENCE_MS)
    guest.goto(link)
    expect(guest).to_have_url(f"{stack.url}{SECTION}")
    return guest


def box(page: Page, field: str):
    """The text of a question."""
    return page.locator(f"form.qs [data-field={field}] textarea")


def answer(page: Page, field: str, text: str) -> None:
    """Type an answer in the place of what stands there, and go on."""
    box(page, field).fill(text)
    page.keyboard.press("Tab")


def is_saved(page: Page, field: str, text: str) -> None:
    """Until the server has taken this answer; the sign beside it fades."""
    expect(page.locator(f"#c-form-{field}")).to_have_attribute("data-edit", text)


def test_three_people_of_three_companies_lose_nothing(people, stack, browser):
    tam, customer = people
    guest = guest_of(tam, browser, stack)
    for page in (tam, customer):
        page.goto(SECTION)
    for page in (tam, customer, guest):
        expect(page.locator("html.has-script")).to_be_attached()
        expect(page.locator("[data-live-state=live]").first).to_be_visible()

    answer(guest, "ev_impact", IMPACT)
    is_saved(guest, "ev_impact", IMPACT)
    expect(box(tam, "ev_impact")).to_have_value(IMPACT)

    customer.context.set_offline(True)
    answer(customer, "ev_audience", STUDENTS)
    expect(customer.locator("#c-form-ev_audience.is-off")).to_be_attached()
    answer(guest, "ev_audience", PARENTS)
    is_saved(guest, "ev_audience", PARENTS)
    expect(box(tam, "ev_audience")).to_have_value(PARENTS)

    customer.context.set_offline(False)
    choice = customer.locator("[data-choose=mine]")
    expect(choice).to_be_visible()
    expect(customer.locator("#c-form-ev_audience")).to_contain_text(PARENTS)
    expect(box(customer, "ev_audience")).to_have_value(STUDENTS)
    choice.click()
    for page in (tam, guest):
        expect(box(page, "ev_audience")).to_have_value(STUDENTS)

    history = tam.request.get(f"{SECTION}history/?row=form&field=ev_audience").text()
    assert all(words in history for words in (STUDENTS, PARENTS, "Oh Hana (guest)", "Baek Jihun"))
    # The link ends: the open page is told at once, and says so.
    tam.goto(f"{SECTION}guests/")
    tam.get_by_role("button", name="End Oh Hana").click()
    expect(guest.get_by_text("This link was withdrawn.")).to_be_visible()
    guest.context.close()
