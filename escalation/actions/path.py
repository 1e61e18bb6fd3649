"""Where does an escalation go next: another level, another owner, another lane?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from escalation import catalog, timing
from escalation.actions._base import enter, lock, require_open, require_text, save, say
from escalation.models import Escalation


@transaction.atomic
def hand_over(
    *,
    escalation: Escalation,
    level: int,
    owner_name: str,
    by,
    now: datetime,
    note: str = "",
    base_version: int | None = None,
) -> Escalation:
    """Give it to another level or owner of the same lane; a way down or past a level wants a note.

    Levels inside AWS are set by AWS's people only, and the note written there stays inside. Raises
    ValidationError by field (level, owner_name, note) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    note, owner_name = note.strip(), owner_name.strip() or escalation.owner_name
    _require_level(escalation.lane, level, by)
    if (level, owner_name) == (escalation.level, escalation.owner_name):
        raise ValidationError({"level": _("It is there already. Choose another level or owner.")})
    if level < escalation.level or level > escalation.level + 1:
        note = require_text("note", note, _("Say why it leaves out a level or goes back."))
    is_moved = level != escalation.level
    escalation.level, escalation.owner_name = level, owner_name
    save(escalation, "level", "owner_name")
    enter(escalation, now=now, by=by, note=note)
    if is_moved:
        timing.level_entered(escalation, at=now, by=by, now=now)
    params = {"level": catalog.level_label(escalation.lane, level), "owner": owner_name}
    text = "" if catalog.is_internal(level) else note
    say(escalation, "handed_over", by=by, now=now, params=params, text=text)
    return escalation


@transaction.atomic
def change_lane(
    *, escalation: Escalation, lane: str, reason: str, by, now: datetime, base_version: int | None = None
) -> Escalation:
    """Move it to the other lane, at the same level or the lane's last one; the path keeps where it was.

    Raises ValidationError by field (lane, reason) and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    reason = require_text("reason", reason, _("Say why the lane changes."))
    if lane not in catalog.lanes() or lane == escalation.lane:
        raise ValidationError({"lane": _("Choose the other lane.")})
    params = {"old": catalog.lanes()[escalation.lane]["label"], "lane": catalog.lanes()[lane]["label"]}
    escalation.lane = lane
    escalation.level = min(escalation.level, catalog.highest_level(lane))
    save(escalation, "lane", "level")
    enter(escalation, now=now, by=by, note=reason)
    timing.level_entered(escalation, at=now, by=by, now=now)
    say(escalation, "lane_changed", by=by, now=now, params=params, text=reason)
    return escalation


def _require_level(lane: str, level: int, by) -> None:
    if not 0 <= level <= catalog.highest_level(lane):
        raise ValidationError({"level": _("This lane has no such level.")})
    if catalog.is_internal(level) and not by.is_aws:
        raise ValidationError({"level": _("This level is inside AWS. Ask the TAM to set it.")})
