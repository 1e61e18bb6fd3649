"""Rules about templates, so that the strict content security policy never meets what it would refuse."""

import re

import pytest

from tests.house.sources import ROOT, files, place

FORBIDDEN = {
    "inline style": re.compile(r"""<[^>]*\sstyle\s*=\s*["']|<style\b"""),
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(?!\s*</script>)"),
    "inline handler": re.compile(r"""\s(?:on[a-z]+|hx-on[:\w-]*)\s*=\s*["']"""),
    "javascript: address": re.compile(r"javascript:", re.IGNORECASE),
    "data: address": re.compile(r"""(?:src|href)\s*=\s*["']data:"""),
    "escaping switched off": re.compile(r"\|\s*safe\b|\|\s*safeseq\b|{%\s*autoescape\s+off"),
    "address of another host": re.compile(r"""(?:src|<link[^>]*href)\s*=\s*["'](?:https?:)?//"""),
}

# The QR code of the second factor is markup made by allauth itself; as a data: picture the policy would refuse it.
ALLOWED = {("escaping switched off", "templates/allauth/elements/img.html")}
COMMENT = re.compile(r"{%\s*comment\b.*?{%\s*endcomment\s*%}|{#.*?#}|<!--.*?-->", re.DOTALL)


def pages():
    return [path for path in files("*.html") if path.relative_to(ROOT).parts[0] != "docs"]


def text_of(path):
    """The template without its comments, line numbers kept."""
    return COMMENT.sub(lambda match: "\n" * match.group().count("\n"), path.read_text())


@pytest.mark.parametrize("name", FORBIDDEN)
def test_no_template_has(name):
    found = [
        place(path, line=number)
        for path in pages()
        if (name, str(path.relative_to(ROOT))) not in ALLOWED
        for number, line in enumerate(text_of(path).splitlines(), start=1)
        if FORBIDDEN[name].search(line)
    ]
    assert found == []


def test_post_forms_carry_the_token():
    form = re.compile(r"<form\b[^>]*method=[\"']post[\"'].*?</form>", re.DOTALL | re.IGNORECASE)
    bare = [
        place(path, line=text[: match.start()].count("\n") + 1)
        for path in pages()
        for text in [text_of(path)]
        for match in form.finditer(text)
        if "csrf_token" not in match.group()
    ]
    assert bare == [], "without JavaScript the form itself must carry {% csrf_token %}"


def test_styles_load_nothing_from_elsewhere():
    foreign = [
        place(path, line=number)
        for path in files("static/css/*.css", "static/js/*.js")
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if re.search(
            r"@import|url\((?!['\"]?(?:\.|/static|#))|\beval\(|new Function\(|https?://(?!www\.w3\.org)", line
        )
    ]
    assert foreign == []
