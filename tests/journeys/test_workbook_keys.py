"""The sheet by keyboard and clipboard: blocks, fill down, undo, paste with a preview, rows, formulas as one types."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.stack import PATIENCE_MS, sign_in
from tests.journeys.test_pages import AXE, EVERY_RULE, RUN_AXE

pytestmark = [pytest.mark.journey, pytest.mark.once]
SHEET = "/e/IEM-2611/workbook/wb08/"
QUESTIONS = "/e/IEM-2611/workbook/wb01/"
VECTORS = Path(__file__).resolve().parents[1] / "workbook/formula_vectors.json"
PASTE = """([text, html]) => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  if (html) data.setData('text/html', html);
  const words = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', words));
}"""
COPY = """() => {
  const data = new DataTransfer();
  const words = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent('copy', words));
  return [data.getData('text/plain'), data.getData('text/html')];
}"""

#: Two rows of two cells as Excel puts them on the clipboard: twice, with line ends within a cell, and not all fits.
EXCEL_TEXT = '617\t"결제는 됩니다.\n쿠폰은 ""잠시"" 없습니다."\r\n아마 십 분\t읽기만 됩니다.\r\n'
EXCEL_HTML = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<meta name=Generator content="Microsoft Excel 15"><style>td {mso-number-format:General; white-space:normal;}
br {mso-data-placement:same-cell;}</style></head><body><table border=0 cellpadding=0 cellspacing=0><!--StartFragment-->
 <col width=72><col width=240>
 <tr height=40><td height=40 align=right width=72>617</td><td class=xl65 width=240>결제는 됩니다.<br>
    쿠폰은 "잠시" 없습니다.</td></tr>
 <tr height=20><td height=20>아마 십 분</td><td>읽기만 됩니다.</td></tr>
<!--EndFragment--></table></body></html>"""
WRITE = """([text, html]) => navigator.clipboard.write([new ClipboardItem({
  'text/plain': new Blob([text], {type: 'text/plain'}), 'text/html': new Blob([html], {type: 'text/html'}),
})])"""
THERE_AND_BACK = """async (lines) => {
  const { asHtml, parseHtml } = await import('/static/js/workbook/clipboard.js');
  return parseHtml(asHtml(lines));
}"""
READ = """async () => {
  const [item] = await navigator.clipboard.read();
  return Promise.all(['text/plain', 'text/html'].map(async (kind) => (await item.getType(kind)).text()));
}"""


@pytest.fixture(scope="module")
def page(stack, browser):
    """The TAM on the quota sheet: one page for all tests of this file."""
    # Without motion: a colour that is still on its way to another has a contrast that nobody meant.
    page = sign_in(
        browser, stack, "Seo Yuna", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    page.set_default_timeout(PATIENCE_MS)
    page.goto(SHEET)
    expect(page.locator("html.has-script")).to_be_attached()
    yield page
    page.context.close()


def cell(page, row: int, field: str = "q_need"):
    """A cell of the sheet; rows are counted from 0."""
    return page.locator("tr[data-row]").nth(row).locator(f"[data-field={field}]")


def answer_lost(route) -> None:
    """The server does what it is asked for, and the page never hears of it."""
    route.fetch()
    route.abort()


def saved(page) -> None:
    """Until nothing waits any more; the line at the foot may still speak of the save before."""
    expect(page.locator("#wb [data-pending]")).to_have_count(0)
    expect(page.locator("#wb-save")).to_contain_text("All saved")


def put(page, row: int, text: str) -> None:
    """Type a peak forecast and wait until it is saved."""
    cell(page, row).focus()
    page.keyboard.type(text)
    page.keyboard.press("Enter")
    expect(cell(page, row)).to_have_attribute("data-edit", text)
    expect(cell(page, row)).not_to_have_attribute("data-pending", re.compile(""))


def faults(page) -> list:
    """What axe finds on the page as it stands."""
    page.evaluate(AXE)
    return [fault["id"] for fault in page.evaluate(RUN_AXE, EVERY_RULE)]


def test_the_formulas_of_the_page_say_what_their_examples_say(page):
    vectors = json.loads(VECTORS.read_text())["formulas"]
    results = page.evaluate(
        "async (vectors) => { const { FORMULAS } = await import('/static/js/workbook/formulas.js');"
        " return vectors.map(({ formula, values }) => FORMULAS[formula](values)); }",
        vectors,
    )
    assert results == [vector["result"] for vector in vectors]


def test_a_formula_is_worked_out_while_one_types(page):
    cell(page, 3).focus()
    page.keyboard.type("1200")
    expect(cell(page, 3, "q_gap")).to_contain_text("short of 200")
    page.keyboard.press("Escape")
    expect(cell(page, 3, "q_gap")).to_contain_text("Enough")


def test_a_block_is_filled_down_undone_and_done_again(page):
    put(page, 1, str(int(cell(page, 1).get_attribute("data-edit")) + 1))
    text = cell(page, 1).get_attribute("data-edit")
    before = [cell(page, row).get_attribute("data-edit") for row in (2, 3)]
    cell(page, 1).focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator(".is-sel")).to_have_count(3)
    page.keyboard.press("ControlOrMeta+D")
    for row in (2, 3):
        expect(cell(page, row)).to_have_attribute("data-edit", text)
    page.keyboard.press("ControlOrMeta+Z")
    for row, old in zip((2, 3), before, strict=True):
        expect(cell(page, row)).to_have_attribute("data-edit", old)
    page.keyboard.press("ControlOrMeta+Shift+Z")
    expect(cell(page, 3)).to_have_attribute("data-edit", text)
    page.keyboard.press("ControlOrMeta+Z")
    saved(page)
    page.reload()
    expect(page.locator("html.has-script")).to_be_attached()
    cell(page, 1).focus()
    page.keyboard.press("ControlOrMeta+Z")
    expect(cell(page, 1)).to_have_attribute("data-edit", str(int(text) - 1))
    saved(page)


