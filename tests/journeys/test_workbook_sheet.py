"""Two people fill one sheet: typing saves, others see it, a lost network loses nothing, a conflict is chosen from."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.stack import PATIENCE_MS, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.once]
SHEET = "/e/IEM-2611/workbook/wb08/"
QUESTIONS = "/e/IEM-2611/workbook/wb01/"
# The sign of a save fades: whether something was saved is read from data-edit or the server's answer instead.
SAVED = re.compile(r"\bis-saved\b")
DRAW_SAVED = """async (id) => {
  const { draw } = await import('/static/js/workbook/places.js');
  draw(document.getElementById(id), 'saved');
}"""


@pytest.fixture(scope="module")
def signed_in(stack, browser):
    """Who has signed in, as a browser session keeps it: each person once for all tests."""
    states = {}
    for name in ("Seo Yuna", "Baek Jihun"):
        page = sign_in(browser, stack, name)
        states[name] = page.context.storage_state()
        page.context.close()
    return states


def page_of(signed_in, stack, browser, name: str) -> Page:
    """A fresh browser session of this person."""
    context = browser.new_context(base_url=stack.url, storage_state=signed_in[name])
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


@pytest.fixture
def tam(signed_in, stack, browser):
    """The TAM's page, in English."""
    page = page_of(signed_in, stack, browser, "Seo Yuna")
    yield page
    page.context.close()


@pytest.fixture
def customer(signed_in, stack, browser):
    """The customer's page, in Korean."""
    page = page_of(signed_in, stack, browser, "Baek Jihun")
    yield page
    page.context.close()


def need(page: Page, row: int):
    """The peak forecast of a row, counted from 0."""
    return page.locator("tr[data-row] [data-field=q_need]").nth(row)


def open_sheet(page: Page) -> None:
    """The quota sheet, with its script and its stream running."""
    page.goto(SHEET)
    expect(page.locator("html.has-script")).to_be_attached()
    expect(page.locator("[data-live-state=live]").first).to_be_visible()


def type_into(page: Page, row: int, text: str, leave: str = "Enter") -> None:
    """Replace a forecast by keyboard."""
    need(page, row).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type(text)
    page.keyboard.press(leave)


def test_typing_saves_works_out_the_rest_and_goes_on(tam):
    open_sheet(tam)
    type_into(tam, 4, "60")
    expect(need(tam, 4)).to_have_attribute("data-edit", "60")
    expect(tam.locator("tr[data-row]").nth(4).locator("[data-field=q_gap]")).to_contain_text("short of 10")
    expect(need(tam, 5)).to_be_focused()
    expect(tam.locator("#wb-save")).to_contain_text("All saved")


def test_a_letter_begins_an_edit_and_escape_undoes_it(tam):
    open_sheet(tam)
    before = need(tam, 9).inner_text()
    need(tam, 9).focus()
    tam.keyboard.type("77")
    expect(need(tam, 9).locator("input")).to_have_value("77")
    tam.keyboard.press("Escape")
    expect(need(tam, 9)).to_have_text(before)
    expect(need(tam, 9)).to_be_focused()


def test_arrows_move_and_tab_saves_and_goes_on(tam):
    open_sheet(tam)
    need(tam, 2).focus()
    tam.keyboard.press("ArrowDown")
    expect(need(tam, 3)).to_be_focused()
    type_into(tam, 3, "390", leave="Tab")
    expect(tam.locator("tr[data-row] [data-field=q_applied]").nth(3)).to_be_focused()
    expect(need(tam, 3)).to_contain_text("390")


def test_what_one_saves_the_other_sees_without_losing_the_cell_in_hand(tam, customer):
    open_sheet(tam)
    open_sheet(customer)
    need(customer, 7).focus()
    customer.keyboard.press("Enter")
    customer.keyboard.type("391")
    type_into(tam, 6, "17")
    expect(need(customer, 6)).to_contain_text("17")
    expect(need(customer, 7).locator("input")).to_be_focused()
    expect(need(customer, 7).locator("input")).to_have_value("391")
    customer.keyboard.press("Escape")


def test_a_value_that_does_not_fit_stays_with_its_error_even_after_a_reload(tam):
    open_sheet(tam)
    type_into(tam, 10, "rather many")
    expect(need(tam, 10)).to_contain_text("Write a number only")
    tam.reload()
    expect(need(tam, 10)).to_contain_text("rather many")
    expect(need(tam, 10)).to_contain_text("Write a number only")
    type_into(tam, 10, "2200")
    expect(need(tam, 10)).to_contain_text("2,200")


