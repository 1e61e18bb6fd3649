"""An alarm at night, by keyboard alone and in both languages: from the board to the end of the escalation."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.stack import PATIENCE_S, sign_in, wait_for
from tests.journeys.test_pages import speak

pytestmark = [pytest.mark.journey, pytest.mark.once]
SEOUL = ZoneInfo("Asia/Seoul")
EVENT = "/e/IEM-2611"
MOST_TABS = 150


# The database has no say in the language: on PostgreSQL the story is told once.
@pytest.mark.parametrize("language", ["en", pytest.param("ko", marks=pytest.mark.once)])
def test_from_an_alarm_to_its_end_by_keyboard(stack, browser, language):
    page = sign_in(browser, stack, "Priya Raman", locale=f"{language}-KR")
    speak(page, language)
    try:
        reference = escalate_the_alarm(page)
        half_of_the_time_is_told(page, reference)
        hand_over_to_the_internal_ticket(page)
        raise_the_severity_after_a_look(page)
        answered_by_phone(page)
        works_again_and_is_resolved(page)
    finally:
        speak(page, "en")


def escalate_the_alarm(page: Page) -> str:
    """E on the alarm opens what is known of it, one more step the whole form: the case was opened by phone half an
    hour ago, but for seconds."""
    page.goto(f"{EVENT}/board/")
    expect(page.locator("[data-live-state=live]").first).to_be_attached()
    tab_to(page, ".esc-link")
    page.keyboard.press("e")
    expect(page.locator("#sig-title")).to_be_visible()
    tab_to(page, "#step-dialog-body a[href*='/escalations/new/']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/escalations/new/**")
    assert page.locator("[name=title]").input_value()
    opened = (datetime.now(SEOUL) - timedelta(minutes=29, seconds=57)).strftime("%Y-%m-%dT%H:%M:%S")
    # The keys of the browser's own date picker differ by language and system; its value is what is meant here.
    page.locator("[name=detected_at]").fill(opened)
    tab_to(page, "[name=severity]")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=severity][value=urgent]")).to_be_checked()
    tab_to(page, ".esc-case summary")
    page.keyboard.press("Enter")
    tab_to(page, "[name=case_id]")
    page.keyboard.type("7741 6001")
    page.locator("[name=case_at]").fill(opened)
    tab_to(page, "[name=case_reason]")
    page.keyboard.type("Opened by phone.")
    send(page)
    page.wait_for_url(re.compile(r"/escalations/\d+/$"))
    return f"ESC-{int(page.url.rstrip('/').rsplit('/', 1)[1]):02d}"


def half_of_the_time_is_told(page: Page, reference: str) -> None:
    """The engine records the warning at its deadline; the page shows that the time runs out."""
    warning = re.compile(rf"{reference}[^<]*50 ?%")
    timeline = f"{EVENT}/timeline/"
    wait_for(lambda: warning.search(page.request.get(timeline).text()), PATIENCE_S, "the warning at 50 %")
    expect(first_answer(page).locator(".sla")).to_have_attribute("data-state", "watch")


def hand_over_to_the_internal_ticket(page: Page) -> None:
    """H opens the form; the customer hears of it with the same act."""
    page.keyboard.press("h")
    expect(page.locator("[name=hand_over-level]")).to_be_focused()
    page.keyboard.type("4")
    for words in ("Seo Yuna", "Support says so on the phone.", "The service team is being asked."):
        page.keyboard.press("Tab")
        page.keyboard.type(words)
    send(page, "Control+Enter")
    expect(page.locator(".lane [aria-current=step] .lv-i").first).to_have_text("4")
    expect(page.locator("#esc-said")).to_contain_text("The service team is being asked.")


def raise_the_severity_after_a_look(page: Page) -> None:
    """What each clock would say comes first; the second Enter does it, and the breach is told before it happens."""
    page.keyboard.press("s")
    page.keyboard.press("ArrowUp")
    tab_to(page, "[name=severity-reason]")
    page.keyboard.type("Enrolment stands still.")
    send(page)
    expect(page.locator("#sev-preview tbody tr").first).to_be_visible()
    expect(page.locator("#sev-preview .st-bad").first).to_be_visible()
    expect(page.locator("[data-first-focus]")).to_be_focused()
    send(page)
    expect(first_answer(page).locator(".sla")).to_have_attribute("data-state", "bad")
    expect(page.locator("[name=severity-severity][value=critical]")).to_be_checked()


def answered_by_phone(page: Page) -> None:
    """W opens the answer; the second of its ways is the phone."""
    page.keyboard.press("w")
    expect(page.locator("[name=answer-how]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("[name=answer-how]")).to_have_value("call")
    tab_to(page, "#act-answer button[type=submit]")
    send(page)
    expect(first_answer(page)).to_have_class(re.compile("ck-missed"))


def works_again_and_is_resolved(page: Page) -> None:
    """R notes that the service works; the end stands among the acts."""
    page.keyboard.press("r")
    expect(page.locator("[name=restored-at]")).to_be_focused()
    tab_to(page, "#act-restored button[type=submit]")
    send(page)
    expect(page.locator("#act-restored")).to_have_count(0)
    tab_to(page, "#act-resolve summary")
    page.keyboard.press("Enter")
    expect(page.locator("[name=resolve-resolution]")).to_be_focused()
    page.keyboard.type("The task was restarted with a larger batch.")
    send(page, "Control+Enter")
    expect(page.locator("#act-resolve")).to_have_count(0)
    expect(page.locator("#act-reopen")).to_be_visible()


def send(page: Page, keys: str = "Enter") -> None:
    """Press what sends a form and wait for the page that answers: a key pressed before it would go to the old one."""
    with page.expect_navigation():
        page.keyboard.press(keys)


def first_answer(page: Page):
    """The card of the first-answer clock."""
    return page.locator(".clocks .ck").first


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until this has the focus, as somebody without a mouse does."""
    for _press in range(MOST_TABS):
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab reaches {selector}")
