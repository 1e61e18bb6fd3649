"""One engagement from the first call to the printed report, through all roles, in a real browser on the real portal."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pypdf
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.stack import PATIENCE_S, sign_in, wait_for

pytestmark = pytest.mark.journey
SEOUL = ZoneInfo("Asia/Seoul")
NAME = "Exam registration cutover"


def test_from_the_first_call_to_the_printed_report(stack, browser):
    tam = sign_in(browser, stack, "Seo Yuna", locale="en-GB")
    reference = open_engagement(tam)
    customer = sign_in(browser, stack, "Baek Jihun", locale="ko-KR")
    answer_in_the_workbook(customer, reference)
    start_phase(tam, reference, "Plan")
    start_phase(tam, reference, "Execute", reason="The window cannot move.")
    run_a_step_that_others_see(tam, customer, browser, stack, reference)
    breach_is_recorded_once_whatever_is_killed(stack, tam, customer, reference)
    answer_and_resolve(tam, reference)
    tell_everyone(tam, customer, reference)
    measure_and_review(tam, reference)
    print_as_manager(browser, stack, reference)
    nothing_for_a_rival(browser, stack, reference)


def open_engagement(page: Page) -> str:
    """The TAM fills the form; a late request is warned about, not refused."""
    start = datetime.now(SEOUL).replace(second=0, microsecond=0) - timedelta(minutes=5)
    page.goto("/engagements/new/")
    page.locator("[name=customer]").select_option(label="Garamsoop Learning")
    page.locator("[name=name]").fill(NAME)
    page.locator("[name=event_type][value=MIG]").check(force=True)
    page.locator("[name=starts_at]").fill(start.strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=ends_at]").fill((start + timedelta(hours=6)).strftime("%Y-%m-%dT%H:%M"))
    page.locator("[name=support_plan][value=enterprise]").check(force=True)
    page.locator("[name=entitlement]").select_option("included")
    page.locator("[name=regions][value=ap-northeast-2]").check(force=True)
    page.locator("[name=business_goals]").fill("Open registration on Monday.")
    page.locator("[name=accounts-0-account_id]").fill("111122223333")
    page.locator("[name=criteria-0-name]").fill("Portal response p95")
    page.locator("[name=criteria-0-target]").fill("600")
    page.locator("[name=criteria-0-unit]").fill("ms")
    member(page, 0, "customer@demo.example", "customer_lead")
    member(page, 1, "warroom@demo.example", "support_engineer")
    page.get_by_role("button", name="Open engagement").last.click()
    page.wait_for_url(re.compile(r"/e/IEM-\d+/"))
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    expect(page.locator("main")).to_contain_text(re.compile("late request", re.IGNORECASE))
    return re.search(r"/e/(IEM-\d+)/", page.url).group(1)


def member(page: Page, number: int, email: str, role: str) -> None:
    """Name one person of the team."""
    page.locator(f"[name=team-{number}-email]").fill(email)
    page.locator(f"[name=team-{number}-role]").select_option(role)


def answer_in_the_workbook(page: Page, reference: str) -> None:
    """The customer writes, in Korean; the words are there after a reload."""
    page.goto(f"/e/{reference}/workbook/WB01/")
    box = page.locator("textarea").first
    box.fill("수강 신청 시스템을 AWS로 옮깁니다.")
    box.blur()
    expect(page.locator("main")).to_contain_text("저장")
    page.reload()
    expect(page.locator("textarea").first).to_have_value("수강 신청 시스템을 AWS로 옮깁니다.")


def start_phase(page: Page, reference: str, phase: str, reason: str = "") -> None:
    """Go on to a phase; while conditions are open that wants a reason, and the page keeps it."""
    page.goto(f"/e/{reference}/phase/")
    if reason:
        page.locator("textarea[name=reason]").fill(reason)
        page.get_by_role("button", name=f"Start {phase} against the gate").click()
        expect(page.locator("main")).to_contain_text(reason)
    else:
        page.get_by_role("button", name=f"Start {phase}", exact=True).click()
    expect(page.locator(".eng-meta")).to_contain_text(phase)


def run_a_step_that_others_see(tam: Page, customer: Page, browser, stack, reference: str) -> None:
    """The runbook is made, the war room starts a step, and the customer sees it without a reload."""
    tam.goto(f"/e/{reference}/runbook/")
    tam.get_by_role("button", name=re.compile("from template", re.IGNORECASE)).first.click()
    expect(tam.locator("main")).to_contain_text("PRE-01")
    customer.goto(f"/e/{reference}/board/")
    expect(customer.locator("[data-live-state=live]").first).to_be_attached()
    warroom = sign_in(browser, stack, "Priya Raman", locale="en-GB")
    warroom.goto(f"/e/{reference}/board/")
    warroom.locator("#tile-step").get_by_role("button", name=re.compile("^Start")).first.click()
    expect(customer.locator("#tile-step")).to_contain_text("PRE-01")
    expect(warroom.locator("#tile-step").get_by_role("button", name="Mark done")).to_be_visible()
    expect(customer.locator("#tile-step dl")).to_be_visible()


def breach_is_recorded_once_whatever_is_killed(stack, tam: Page, customer: Page, reference: str) -> None:
    """A critical case of almost 15 minutes ago; web and worker are killed; the breach comes once, and one mail each."""
    opened = datetime.now(SEOUL) - timedelta(minutes=14, seconds=45)
    customer.goto(f"/e/{reference}/escalations/new/")
    customer.locator("[name=title]").fill("Registration stands still")
    customer.locator("[name=severity][value=critical]").check()
    customer.locator("[name=detected_at]").fill(opened.strftime("%Y-%m-%dT%H:%M:%S"))
    customer.locator(".esc-case summary").click()
    customer.locator("[name=case_id]").fill("7741 9000")
    customer.locator("[name=case_at]").fill(opened.strftime("%Y-%m-%dT%H:%M:%S"))
    customer.locator("[name=case_reason]").fill("전화로 먼저 열었습니다.")
    customer.locator("form button.btn-1").last.click()
    customer.wait_for_url(re.compile(rf"/e/{reference}/escalations/1/"))
    stack.kill("web", "worker")
    stack.wait_until_up()
    wait_for(lambda: breach_mails(stack, reference) >= 1, PATIENCE_S, "the breach is told")
    tam.goto(f"/e/{reference}/escalations/1/")
    expect(tam.locator("#esc-state")).to_contain_text("Breached")
    due = (opened + timedelta(minutes=15)).strftime("%H:%M")
    expect(tam.locator("#esc-state")).to_contain_text(f"{due} KST")
    tam.goto(f"/e/{reference}/timeline/")
    assert tam.locator("main").inner_text().count("ESC-01") >= 2
    assert breach_mails(stack, reference) == 1
    identities = re.findall(r"^Message-ID: (.+)$", "\n".join(stack.mails()), re.MULTILINE)
    assert len(identities) == len(set(identities))


def breach_mails(stack, reference: str) -> int:
    """How many mails told the TAM of this breach."""
    told = "no answer from AWS by the deadline: Registration stands still"
    return sum(all(words in mail for words in (told, reference, "To: tam@")) for mail in stack.mails())


def answer_and_resolve(page: Page, reference: str) -> None:
    """The TAM notes the answer by phone and the end."""
    page.goto(f"/e/{reference}/escalations/1/")
    page.locator("#act-answer summary").click()
    page.locator("[name=answer-how]").select_option("call")
    page.locator("#act-answer button[type=submit]").click()
    expect(page.locator("#esc-state")).to_contain_text("Breached")
    page.locator("#act-resolve summary").click()
    page.locator("[name=resolve-resolution]").fill("Connection pool enlarged.")
    page.locator("#act-resolve button[type=submit]").click()
    expect(page.locator("#esc-state")).to_contain_text("Resolved")


def tell_everyone(tam: Page, customer: Page, reference: str) -> None:
    """A status update reaches the customer's board by itself."""
    customer.goto(f"/e/{reference}/board/")
    expect(customer.locator("[data-live-state=live]").first).to_be_attached()
    tam.goto(f"/e/{reference}/board/")
    tam.locator("textarea[name=text]").first.fill("Registration runs again since the pool was enlarged.")
    tam.get_by_role("button", name=re.compile("Send update")).click()
    expect(customer.locator("#tile-timeline, #tile-update").first).to_be_attached()
    expect(customer.locator("body")).to_contain_text("Registration runs again")


