"""What stands inside a cell: words, a state with its shape, or the headroom bar of a quota."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from iem_portal.templatetags.portal import icon, pick, status
from workbook import types
from workbook.catalogue import Field
from workbook.formulas import OK, SHORT, Headroom, headroom
from workbook.types import Setting

# The peak is beyond the drawing.
_ARROW = SafeString(
    '<svg x="100%" width="1" height="12" overflow="visible">'
    '<path class="hb-over" d="M-9 1l5 5-5 5M-4 1l5 5-5 5"/></svg>'
)
_TONE = {OK: "ok", SHORT: "bad"}


def inside(field: Field, values: dict, setting: Setting, *, is_missing: bool) -> str:
    """The HTML of a cell's content, in the active language."""
    if field.options.get("formula") == "quota_gap":
        return _gap(field, values)
    value = values.get(field.key)
    if value is None:
        return format_html('<span class="miss">{}</span>', _("Add value")) if is_missing else SafeString("")
    text = types.show(field, value, setting)
    choice = field.choice(value) if isinstance(value, str) else None
    if choice and choice.status:
        return status(choice.status, text)
    doubt = types.doubt(field, value, setting)
    if doubt:
        sign = icon("help", "12")
        return format_html(
            '<span class="cell-v">{} <span class="dim" title="{}">{}<span class="vh">{}</span></span></span>',
            text,
            doubt,
            sign,
            doubt,
        )
    return format_html('<span class="cell-v">{}</span>', text)


def title(field: Field, subtitle: Field | None, values: dict, setting: Setting, *, is_missing: bool) -> str:
    """The content of a row's first cell: what it is about, and a smaller second line."""
    first = inside(field, values, setting, is_missing=is_missing)
    second = types.show(subtitle, values.get(subtitle.key), setting) if subtitle else ""
    return format_html('<span class="q">{}</span><span class="sub">{}</span>', first, second)


def answer_state(*, is_missing: bool, is_filled: bool, is_exempt: bool = False) -> str:
    """Whether a question is open, answered, may stay empty, or does not apply."""
    if is_exempt:
        return status("skip", _("Does not apply"))
    if is_filled:
        return status("ok", _("Answered"))
    return status("todo", pgettext("answer", "Open")) if is_missing else status("skip", _("Optional"))


def _gap(field: Field, values: dict) -> str:
    """The headroom bar with its word; the reason when it cannot be drawn."""
    bar, state = headroom(values), values.get("q_gap")
    if bar is None or state is None:
        return format_html('<span class="dim">{}</span>', _missing_word(values))
    tone = _TONE.get(state, "watch")
    return format_html(
        '<span class="hr">{}{}</span>', _bar(bar, tone), status(tone, _headroom_words(field, bar, state))
    )


def _missing_word(values: dict) -> str:
    if values.get("q_need") is None:
        return _("needs a peak")
    return _("needs a quota") if values.get("q_applied") is None else _("needs a margin")


def _headroom_words(field: Field, bar: Headroom, state: str) -> str:
    if state == SHORT:
        return _("short of %(count)s") % {"count": bar.short_of}
    return f"{pick(field.choice(state).label)}, {bar.percent_left}%"


def _bar(bar: Headroom, tone: str) -> str:
    fill = {"ok": "ink"}.get(tone, tone)
    return format_html(
        '<svg class="bar bar-12" aria-hidden="true"><rect class="f-sunken" width="80%" height="12"/>'
        '<rect class="hb-p hb-{}" width="{}%" y="3" height="6"/><rect class="hb-c" width="{}%" y="0" height="12"/>'
        '<line x1="80%" x2="80%" y1="-2" y2="14" class="k-text" stroke-width="2"/>{}</svg>',
        fill,
        bar.peak,
        bar.used,
        _ARROW if bar.is_beyond else "",
    )
