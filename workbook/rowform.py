"""Saves a row that arrives as one form: each changed field by itself, none at the cost of another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from engagements.models import Engagement
from iem_portal.numbers import whole
from workbook import types
from workbook.catalogue import Section
from workbook.cells import Conflict, InvalidValue, UnknownField, save_cell
from workbook.types import Setting


@dataclass(frozen=True)
class Answer:
    """A field as posted: its text, what stood there when the page was drawn, and its version then."""

    text: str
    was: str
    version: int


@dataclass(frozen=True)
class Refused:
    """Why a field was not saved, with the text that was typed; a conflict has the other's value."""

    text: str
    error: str = ""
    conflict: Conflict | None = None
    theirs: str = ""


def answers_of(post) -> dict[str, Answer]:
    """The posted fields by key: ``f-<key>`` the text, ``was-<key>`` and ``v-<key>`` what the page knew."""
    keys = [name.removeprefix("v-") for name in post if name.startswith("v-")]
    return {
        key: Answer(
            text=",".join(post.getlist(f"f-{key}")),
            was=post.get(f"was-{key}", ""),
            version=whole(post[f"v-{key}"]) or 0,
        )
        for key in keys
    }


def save_answers(
    engagement: Engagement, section: Section, row: str, answers: dict[str, Answer], *, by, now: datetime
) -> dict[str, Refused]:
    """Save what differs from what the page showed; the refused fields by key, with their texts.

    Raises cells.RowMissing when the row was put aside meanwhile or is another engagement's.
    """
    refused = {}
    for key, answer in answers.items():
        if _same(answer):
            continue
        outcome = _save(engagement, section, row, key, answer, by, now)
        if outcome:
            refused[key] = outcome
    return refused


def _same(answer: Answer) -> bool:
    return answer.text.replace("\r\n", "\n").strip() == answer.was.replace("\r\n", "\n").strip()


def _save(
    engagement, section: Section, row: str, key: str, answer: Answer, by, now: datetime
) -> Refused | None:
    try:
        outcome = save_cell(
            engagement=engagement,
            section=section,
            row=row,
            field=key,
            value=answer.text,
            base_version=answer.version,
            by=by,
            now=now,
        )
    except InvalidValue as error:
        return Refused(answer.text, error=str(error))
    except UnknownField:
        return Refused(
            answer.text, error=_("This value is kept elsewhere or worked out. What you typed was not saved.")
        )
    if isinstance(outcome, Conflict):
        theirs = types.show(section.field(key), outcome.theirs, Setting.bare(engagement))
        return Refused(answer.text, conflict=outcome, theirs=theirs)
    return None
