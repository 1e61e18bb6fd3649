"""Does a real browser show what the portal pushes, and open the page it names? Chromium hands the message over itself.

A push service is not needed for that: DevTools delivers to the service worker what a push service would.
"""

import functools
import http.server
import json
import threading
from pathlib import Path

import pytest

from iem_portal.notifications.channels.browser import note, tag
from iem_portal.notifications.models import Notification
from tests.journeys.stack import chromium

pytestmark = pytest.mark.once
STATIC = Path(__file__).parents[2] / "static"
# Waits for the state, not for a time: until a note with this first line is shown.
SHOWN = """async (title) => {
  const worker = await navigator.serviceWorker.ready;
  for (let turn = 0; turn < 1000; turn += 1) {
    const found = await worker.getNotifications();
    if (found.some((one) => one.title === title)) return found.map((one) => [one.title, one.body, one.tag]);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return [];
}"""
# A click needs a person's hand, and openWindow a click: the worker gets the click, and what it would open is noted.
CLICKED = """async () => {
  const asked = [], real = self.clients.openWindow;
  self.clients.openWindow = async (url) => { asked.push(url); };
  for (const one of await self.registration.getNotifications()) {
    self.dispatchEvent(new NotificationEvent("notificationclick", { notification: one }));
  }
  self.clients.openWindow = real;
  return [asked, (await self.registration.getNotifications()).length];
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    """The static files, without a log."""

    def log_message(self, *words):
        pass


@pytest.fixture(scope="module")
def origin():
    handler = functools.partial(Quiet, directory=str(STATIC))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def page(origin):
    """A page of the origin whose person has allowed notes, with the portal's worker registered."""
    with chromium() as browser:
        context = browser.new_context()
        context.grant_permissions(["notifications"], origin=origin)
        page = context.new_page()
        page.goto(f"{origin}/js/push-worker.js")
        page.evaluate("""async () => {
          await navigator.serviceWorker.register("/js/push-worker.js", { scope: "/js/" });
          await navigator.serviceWorker.ready;
        }""")
        yield page


@pytest.fixture
def push(page, origin):
    """`push(data)`: the worker receives these bytes, as from a push service."""
    session, seen = page.context.new_cdp_session(page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: seen.extend(event["registrations"]))
    session.send("ServiceWorker.enable")

    def deliver(data: bytes):
        number = seen[-1]["registrationId"]
        words = {"origin": origin, "registrationId": number, "data": data.decode()}
        session.send("ServiceWorker.deliverPushMessage", words)
        return page.evaluate(SHOWN, json.loads(data)["title"])

    while not seen:
        page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    yield deliver
    session.detach()


def message(url: str) -> Notification:
    """A breach as the relay hands it to the channel."""
    made = Notification(key="clock:1:c0:breach:user:4:browser")
    made.short, made.links = "ESC-07: no answer from AWS\n16:15 UTC, 속도", [("Open", url)]
    return made


def test_a_push_is_shown_and_a_click_opens_the_escalation(page, push, origin):
    sent = message(f"{origin}/e/IEM-1/escalations/7/")
    assert push(note(sent, "Subject")) == [["ESC-07: no answer from AWS", "16:15 UTC, 속도", tag(sent)]]
    # A later attempt takes the place of the first, instead of standing beside it.
    sent.short = "ESC-07: still no answer"
    assert push(note(sent, "Subject")) == [["ESC-07: still no answer", "", tag(sent)]]
    [worker] = page.context.service_workers
    assert worker.evaluate(CLICKED) == [[f"{origin}/e/IEM-1/escalations/7/"], 0]


def test_a_click_leads_nowhere_but_to_this_portal(page, push):
    push(json.dumps({"title": "ESC-08", "tag": "other", "url": "https://elsewhere.example/"}).encode())
    [worker] = page.context.service_workers
    assert worker.evaluate(CLICKED) == [[], 0]