def test_edits_made_offline_survive_a_reload_and_are_sent_when_the_network_is_back(tam, customer):
    open_sheet(tam)
    # Earlier stories have written here: only what differs from what stands is an edit.
    stands = [need(tam, row).get_attribute("data-edit") for row in (0, 1)]
    first, second = "611" if stands[0] != "611" else "612", "12" if stands[1] != "12" else "13"
    tam.route("**/cells/**", lambda route: route.abort())
    type_into(tam, 0, first)
    type_into(tam, 1, second)
    expect(tam.locator("#wb-save")).to_contain_text("Kept in this browser: 2")
    tam.reload()
    expect(need(tam, 0)).to_contain_text(first)
    expect(need(tam, 0)).to_contain_text("Not sent yet")
    tam.unroute("**/cells/**")
    expect(tam.locator("#wb-save")).to_contain_text("All saved")
    open_sheet(customer)
    expect(need(customer, 0)).to_have_attribute("data-edit", first)
    expect(need(customer, 1)).to_have_attribute("data-edit", second)


def test_two_values_for_one_cell_are_chosen_from_and_nothing_is_thrown_away(tam, customer):
    open_sheet(tam)
    open_sheet(customer)
    customer.route("**/cells/**", lambda route: route.abort())
    type_into(customer, 11, "2950")
    type_into(tam, 11, "3100")
    expect(need(tam, 11)).to_have_attribute("data-edit", "3100")
    customer.unroute("**/cells/**")
    line = customer.locator("tr.conf")
    expect(line).to_contain_text("2,950")
    expect(line).to_contain_text("3,100")
    expect(need(customer, 11)).to_contain_text("2950")
    line.locator("[data-choose=mine]").click()
    expect(line).to_have_count(0)
    expect(need(tam, 11)).to_contain_text("2,950")
    history = tam.request.get(
        f"{SHEET}history/?row={tam.locator('tr[data-row]').nth(11).get_attribute('data-row')}&field=q_need"
    )
    assert "3,100</del>" in history.text()


def write(page: Page, text: str, leave: str = "") -> None:
    """Write the answer about the impact, and wait until the server has answered; without ``leave`` it stays open."""
    with page.expect_response("**/wb01/cells/") as answer:
        page.locator("form.qs [data-field=ev_impact] textarea").fill(text)
        if leave:
            page.keyboard.press(leave)
    assert answer.value.status == 200


def test_questions_save_by_themselves_and_merge_sentences_of_two_people(tam, customer):
    tam.goto(QUESTIONS)
    box = tam.locator("form.qs [data-field=ev_impact] textarea")
    write(tam, "One sentence. Another sentence. The end.")
    expect(tam.locator("#wb-save")).to_contain_text("All saved")
    customer.goto(QUESTIONS)
    write(customer, "One sentence, longer. Another sentence. The end.", leave="Tab")
    write(tam, "One sentence. Another sentence. The very end.", leave="Tab")
    expect(box).to_have_value("One sentence, longer. Another sentence. The very end.")
    # A merge that arrives under an open editor is not typed over when the editor is left.
    box.focus()
    customer.reload()
    write(customer, "One sentence, much longer. Another sentence. The very end.", leave="Tab")
    write(tam, "One sentence, longer. Another sentence. The bitter end.")
    tam.keyboard.press("Tab")
    expect(box).to_have_value("One sentence, much longer. Another sentence. The bitter end.")


def test_what_one_types_on_while_a_merge_is_under_way_is_an_ordinary_edit(tam, customer):
    tam.goto(QUESTIONS)
    box = tam.locator("form.qs [data-field=ev_impact] textarea")
    write(tam, "First. Second. Third.")
    customer.goto(QUESTIONS)
    write(customer, "First, theirs. Second. Third.", leave="Tab")

    def typed_meanwhile(route):
        """The server merges, and before the page hears of it more is typed into the same sentence."""
        answer = route.fetch()
        tam.keyboard.press("ControlOrMeta+End")
        tam.keyboard.press("Backspace")
        tam.keyboard.type(", typed on.")
        route.fulfill(response=answer)

    tam.route("**/wb01/cells/", typed_meanwhile, times=1)
    box.fill("First. Second. Third, mine.")
    whole = "First, theirs. Second. Third, mine, typed on."
    expect(box).to_have_value(whole)
    expect(tam.locator("#c-form-ev_impact")).to_have_attribute("data-edit", whole)
    expect(tam.locator("[data-choose]")).to_have_count(0)


