"""The board's own pages in a browser: a chart, a wall, the picker, the order of tiles; and people whose server dies."""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Error, Page, expect

from tests.journeys.stack import sign_in

pytestmark = [pytest.mark.journey, pytest.mark.once]
EVENT = "/e/IEM-2611"
INKS = """() => { const { width, height } = document.querySelector("#chart canvas");
  const bytes = document.querySelector("#chart canvas").getContext("2d").getImageData(0, 0, width, height).data;
  return new Set(new Uint32Array(bytes.buffer)).size; }"""
API = "/api/v1/engagements/IEM-2611/timeline/"


@pytest.fixture(scope="module")
def tam(stack, browser):
    """The TAM's browser."""
    return sign_in(browser, stack, "Seo Yuna", locale="en-GB")


def test_an_opened_metric_is_drawn_listed_and_saved_as_picture_and_file(tam):
    tam.goto(f"{EVENT}/board/")
    tam.locator("#tile-metrics .tile:has(.age) h3 a").first.click()  # one that was read already
    expect(tam.locator("#chart .uplot canvas")).to_be_visible()
    assert tam.evaluate(INKS) > 5, "lines, limits and words are drawn"
    expect(tam.locator(".logbox tbody tr").first).to_be_visible()
    with tam.expect_download() as picture:
        tam.locator("#ch-png").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    with tam.expect_download() as file:
        tam.get_by_role("link", name="CSV").click()
    assert len(file.value.path().read_text().splitlines()) > 10


def test_a_wall_opens_without_an_account_says_when_it_is_old_and_reloads_on_a_new_version(
    tam, browser, stack
):
    tam.goto(f"{EVENT}/board/walls/")
    tam.locator("[name=name]").fill("Bridge room")
    tam.get_by_role("button", name="Make the link").click()
    address = tam.locator("#wall-url").input_value()
    screen = browser.new_context(base_url=stack.url, viewport={"width": 1920, "height": 1080}).new_page()
    screen.goto(address)
    expect(screen.locator("[data-live-state=live]").first).to_be_attached()
    expect(screen.locator("#wall")).to_contain_text("Alarms")
    assert screen.locator("main :is(a, button, input, [title])").filter(visible=True).count() == 0, (
        "nobody hovers"
    )
    with screen.expect_navigation():
        screen.evaluate("document.body.dataset.release = 'older'")
    expect(screen.locator("[data-live-state=live]").first).to_be_attached()
    screen.route("**/live/**", lambda route: route.abort())
    screen.evaluate("document.getElementById('live-stream')._htmx.sse.reader.cancel()")
    expect(screen.locator("body")).to_have_class(re.compile("live-stale"))
    expect(screen.locator(".w-conn")).to_contain_text("Stale")
    screen.unroute("**/live/**")
    expect(screen.locator("body")).not_to_have_class(re.compile("live-stale"))
    screen.context.close()


def test_a_metric_is_picked_from_what_the_account_has(tam):
    tam.goto(f"{EVENT}/board/pick/")
    tam.get_by_label("Namespace").fill("AWS/RDS")
    tam.get_by_role("button", name="Ask AWS").click()
    taken = tam.locator(".pk li").first
    name = taken.locator("b").inner_text()
    taken.get_by_role("button").press("Enter")
    expect(tam.locator("main")).to_contain_text(name)
    assert "/board/pick/" not in tam.url


def test_tiles_are_arranged_with_the_keyboard(tam):
    tam.goto(f"{EVENT}/board/arrange/")
    second = tam.locator(".arr li").nth(1)
    row, title = second.get_attribute("id"), second.locator("b").inner_text()
    second.get_by_role("button", name=f"{title} up").press("Enter")
    expect(tam.locator(".arr li").first).to_have_attribute("id", row)
    expect(tam.locator(f"#{row}")).to_be_focused()
    tam.goto(f"{EVENT}/board/metrics/")
    expect(tam.locator(".tile").first).to_contain_text(title)


def test_notes_pressed_while_web_and_worker_are_killed_are_on_record_once_and_the_board_goes_on(tam, stack):
    """The small version of `script/chaos warroom`: whoever got no answer presses again."""
    tam.goto(f"{EVENT}/board/")
    expect(tam.locator("[data-live-state=live]").first).to_be_attached()
    notes = [f"Killed while writing {number}" for number in range(6)]
    for number, text in enumerate(notes):
        if number == 2:
            stack.kill("web", "worker")
        write(tam, {"text": text, "client_id": str(uuid.uuid4())}, twice=number % 2 == 0)
    expect(tam.locator("#tile-timeline")).to_contain_text(notes[-1])
    expect(tam.locator("[data-live-state=live]").first).to_be_attached()
    on_record = tam.request.get(API).text()
    assert [on_record.count(f'"{text}"') for text in notes] == [1] * len(notes)


def write(page: Page, note: dict[str, str], *, twice: bool) -> None:
    """Post it until it is answered, and once more if the answer is taken for lost."""
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    answered = 0
    while answered < 1 + twice:
        try:
            answer = page.request.post(API, data=note, headers={"X-CSRFToken": token, "Referer": page.url})
            answered += answer.status == 201
        except Error:  # the server is away
            continue
