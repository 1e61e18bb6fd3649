"""The columns of a runbook's sheet: how a cell is shown, and how what was typed is read. No clock, no queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from iem_portal.numbers import whole
from iem_portal.templatetags.portal import pick
from iem_portal.texts import can_be_kept
from warroom import gatebook
from warroom.links import BadLink, is_code, parse_list
from warroom.models import Runbook, Step
from warroom.runbook._base import StepError

FARTHEST_MIN, LONGEST_MIN = 60 * 24 * 120, 60 * 24 * 30
AUDIENCES = {
    "team": gettext_lazy("Event team"),
    "customer": gettext_lazy("Customer"),
    "business": gettext_lazy("Business"),
    "users": gettext_lazy("Users"),
    "aws": gettext_lazy("AWS teams"),
}
_YES, _NO = {"1", "yes", "y", "true", "on", "x", "예"}, {"", "0", "no", "n", "false", "off", "아니요"}


@dataclass(frozen=True)
class Column:
    """One column: its field, how it is typed, and how wide it is (characters)."""

    key: str
    label: str
    kind: str  # text words long choice stream gate whole yes links person instant audiences code
    width: int = 12
    choices: tuple = ()

    def options(self, runbook: Runbook) -> list[tuple[str, str]]:
        """What may be chosen, as value and word."""
        if self.kind == "stream":
            return [(stream["key"], pick(stream["label"])) for stream in runbook.streams]
        if self.kind == "gate":
            return [
                ("", "—"),
                *((key, f"{key} {pick(gatebook.gate(key)['label'])}") for key in gatebook.asked()),
            ]
        if self.kind == "yes":
            return [("", _("No")), ("1", _("Yes"))]
        return [(value, str(label)) for value, label in self.choices]


COLUMNS = (
    Column("code", gettext_lazy("Code"), "code", 9),
    Column("title", gettext_lazy("Step"), "words", 34),
    Column("stream", gettext_lazy("Stream"), "stream", 14),
    Column("kind", gettext_lazy("Kind"), "choice", 13, tuple(Step.Kind.choices)),
    Column("offset_min", gettext_lazy("Start, min from T0"), "whole", 8),
    Column("planned_min", gettext_lazy("Length, min"), "whole", 7),
    Column("predecessors", gettext_lazy("Waits for"), "links", 16),
    Column("start_rule", gettext_lazy("Starts after"), "choice", 8, tuple(Step.StartRule.choices)),
    Column("owner_name", gettext_lazy("Owner"), "person", 16),
    Column("deputy_name", pgettext_lazy("step", "Deputy"), "person", 16),
    Column("checker_name", gettext_lazy("Second pair of eyes"), "person", 16),
    Column("is_four_eyes", gettext_lazy("Four eyes"), "yes", 8),
    Column("fixed_start_at", gettext_lazy("Not before"), "instant", 16),
    Column("must_end_at", gettext_lazy("Must end by"), "instant", 16),
    Column("criterion", gettext_lazy("Done when"), "words", 28),
    Column("is_evidence_required", gettext_lazy("Evidence"), "yes", 8),
    Column("downtime", gettext_lazy("Downtime"), "choice", 14, tuple(Step.Downtime.choices)),
    Column("reversible", gettext_lazy("Reversible"), "choice", 14, tuple(Step.Reversible.choices)),
    Column("undo", gettext_lazy("Undo"), "text", 22),
    Column("risk", gettext_lazy("Risk"), "choice", 9, tuple(Step.Risk.choices)),
    Column("notify_start", gettext_lazy("Tell at the start"), "audiences", 16),
    Column("notify_end", gettext_lazy("Tell at the end"), "audiences", 16),
    Column("gate_key", gettext_lazy("Gate"), "gate", 12),
    Column("instruction", gettext_lazy("Instruction"), "long", 30),
)
BY_KEY = {column.key: column for column in COLUMNS}
_LIMITS = {"undo": 300, "words": 300, "long": 10_000, "person": 120}


@dataclass(frozen=True)
class Setting:
    """What reading a cell depends on: the runbook, the zone of the event, and who is in the team (name → id)."""

    runbook: Runbook
    zone: ZoneInfo
    people: Mapping[str, int]

    def person(self, name: str) -> int | None:
        """The account of a name as it is written in the team; None for a vendor or a team."""
        return self.people.get(name.strip().casefold())


def shown(step: Step, column: Column, zone: ZoneInfo) -> str:
    """A cell as it is typed: words in the reader's language, instants in the zone of the event."""
    value = getattr(step, column.key)
    if column.kind in ("words", "long"):
        return str(pick(value) or "") if value else ""
    if column.kind in ("links", "audiences"):
        return ", ".join(value)
    if column.kind == "yes":
        return "1" if value else ""
    if column.kind == "instant":
        return f"{value.astimezone(zone):%Y-%m-%dT%H:%M}" if value else ""
    return "" if value is None else str(value)