def test_a_merge_below_a_korean_word_waits_for_its_end_and_nothing_typed_is_lost(tam, customer):
    tam.goto(QUESTIONS)
    box, cell = (
        tam.locator(f"form.qs {one}") for one in ("[data-field=ev_impact] textarea", "#c-form-ev_impact")
    )
    write(tam, "첫째. 둘째. 셋째.")
    customer.goto(QUESTIONS)
    write(customer, "첫째, 그들의 말. 둘째. 셋째.", leave="Tab")
    keyboard = tam.context.new_cdp_session(tam)

    def composed_meanwhile(route):
        """The server merges, and before the page hears of it a word is begun in the same sentence."""
        answer = route.fetch()
        tam.keyboard.press("ControlOrMeta+End")
        tam.keyboard.press("Backspace")
        keyboard.send("Input.imeSetComposition", {"text": "하", "selectionStart": 1, "selectionEnd": 1})
        route.fulfill(response=answer)

    tam.route("**/wb01/cells/", composed_meanwhile, times=1)
    box.fill("첫째. 둘째. 셋째, 내 말.")
    expect(cell).to_have_attribute("data-other", re.compile("."))
    expect(box).to_have_value("첫째. 둘째. 셋째, 내 말하")
    keyboard.send("Input.insertText", {"text": "한글."})
    whole = "첫째, 그들의 말. 둘째. 셋째, 내 말한글."
    expect(box).to_have_value(whole)
    expect(cell).to_have_attribute("data-edit", whole)
    expect(tam.locator("[data-choose]")).to_have_count(0)


def test_the_sign_of_an_older_save_does_not_take_a_newer_one_with_it(tam):
    tam.clock.install()
    tam.goto(QUESTIONS)
    cell = tam.locator("#c-form-ev_impact")
    for _save in range(2):
        tam.evaluate(DRAW_SAVED, "c-form-ev_impact")
        tam.clock.run_for(3_000)
        expect(cell).to_have_class(SAVED)
    tam.clock.run_for(2_000)
    expect(cell).not_to_have_class(SAVED)


def test_a_cell_that_the_server_cannot_take_holds_up_no_other_and_is_sent_again(tam):
    open_sheet(tam)

    def fail(route):
        """A fault of the server that has to do with this one value."""
        if "4242" in route.request.post_data:
            route.fulfill(status=500, body="")
        else:
            route.continue_()

    tam.route("**/cells/**", fail)
    type_into(tam, 8, "4242")
    type_into(tam, 12, "77")
    expect(need(tam, 12)).to_have_attribute("data-edit", "77")
    expect(need(tam, 8)).to_contain_text("4242")
    expect(need(tam, 8)).to_contain_text("Not saved")
    expect(tam.locator("#wb-save")).to_contain_text("Not saved: 1")
    tam.locator("#wb-save [data-unsent]").click()
    dialog = tam.locator("#wb-unsent")
    expect(dialog.locator("[data-copy-unsent='4242']")).to_be_visible()
    expect(dialog.get_by_role("link", name="Peak forecast")).to_be_visible()
    # It is sent again by itself too: mended before it is asked for, the server could have taken it already.
    with tam.expect_request(lambda sent: "4242" in (sent.post_data or "")):
        dialog.locator("[data-retry-unsent]").click()
    tam.unroute("**/cells/**")
    expect(need(tam, 8)).to_have_attribute("data-edit", "4242")


def test_unsent_text_is_kept_under_its_writers_name(tam):
    open_sheet(tam)
    tam.route("**/cells/**", lambda route: route.abort())
    type_into(tam, 13, "8")
    expect(tam.locator("#wb-save")).to_contain_text("Kept in this browser: 1")
    reader = tam.locator("#wb").get_attribute("data-reader")
    row = tam.locator("tr[data-row]").nth(13).get_attribute("data-row")
    kept = f"iem-workbook:{reader}:IEM-2611:wb08|{row}|q_need"
    assert tam.evaluate("Object.keys(localStorage)") == [kept]