def measure_and_review(page: Page, reference: str) -> None:
    """The last gate, the measured value and the verdict."""
    start_phase(page, reference, "Review", reason="Steps of the rehearsal stay open.")
    page.goto(f"/e/{reference}/report/")
    page.locator(".rp-measure [name$=actual]").first.fill("431")
    page.locator(".rp-measure button").first.click()
    expect(page.locator("#s1")).to_contain_text("431 ms")
    expect(page.locator(".rp-v")).to_contain_text("Success with issues")


def print_as_manager(browser, stack, reference: str) -> None:
    """The manager prints the report: A4 pages with the criteria, the clock and the runbook."""
    page = sign_in(browser, stack, "Mina Cho", locale="en-GB")
    page.goto(f"/e/{reference}/report/")
    document = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = "\n".join(sheet.extract_text() for sheet in document.pages)
    assert round(float(document.pages[0].mediabox.width)) in range(594, 597)
    assert len(document.pages) >= 2
    for word in (NAME, "431 ms", "ESC-01", "Breached", "PRE-01", "Registration stands still"):
        assert word in text
    assert "Edit the report" not in text


def nothing_for_a_rival(browser, stack, reference: str) -> None:
    """Another customer's person finds no page, no stream, no data and no name of it."""
    page = sign_in(browser, stack, "Han Doyun", locale="ko-KR")
    for path in ("", "workbook/", "board/", "runbook/", "escalations/", "escalations/1/", "report/", "team/"):
        assert page.goto(f"/e/{reference}/{path}").status == 404
    assert page.request.get(f"/api/v1/engagements/{reference}/").status == 404
    assert NAME not in page.goto("/").text()
    assert NAME not in page.goto("/reports/").text()
    assert page.goto("/escalations/").status == 200
    assert "Registration stands still" not in page.content()
