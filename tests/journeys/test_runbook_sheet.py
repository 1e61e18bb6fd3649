"""The sheet of a runbook keeps what is typed while answers are on their way, and when none comes."""

from pathlib import Path

import pytest

pytestmark = pytest.mark.journey
SCRIPT = Path("static/js/runbook-sheet.js").read_text(encoding="utf-8")


def row(**words) -> str:
    cells = "".join(
        f'<td><input class="cell" name="{name}" value="{text}"></td>' for name, text in words.items()
    )
    version = '<input type="hidden" name="version" value="1">'
    return f'<tr data-pk="7" data-url="/cell/"><th>{version}</th>{cells}</tr>'


def page_of(body: str) -> str:
    words = 'data-csrf="x" data-saved="Saved" data-saving="Saving" data-failed="Not saved"'
    table = f'<table id="rb-sheet" {words}><tbody>{body}</tbody></table>'
    return f'<p id="sheet-save"></p>{table}<button>Elsewhere</button><script src="/sheet.js"></script>'


@pytest.fixture
def sheet(browser):
    """A sheet of one row; `sheet.answers` says what becomes of each save in turn: a row, or None for no answer."""
    page = browser.new_page()
    page.answers, page.sent, page.held = [], [], []
    page.route("**/sheet.js", lambda route: route.fulfill(body=SCRIPT, content_type="text/javascript"))
    page.route(
        "http://sheet.test/",
        lambda route: route.fulfill(body=page_of(row(title="a", owner="b")), content_type="text/html"),
    )
    page.route("**/cell/", lambda route: (page.sent.append(route.request.post_data), page.held.append(route)))
    page.goto("http://sheet.test/")
    yield page
    page.close(run_before_unload=False)


def answer(page, body: str | None) -> None:
    """Answer the oldest save; None: the network is gone."""
    while not page.held:
        page.wait_for_timeout(20)
    route = page.held.pop(0)
    if body is None:
        route.abort()
    else:
        route.fulfill(body=body, content_type="text/html")
    page.wait_for_timeout(50)


def value(page, name: str) -> str:
    return page.input_value(f".cell[name={name}]")


def test_what_is_typed_on_in_a_cell_while_it_is_saved_stays_and_is_saved_next(sheet):
    sheet.fill("[name=title]", "one")
    sheet.focus("[name=owner]")
    sheet.fill("[name=title]", "one two")
    answer(sheet, row(title="one", owner="b"))
    assert value(sheet, "title") == "one two"
    sheet.focus("button")
    answer(sheet, row(title="one two", owner="b"))
    assert (value(sheet, "title"), len(sheet.sent)) == ("one two", 2)


def test_a_text_that_no_answer_came_for_stays_and_is_sent_again(sheet):
    sheet.fill("[name=title]", "one")
    sheet.fill("[name=owner]", "Kim")
    sheet.focus("button")
    answer(sheet, row(title="one", owner="b"))
    assert value(sheet, "owner") == "Kim"
    answer(sheet, None)
    assert (value(sheet, "owner"), sheet.text_content("#sheet-save")) == ("Kim", "Not saved")
    sheet.focus("[name=owner]")
    sheet.focus("button")
    answer(sheet, row(title="one", owner="Kim"))
    assert "owner=Kim" in sheet.sent[-1] and len(sheet.sent) == 3