def test_a_paste_is_shown_before_it_is_taken_and_what_does_not_fit_stays_to_be_copied(page):
    need, quota, other = (
        int(cell(page, row, field).get_attribute("data-edit")) + 1
        for row, field in ((0, "q_need"), (0, "q_applied"), (1, "q_applied"))
    )
    first = f"<tr><td>{need}</td><td>{quota:,}</td></tr>"
    html = f"<table>{first}<tr><td>rather<br>many</td><td>&#160;{other}</td></tr></table>"
    cell(page, 0).focus()
    page.evaluate(PASTE, ["ignored", html])
    dialog = page.locator("#wb-paste")
    expect(dialog).to_contain_text("3 cells change")
    expect(dialog).to_contain_text("Write a number only")
    assert faults(page) == []
    assert cell(page, 0).get_attribute("data-edit") == str(need - 1)
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-refused] [data-value]")).to_contain_text("many")
    expect(cell(page, 0)).to_have_attribute("data-edit", str(need))
    dialog.locator("[data-cancel]").click()
    expect(cell(page, 0)).to_be_focused()
    page.keyboard.press("Alt+KeyH")
    expect(page.locator("#wb-history")).to_contain_text("pasted")


def test_what_is_copied_can_be_pasted_below_as_new_rows(page):
    count = page.locator("tr[data-row]").count()
    cell(page, 0, "q_name").focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    text, html = page.evaluate(COPY)
    assert "<table" in html
    page.locator("[data-paste-into]").click()
    page.locator("#wb-paste-text").fill(text)
    page.locator("#wb-paste [data-read]").click()
    expect(page.locator("#wb-paste")).to_contain_text("2 rows are added")
    # The rows are added, but the answer never arrives: sent again, they are not added twice.
    page.route("**/tables/quotas/cells/**", answer_lost, times=1)
    page.locator("#wb-paste [data-take]").click()
    page.locator("#wb-paste [data-retry]").click()
    expect(page.locator("tr[data-row]")).to_have_count(count + 2)
    expect(cell(page, count, "q_name")).to_contain_text(text.split("\t")[0])
    page.locator("#wb-notice button").click()
    expect(page.locator("tr[data-row]")).to_have_count(count)


def test_keys_alone_add_fill_move_and_delete_a_row(page):
    count = page.locator("tr[data-row]").count()
    page.locator("form[data-add-row] button").focus()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(count + 1)
    expect(cell(page, count, "q_name")).to_be_focused()
    page.keyboard.type("Streams")
    page.keyboard.press("Tab")
    page.keyboard.type("us-east-1")
    page.keyboard.press("Tab")
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    saved(page)
    expect(page.locator("#wb-say")).to_contain_text(re.compile("saved", re.IGNORECASE))
    cell(page, count).focus()
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect(cell(page, count - 1, "q_name")).to_contain_text("Streams")
    expect(cell(page, count - 1)).to_be_focused()
    page.keyboard.press("Shift+F10")
    expect(page.locator("#row-menu a")).to_be_focused()
    assert faults(page) == []
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-row]")).to_have_count(count)
    page.keyboard.press("ControlOrMeta+Z")
    expect(cell(page, count - 1, "q_name")).to_contain_text("Streams")


def test_what_somebody_changed_since_is_not_undone_and_that_is_said(page, stack, browser):
    put(page, 2, str(int(cell(page, 2).get_attribute("data-edit")) + 1))
    other = sign_in(browser, stack, "Baek Jihun")
    row = page.locator("tr[data-row]").nth(2).get_attribute("data-row")
    version = cell(page, 2).get_attribute("data-version")
    other.goto(SHEET)
    form = {"row": row, "field": "q_need", "value": f"7{version}", "base_version": version}
    token = next(each["value"] for each in other.context.cookies() if each["name"] == "csrftoken")
    answer = other.request.post(f"{SHEET}cells/", form=form, headers={"X-CSRFToken": token})
    other.context.close()
    assert answer.status == 200
    expect(cell(page, 2)).to_have_attribute("data-edit", f"7{version}")
    cell(page, 2).focus()
    page.keyboard.press("ControlOrMeta+Z")
    expect(page.locator("#wb-notice")).to_contain_text("Not undone")
    expect(cell(page, 2)).to_have_attribute("data-edit", f"7{version}")


