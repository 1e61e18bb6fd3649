"""The demo cutover from an hour before T0 to its close: what was lived through is replayed, the rest is done live.

Behind the other stories of the shared portal, because it ends the run that they look at.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.stack import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.once]
EVENT = "/e/IEM-2611"
RUN = f"{EVENT}/runbook/1"
#: Behind the demo's present: each step with who finishes it; of four eyes somebody else began it.
UNTIL_G3 = ("DB-05", "APP-04", "QA-01", "QA-02")
UNTIL_G4 = ("NET-01", "NET-02")
UNTIL_G5 = ("APP-05", "OPS-01", "COM-02", "APP-06", "OPS-02", "OPS-03")


def test_the_cutover_from_an_hour_before_to_its_close(stack, browser):
    tam = sign_in(browser, stack, "Seo Yuna", locale="en-GB")
    deputy = sign_in(browser, stack, "Priya Raman", locale="en-GB")
    customer = sign_in(browser, stack, "Baek Jihun", locale="ko-KR")
    from_an_hour_before_until_now(tam)
    customer.goto(f"{EVENT}/board/")
    expect(customer.locator("[data-live-state=live]").first).to_be_attached()
    expect(customer.locator("#tile-step")).to_contain_text("DB-05")
    carry_out(deputy, tam, UNTIL_G3)
    decide_in_the_browser(tam, "G3")
    expect(customer.locator("#tile-step")).to_contain_text("NET-01")
    carry_out(deputy, tam, UNTIL_G4)
    act(tam, f"{RUN}/gates/G4/", act="decide", decision="open")
    carry_out(deputy, tam, UNTIL_G5)
    expect(customer.locator("#tile-step")).to_contain_text("G5")
    act(tam, f"{RUN}/gates/G5/", act="decide", decision="accept")
    close(tam)
    expect(customer.locator("#tile-timeline")).to_contain_text("워룸")
    the_whole_night_can_be_played(tam)


def from_an_hour_before_until_now(page: Page) -> None:
    """The replay begins an hour before T0, with nothing decided; it goes on moment by moment until now."""
    page.goto(f"{EVENT}/replay/")
    board = page.locator("#replay-state")
    expect(board).to_contain_text("T−1 h")
    expect(step_then(page, "G1")).to_contain_text("Ready")
    expect(step_then(page, "PRE-06")).to_contain_text("Running")
    page.get_by_role("link", name=re.compile("Gate G1: start: GO")).click()
    expect(step_then(page, "G1")).to_contain_text("GO")
    expect(step_then(page, "APP-01")).to_contain_text("Ready")
    page.keyboard.press("End")
    expect(step_then(page, "G2")).to_contain_text("GO")
    expect(step_then(page, "DB-05")).to_contain_text("Running")
    expect(board).to_contain_text("enrol-db-replication-lag")


def step_then(page: Page, code: str):
    """The row of a step on the board of the replay."""
    return page.locator("#replay-state .ry-tbl tr", has=page.locator(f"th:has-text('{code} ')"))


def carry_out(first: Page, second: Page, codes: tuple[str, ...]) -> None:
    """Start what has not begun, and finish it as somebody else, with criterion and evidence."""
    for code in codes:
        if code != "DB-05":  # runs since before the newcomer came
            act(first, f"{RUN}/steps/{code}/start/")
        act(second, f"{RUN}/steps/{code}/finish/", is_criterion_met="on", evidence=f"Report of {code}")


def act(page: Page, path: str, **words: str) -> None:
    """Send the form of this page as its person: what the browser would send, without drawing it."""
    form = page.request.get(path).text()
    hidden = {
        name: re.search(rf'name="{name}" value="([^"]+)"', form)
        for name in ("csrfmiddlewaretoken", "version")
    }
    words |= {name: found.group(1) for name, found in hidden.items() if found}
    answer = page.request.post(path, form=words, headers={"Referer": page.url}, max_redirects=0)
    assert answer.status == 303, re.sub(r"<[^>]+>|\s+", " ", answer.text())[-600:]


def decide_in_the_browser(page: Page, code: str) -> None:
    """The point of no return: votes are asked for, one is given, the commander decides."""
    page.goto(f"{RUN}/gates/{code}/")
    page.get_by_role("button", name="Ask for votes").click()
    page.locator("[name=answer][value=go]").check()
    page.get_by_role("button", name="Vote", exact=True).click()
    page.locator("[name=decision][value=go]").check()
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("main")).to_contain_text("This gate is decided.")


def close(page: Page) -> None:
    """The commander completes the run, then closes the war room."""
    page.goto(f"{RUN}/")
    page.get_by_role("button", name="Complete the run").click()
    expect(page.locator(".rb-head")).to_contain_text("Completed")
    page.goto(f"{EVENT}/board/")
    page.locator("#close-room summary").click()
    page.get_by_role("button", name="Close it for everyone").click()
    expect(page.get_by_role("button", name="Open the war room")).to_be_visible()


def the_whole_night_can_be_played(page: Page) -> None:
    """The replay reaches from the hour before to the close; the room is open again for whoever comes next."""
    page.goto(f"{EVENT}/replay/")
    page.keyboard.press("End")
    expect(page.locator("#replay-state .ry-steps .panel-h")).to_contain_text("Completed")
    expect(page.locator("#replay-state")).to_contain_text("30 of 30")
    page.goto(f"{EVENT}/board/")
    page.get_by_role("button", name="Open the war room").click()
    expect(page.locator("#close-room")).to_be_attached()