def parsed(column: Column, text: str, setting: Setting) -> dict:
    """The fields of the step that the typed text means; StepError with the column's key as its field."""
    text = text.strip()
    if not can_be_kept(text):
        raise StepError(_("This text cannot be kept."), column.key)
    return _PARSERS[column.kind](column, text, setting)


def _text(column: Column, text: str, setting: Setting) -> dict:
    limit = _LIMITS.get(column.key) or _LIMITS.get(column.kind, 300)
    if len(text) > limit:
        raise StepError(_("At most %(count)s characters.") % {"count": limit}, column.key)
    return {column.key: text}


def _words(column: Column, text: str, setting: Setting) -> dict:
    """Words that people write themselves are the same in both languages."""
    if column.key == "title" and not text:
        raise StepError(_("Say what is done."), column.key)
    _text(column, text, setting)
    return {column.key: {"en": text, "ko": text} if text else {}}


def _code(column: Column, text: str, setting: Setting) -> dict:
    if not is_code(text):
        raise StepError(_("A code is letters, digits, hyphens and dots, 20 at most."), column.key)
    return {column.key: text.upper()}


def _choice(column: Column, text: str, setting: Setting) -> dict:
    """A value, or its word in the reader's language: files are written by people."""
    options = column.options(setting.runbook)
    for value, label in options:
        if text.casefold() in (value.casefold(), str(label).casefold()):
            return {column.key: value}
    raise StepError(_("Choose one of the list."), column.key)


def _yes(column: Column, text: str, setting: Setting) -> dict:
    if text.casefold() in _YES or text == _("Yes"):
        return {column.key: True}
    if text.casefold() in _NO or text == _("No"):
        return {column.key: False}
    raise StepError(_("Write yes or no."), column.key)


def _whole(column: Column, text: str, setting: Setting) -> dict:
    sign = -1 if text[:1] in ("-", "−") else 1
    number = whole(text.lstrip("+-−").strip())
    number = None if number is None else sign * number
    low, high = (0, LONGEST_MIN) if column.key == "planned_min" else (-FARTHEST_MIN, FARTHEST_MIN)
    if number is None or not low <= number <= high:
        raise StepError(
            _("A whole number of minutes, %(low)s to %(high)s.") % {"low": low, "high": high}, column.key
        )
    return {column.key: number}


def _links(column: Column, text: str, setting: Setting) -> dict:
    try:
        found = parse_list(text)
    except BadLink as error:
        words = {"text": str(error)[:40]}
        raise StepError(
            _("“%(text)s” names no step. Write DB-03, DB-03 +10 or DB-03 SS+5.") % words, column.key
        ) from None
    if len(found) > 50:
        raise StepError(_("At most %(count)s.") % {"count": 50}, column.key)
    return {column.key: found}


def _person(column: Column, text: str, setting: Setting) -> dict:
    _text(column, text, setting)
    return {column.key: text, column.key.replace("_name", "_id"): setting.person(text) if text else None}


def _instant(column: Column, text: str, setting: Setting) -> dict:
    if not text:
        return {column.key: None}
    try:
        typed = datetime.fromisoformat(text.replace(" ", "T", 1))
        at = typed if typed.tzinfo else typed.replace(tzinfo=setting.zone)
        is_near = abs(at - setting.runbook.t0) < timedelta(days=365)
    except (ValueError, OverflowError):
        is_near = False
    if not is_near:
        raise StepError(_("Enter a date and time, such as 2026-11-28 23:00."), column.key)
    return {column.key: at}


def _audiences(column: Column, text: str, setting: Setting) -> dict:
    by_word = {str(label).casefold(): key for key, label in AUDIENCES.items()} | {
        key: key for key in AUDIENCES
    }
    wanted = [part.strip().casefold() for part in text.split(",") if part.strip()]
    if any(part not in by_word for part in wanted):
        names = ", ".join(AUDIENCES)
        raise StepError(_("Write some of these, with commas: %(names)s.") % {"names": names}, column.key)
    return {column.key: list(dict.fromkeys(by_word[part] for part in wanted))}


_PARSERS = {
    "text": _text,
    "words": _words,
    "long": _words,
    "code": _code,
    "choice": _choice,
    "stream": _choice,
    "gate": _choice,
    "whole": _whole,
    "yes": _yes,
    "links": _links,
    "person": _person,
    "instant": _instant,
    "audiences": _audiences,
}