def test_a_browser_that_keeps_nothing_is_said(page):
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new DOMException('full'); }; }")
    page.route("**/cells/**", lambda route: route.abort())
    other = int(cell(page, 4).get_attribute("data-edit")) + 1
    cell(page, 4).focus()
    page.keyboard.type(str(other))
    page.keyboard.press("Enter")
    expect(page.locator("#wb-save")).to_contain_text("This browser keeps nothing")
    page.unroute("**/cells/**")
    page.evaluate("dispatchEvent(new Event('online'))")
    saved(page)


def test_questions_lead_to_the_next_one_by_keyboard(page):
    page.goto(QUESTIONS)
    expect(page.locator("html.has-script")).to_be_attached()
    expect(page.locator("[data-progress]")).to_contain_text("answered")
    box = page.locator("form.qs [data-field=ev_compliance] [data-editor]")
    box.fill(f"{box.input_value()} Card data stays in Seoul.")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator("form.qs [data-field=ev_last_wafr] [data-editor]")).to_be_focused()
    expect(page.locator("#c-form-ev_compliance")).to_have_attribute(
        "data-edit", re.compile("Card data stays in Seoul")
    )


def test_several_names_are_picked_from_a_list_by_keyboard(page):
    page.goto("/e/IEM-2611/workbook/wb05/?columns=all")
    expect(page.locator("html.has-script")).to_be_attached()
    names = cell(page, 5, "mo_upstream")
    names.focus()
    page.keyboard.press("Enter")
    options = page.locator("#wb-picker [role=option]")
    page.keyboard.type("pay")
    expect(options).to_have_count(1)
    page.keyboard.press("Enter")
    expect(options.filter(has_text="Payment")).to_have_attribute("aria-selected", "true")
    page.keyboard.type("ed")
    expect(options).to_have_text(["Edge"])
    page.keyboard.press("Enter")
    expect(page.locator("#wb-say")).to_contain_text("Chosen: Edge")
    page.keyboard.press("Tab")
    expect(names).to_have_attribute("data-edit", "Payment, Edge")
    expect(page.locator("#wb-picker")).to_be_hidden()


def test_what_excel_copies_goes_in_and_out_through_the_clipboard_of_the_browser(page):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/e/IEM-2611/workbook/wb05/?columns=all")
    expect(page.locator("html.has-script")).to_be_attached()
    dialog, words = page.locator("#wb-paste"), '결제는 됩니다.\n쿠폰은 "잠시" 없습니다.'
    page.evaluate(WRITE, [EXCEL_TEXT, EXCEL_HTML])
    cell(page, 1, "mo_rpo").focus()
    page.keyboard.press("ControlOrMeta+V")
    expect(dialog).to_contain_text("3 cells change")
    expect(dialog).to_contain_text("1 does not fit")
    expect(cell(page, 1, "mo_rpo")).not_to_have_attribute("data-edit", "617")
    page.keyboard.press("Enter")
    expect(dialog.locator("[data-refused] [data-value]")).to_have_text("아마 십 분")
    expect(cell(page, 1, "mo_rpo")).to_have_attribute("data-edit", "617")
    expect(cell(page, 1, "mo_degraded")).to_have_attribute("data-edit", words)
    expect(cell(page, 2, "mo_degraded")).to_have_attribute("data-edit", "읽기만 됩니다.")
    page.keyboard.press("Escape")
    cell(page, 1, "mo_rpo").focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ControlOrMeta+C")
    expect(page.locator("#wb-notice")).to_contain_text("Cells copied: 2")
    text, html = page.evaluate(READ)
    assert text == '617\t"결제는 됩니다.\n쿠폰은 ""잠시"" 없습니다."'
    assert "<table" in html and "결제는 됩니다.<br>쿠폰은" in html
    # Spaces in a row survive HTML, of which ours is made.
    lines = [["a  b   c", "=1"], ["two\nlines", ""]]
    assert page.evaluate(THERE_AND_BACK, lines) == lines
    # A text alone, as other programs give it.
    page.evaluate("(text) => navigator.clipboard.writeText(text)", text.replace("617", "618"))
    cell(page, 3, "mo_rpo").focus()
    page.keyboard.press("ControlOrMeta+V")
    expect(dialog).to_contain_text("2 cells change")
    page.keyboard.press("Enter")
    expect(cell(page, 3, "mo_rpo")).to_have_attribute("data-edit", "618")
    expect(cell(page, 3, "mo_degraded")).to_have_attribute("data-edit", words)
    saved(page)
