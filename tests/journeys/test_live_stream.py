"""What a person sees of the live stream in Chromium: while typing, when it falls silent, when it comes back."""

import re
import signal

import pytest
from playwright.sync_api import expect

from tests.journeys.stack import PATIENCE_MS
from tests.live.conftest import Server, data_folder, migrated_folder, unreadable  # noqa: F401

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.once]


@pytest.fixture(scope="module")
def folder(migrated_folder, tmp_path_factory):  # noqa: F811
    """The data of the server, so that it can be started again on it."""
    return data_folder(migrated_folder, tmp_path_factory)


@pytest.fixture
def server(folder):
    """The real server with a small page of live tiles at /page."""
    with Server(folder, TEST_HEARTBEAT_S="1") as running:
        yield running


@pytest.fixture
def page(browser, server):
    """The page of somebody who is signed in."""
    context = browser.new_context()
    context.add_cookies(
        [{"name": "sessionid", "value": server.sign_in(), "url": f"http://127.0.0.1:{server.port}"}]
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def visit(page, server):
    """Opens the page and waits until it is live."""
    page.goto(f"http://127.0.0.1:{server.port}/page")
    expect(page.locator(".live-conn")).to_contain_text("Live")
    expect(page.locator("#text")).to_be_visible()


def change(server, count):
    """Changes both tiles."""
    server.do(facts={"count": count}, announce={"room:1": ["form", "count"]})


def test_pushes_leave_focus_caret_text_and_opened_details_alone(page, server):
    visit(page, server)
    page.locator("#more summary").click()
    page.locator("#area").fill("typed before")
    page.locator("#text").click()
    for count in range(10):
        page.keyboard.type(str(count))
        change(server, 100 + count)
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#row-59")).to_contain_text("n=109")
    assert page.locator("#text").input_value() == "0123456789"
    assert page.evaluate("[document.activeElement.id, document.activeElement.selectionStart]") == ["text", 9]
    assert page.locator("#area").input_value() == "typed before"
    assert page.locator("#more").get_attribute("open") is not None


def test_clocks_tick_from_the_servers_time_and_old_values_look_old(page, server):
    visit(page, server)
    # Drawn at 40 s and 00:50; a busy machine may look later than a second after the next tick.
    expect(page.locator("#age")).to_have_text(re.compile(r"^(4[5-9]|5\d) s ago|^1 min"))
    expect(page.locator("#stales")).to_have_class("is-old")
    expect(page.locator("#left")).to_have_text(re.compile(r"^00:(40|[0-3]\d)$|^\+"))
    expect(page.locator("#since")).to_contain_text("T+02:1")
    expect(page.locator("#w-ok")).to_be_visible()
    expect(page.locator("#w-watch")).to_be_hidden()
    expect(page.locator("#step")).to_be_hidden()
    expect(page.locator("#see")).to_be_visible()
    expect(page.locator("#sla")).to_have_attribute("data-state", "watch")
    expect(page.locator("#live-say")).to_contain_text("First answer: half of the time is left")


def test_a_silent_stream_is_shown_as_stale_and_the_clocks_go_on(page, server):
    visit(page, server)
    server.process.send_signal(signal.SIGSTOP)
    expect(page.locator("#live-banner")).to_be_visible()
    expect(page.locator("body")).to_have_class("live-stale")
    expect(page.locator("#live-say")).to_contain_text("late")
    before = page.locator("#left").inner_text()
    expect(page.locator("#left")).not_to_have_text(before)
    server.process.send_signal(signal.SIGCONT)
    expect(page.locator("#live-banner")).to_be_hidden()
    expect(page.locator("#live-say")).to_contain_text("Live again")


def test_a_dead_database_is_shown_as_stale_while_the_stream_goes_on(page, server, folder):
    visit(page, server)
    page.evaluate("""document.getElementById("live-stream").addEventListener("hb", () => {
      document.body.dataset.beats = Number(document.body.dataset.beats || 0) + 1; })""")
    with unreadable(folder):
        expect(page.locator("#live-banner")).to_be_visible()
        expect(page.locator(".live-conn")).to_contain_text("Stale")
        assert int(page.locator("body").get_attribute("data-beats")) > 2, (
            "the server went on telling the time"
        )
    expect(page.locator("#live-banner")).to_be_hidden()
    expect(page.locator(".live-conn")).to_contain_text("Live")


def test_a_first_connect_that_fails_is_tried_again_and_its_error_page_shown_nowhere(page, server):
    server.do(facts={"is_away": True})
    page.goto(f"http://127.0.0.1:{server.port}/page")
    expect(page.locator(".live-conn")).to_contain_text("Connecting")
    server.do(facts={"is_away": False})
    expect(page.locator("#text")).to_be_visible()
    assert "503" not in page.locator("main").inner_text()


def test_a_restart_loses_neither_the_text_nor_the_last_state(page, server, folder):
    visit(page, server)
    page.locator("#text").fill("kept")
    server.stop()
    server.process.wait(PATIENCE_MS / 1000)
    with Server(folder, port=server.port, TEST_HEARTBEAT_S="1") as again:
        change(again, 555)
        expect(page.locator("#count")).to_contain_text("n=555")
        assert page.locator("#text").input_value() == "kept"


def test_after_signing_out_elsewhere_the_page_reloads_once(page, server):
    visit(page, server)
    server.do(forget=page.context.cookies()[0]["value"])
    with page.expect_navigation(timeout=PATIENCE_MS):
        page.evaluate("document.getElementById('live-stream')._htmx.sse.reader.cancel()")
    expect(page.locator(".live-conn")).to_contain_text("Connecting")
    with page.expect_response("**/live/**") as refused:
        pass
    assert refused.value.status == 401
