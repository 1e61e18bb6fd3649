"""Every page of the running portal: no accessibility fault, no refused resource, nothing wider than the screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.stack import PATIENCE_MS, sign_in

pytestmark = [pytest.mark.journey, pytest.mark.once]
AXE = (Path(__file__).resolve().parents[1] / "vendor/axe/axe.min.js").read_text()
EVERY_RULE = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
# What another theme, screen or language can change; the elements are the same as in the look that is asked everything.
OF_THE_LOOK = {
    "type": "rule",
    "values": [
        "color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "html-has-lang",
        "html-lang-valid", "aria-hidden-focus", "meta-viewport",
    ],
}  # fmt: skip
RUN_AXE = """rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})
  .then(found => found.violations)"""
CUTOVER, RUSH, NOWHERE = "/e/IEM-2611", "/e/IEM-2612", "/e/IEM-9999/"
PAGES = [
    "/", "/engagements/new/", "/escalations/", "/reports/", "/profile/",
    f"{CUTOVER}/", f"{RUSH}/", f"{CUTOVER}/edit/", f"{CUTOVER}/window/", f"{CUTOVER}/milestones/",
    f"{RUSH}/phase/", f"{CUTOVER}/timeline/", f"{CUTOVER}/team/", f"{CUTOVER}/criteria/",
    f"{CUTOVER}/workbook/", f"{CUTOVER}/workbook/WB01/", f"{CUTOVER}/workbook/WB02/",
    f"{CUTOVER}/workbook/WB08/", f"{CUTOVER}/workbook/WB12/",
    f"{CUTOVER}/workbook/open-items/", f"{CUTOVER}/workbook/WB08/cell/", f"{CUTOVER}/workbook/WB08/state/",
    f"{CUTOVER}/workbook/newer/", f"{CUTOVER}/workbook/WB11/", f"{CUTOVER}/workbook/WB13/", f"{CUTOVER}/workbook/WB21/",
    f"{CUTOVER}/workbook/readiness/", f"{CUTOVER}/workbook/readiness/missing/", f"{CUTOVER}/workbook/freezes/",
    f"{CUTOVER}/workbook/import/", f"{CUTOVER}/workbook/tailor/", f"{CUTOVER}/workbook/WB08/suggestions/",
    f"{CUTOVER}/workbook/WB08/guests/",
    f"{CUTOVER}/board/", f"{CUTOVER}/runbook/", f"{RUSH}/board/",
    f"{CUTOVER}/escalations/", f"{CUTOVER}/escalations/new/", f"{CUTOVER}/escalations/1/",
    f"{CUTOVER}/escalations/2/", f"{CUTOVER}/report/", NOWHERE,
    "/profile/contacts/", f"{CUTOVER}/hooks/", "/escalations/attainment/", "/escalations/engine/",
    f"{CUTOVER}/escalations/ladder/", f"{CUTOVER}/escalations/ladder/edit/", f"{CUTOVER}/escalations/drills/",
    f"{CUTOVER}/runbook/1/", f"{CUTOVER}/runbook/1/sheet/", f"{CUTOVER}/runbook/1/chart/",
    f"{CUTOVER}/runbook/1/nodes/", f"{CUTOVER}/runbook/1/log/", f"{CUTOVER}/runbook/1/gates/G3/",
    f"{CUTOVER}/runbook/1/rehearsal/", f"{CUTOVER}/replay/", f"{CUTOVER}/people/", f"{CUTOVER}/gamedays/",
    f"{CUTOVER}/board/metrics/", f"{CUTOVER}/board/more/",
]  # fmt: skip
OUTSIDE = ["/accounts/login/", "/demo/mail/", "/accounts/password/reset/"]
LOOKS = {
    "english, light, desk": {
        "language": "en",
        "color_scheme": "light",
        "viewport": {"width": 1440, "height": 900},
        "rules": EVERY_RULE,
    },
    "korean, dark, phone": {
        "language": "ko",
        "color_scheme": "dark",
        "viewport": {"width": 390, "height": 844},
        "rules": OF_THE_LOOK,
    },
}


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_is_sound(stack, browser, look):
    context = dict(LOOKS[look])
    language, rules = context.pop("language"), context.pop("rules")
    page = sign_in(browser, stack, "Seo Yuna", **context)
    speak(page, language)
    stranger = browser.new_context(base_url=stack.url, locale=f"{language}-KR", **context).new_page()
    stranger.set_default_timeout(PATIENCE_MS)
    faults = [fault for path in PAGES for fault in look_at(page, path, language, rules)]
    faults += [fault for path in OUTSIDE for fault in look_at(stranger, path, language, rules)]
    speak(page, "en")
    assert not faults, "\n".join(faults)


def speak(page, language: str) -> None:
    """Set the person's language in the profile."""
    page.goto("/profile/")
    page.locator("select[name=language]").select_option(language)
    page.locator("main form button.btn-1").first.click()
    page.wait_for_selector(f"html[lang={language}]", state="attached")


def look_at(page, path: str, language: str, rules: dict) -> list[str]:
    """What is wrong with one page."""
    problems: list[str] = []

    def listen(message):
        if message.type == "error" and "404" not in message.text:
            problems.append(f"{path}: console says {message.text}")

    page.on("console", listen)
    answer = page.goto(path)
    if (answer.status == 200) is path.endswith(NOWHERE):
        problems.append(f"{path}: answered {answer.status}")
    width = page.viewport_size["width"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        problems.append(f"{path}: {wide} px wide on a screen of {width}")
    if page.locator("html").get_attribute("lang") != language:
        problems.append(f"{path}: speaks another language")
    page.evaluate(AXE)
    violations = page.evaluate(RUN_AXE, rules)
    page.remove_listener("console", listen)
    for fault in violations:
        where = "; ".join(str(node["target"]) for node in fault["nodes"][:3])
        problems.append(f"{path}: {fault['id']} ({fault['impact']}): {where}")
    return problems
