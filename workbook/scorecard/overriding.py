"""Sets a person's colour above that of the rules, and takes it back; both stay on record."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.errors import Conflict, InvalidValue, Refused
from engagements.models import Engagement
from engagements.phases import in_every_language
from iem_portal.texts import can_be_kept
from workbook.models import Override
from workbook.readiness import outline
from workbook.scorecard import board, words
from workbook.scorecard.facts import GREY

MAX_REASON, MIN_REASON = 1000, 10


def override(*, engagement: Engagement, line: str, colour: str, reason: str, by, now: datetime) -> Override:
    """Give a line a colour with a reason, in place of an earlier override.

    Raises Refused for a line that is not there, InvalidValue on "colour" or "reason", and Conflict when
    somebody overrode the line at the same instant.
    """
    errors = {}
    if line not in words.LINES:
        raise Refused(line)
    if colour not in words.COLOURS or colour == GREY:
        errors["colour"] = _("Choose one of the list.")
    if problem := _problem(reason):
        errors["reason"] = problem
    if errors:
        raise InvalidValue(errors)
    lines = {one.key: one for one in board.lines(engagement, outline(engagement), now)}
    try:
        with transaction.atomic():
            _end(engagement, line, by, now)
            made = Override.objects.create(
                engagement=engagement, line=line, colour=colour, worked_out=lines[line].worked_out,
                reason=reason.strip(), by_id=by.pk, by_name=by.name, at=now,
            )  # fmt: skip
            _told(engagement, "workbook.overridden", line, colour, reason.strip(), by, now)
    except IntegrityError:
        raise Conflict(line) from None
    return made


def _problem(reason: str) -> str:
    if len(reason.strip()) < MIN_REASON:
        return _("Say why, in at least %(n)d characters.") % {"n": MIN_REASON}
    if len(reason) > MAX_REASON or not can_be_kept(reason):
        return _("Use at most %(n)d characters.") % {"n": MAX_REASON}
    return ""


def withdraw(*, engagement: Engagement, line: str, by, now: datetime) -> None:
    """Let the rules decide again. Withdrawing what is not there changes nothing."""
    with transaction.atomic():
        if _end(engagement, line, by, now):
            _told(engagement, "workbook.override_withdrawn", line, GREY, "", by, now)


def _end(engagement: Engagement, line: str, by, now: datetime) -> int:
    standing = Override.objects.filter(engagement=engagement, line=line, withdrawn_at=None)
    return standing.update(withdrawn_at=now, withdrawn_by_name=by.name)


def _told(engagement: Engagement, phrase: str, line: str, colour: str, reason: str, by, now) -> None:
    timeline.record(
        engagement, phrase, by=by, now=now, kind="decision", text=reason,
        params={
            "line": in_every_language(lambda: words.LINES[line]),
            "colour": in_every_language(lambda: words.COLOURS[colour]),
        },
    )  # fmt: skip
