"""Where does an escalation go next: another level, another owner, another lane? And what does the customer hear?"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from engagements.models import TimelineEntry
from escalation import catalog, timing
from escalation.actions._base import enter, lock, not_future, require_open, require_text, save, say
from escalation.actions.talking import add_communication
from escalation.models import Communication, Escalation, Hop


@transaction.atomic
def hand_over(
    *,
    escalation: Escalation,
    level: int,
    owner_name: str,
    by,
    now: datetime,
    note: str = "",
    told: str = "",
    channel: str = Communication.Channel.MAIL,
    base_version: int | None = None,
) -> Escalation:
    """Give it to another level or owner of the same lane; a way down or past a level wants a note.

    `told` is what the customer hears with it, by `channel`: it counts as an update. Levels inside AWS are set by
    AWS's people only, and what is noted on the way into or out of them stays inside. Raises ValidationError by
    field (level, owner_name, note, told, channel) and StaleWrite.
    """
    escalation = _lock(escalation, base_version, now)
    note, owner_name = note.strip(), owner_name.strip() or escalation.owner_name
    _require_level(escalation.lane, level, by)
    if (level, owner_name) == (escalation.level, escalation.owner_name):
        raise ValidationError({"level": _("It is there already. Choose another level or owner.")})
    if level < escalation.level or level > escalation.level + 1:
        note = require_text("note", note, _("Say why it leaves out a level or goes back."))
    is_moved, is_inside = level != escalation.level, _is_inside(escalation.level, level)
    was_inside = catalog.is_internal(escalation.level)
    escalation.level, escalation.owner_name = level, owner_name
    save(escalation, "level", "owner_name")
    hop = enter(escalation, now=now, by=by, note=note, is_internal=is_inside)
    if is_moved:
        timing.level_entered(escalation, at=now, by=by, now=now)
    params = {"level": catalog.level_label(escalation.lane, level), "owner": owner_name}
    if not catalog.is_internal(level):
        say(escalation, "handed_over", by=by, now=now, params=params, text="" if is_inside else note)
    else:
        # Everybody hears that it went inside AWS; where it is there, and with whom, is AWS's own.
        own = TimelineEntry.Audience.AWS
        say(escalation, "handed_over", by=by, now=now, params=params, audience=own)
        if not was_inside:
            say(escalation, "handed_inside", by=by, now=now)
    _tell(escalation, hop, told, channel, by=by, now=now)
    return escalation


@transaction.atomic
def change_lane(
    *,
    escalation: Escalation,
    lane: str,
    reason: str,
    by,
    now: datetime,
    owner_name: str = "",
    told: str = "",
    channel: str = Communication.Channel.MAIL,
    base_version: int | None = None,
) -> Escalation:
    """Move it to the other lane, at the same level or the lane's last one; the path keeps where it was.

    To work in both lanes at once, `start_lane` splits it instead. Raises ValidationError by field (lane, reason,
    told, channel) and StaleWrite.
    """
    escalation = _lock(escalation, base_version, now)
    reason = require_text("reason", reason, _("Say why the lane changes."))
    if lane not in catalog.lanes() or lane == escalation.lane:
        raise ValidationError({"lane": _("Choose the other lane.")})
    params = {"old": catalog.lanes()[escalation.lane]["label"], "lane": catalog.lanes()[lane]["label"]}
    is_inside = catalog.is_internal(escalation.level)
    escalation.lane = lane
    escalation.level = min(escalation.level, catalog.highest_level(lane))
    escalation.owner_name = owner_name.strip() or escalation.owner_name
    save(escalation, "lane", "level", "owner_name")
    hop = enter(escalation, now=now, by=by, note=reason, is_internal=is_inside)
    timing.level_entered(escalation, at=now, by=by, now=now)
    say(escalation, "lane_changed", by=by, now=now, params=params, text="" if is_inside else reason)
    _tell(escalation, hop, told, channel, by=by, now=now)
    return escalation


@transaction.atomic
def ask_for_answer(
    *,
    escalation: Escalation,
    text: str,
    by,
    now: datetime,
    channel: str = Communication.Channel.PHONE,
    at: datetime | None = None,
    base_version: int | None = None,
) -> Communication:
    """Note that somebody asked AWS Support for an answer (`at`, default `now`, UTC). It stops no clock.

    Raises ValidationError by field (text, channel, at), without a field when no case is open, and StaleWrite.
    """
    escalation = _lock(escalation, base_version, now)
    if escalation.case_opened_at is None:
        raise ValidationError(_("No case is open yet, so there is nobody to ask."))
    text = require_text("text", text, _("Write what was said."))
    _require_channel(channel)
    at = at or now
    not_future("at", at, now)
    if at < escalation.case_opened_at:
        raise ValidationError({"at": _("The case was opened only after this time.")})
    asked = Communication.objects.create(
        escalation=escalation,
        channel=channel,
        is_request=True,
        text=text,
        at=at,
        by_id=by.pk,
        by_name=by.name,
    )
    kind = TimelineEntry.Kind.COMMUNICATION
    say(escalation, "asked", by=by, now=now, at=at, kind=kind, text=text)
    return asked


def _lock(escalation: Escalation, base_version: int | None, now: datetime) -> Escalation:
    """The escalation, open, and with a wait lifted whose end has passed."""
    escalation = lock(escalation, base_version)
    require_open(escalation)
    timing.settle(escalation, now=now)
    return escalation


def _tell(escalation: Escalation, hop: Hop, text: str, channel: str, *, by, now: datetime) -> None:
    """Log what the customer hears with this step; nothing written, nothing told, and the page says so."""
    if not text.strip():
        return
    try:
        add_communication(
            escalation=escalation,
            text=text,
            audience=TimelineEntry.Audience.ALL,
            channel=channel,
            is_update=True,
            hop=hop,
            by=by,
            now=now,
        )
    except ValidationError as error:
        refused = error.message_dict
        raise ValidationError({"told" if key == "text" else key: refused[key] for key in refused}) from error


def _is_inside(*levels: int) -> bool:
    return any(catalog.is_internal(level) for level in levels)


def _require_channel(channel: str) -> None:
    if channel not in Communication.Channel.values:
        raise ValidationError({"channel": _("There is no such channel.")})


def _require_level(lane: str, level: int, by) -> None:
    if not 0 <= level <= catalog.highest_level(lane):
        raise ValidationError({"level": _("This lane has no such level.")})
    if catalog.is_internal(level) and not by.is_aws:
        raise ValidationError({"level": _("This level is inside AWS. Ask the TAM to set it.")})
