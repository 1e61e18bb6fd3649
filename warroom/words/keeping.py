"""The status update that a person is writing: kept as it is typed, filled from the facts, sent, and then forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from engagements import access
from engagements.models import Engagement
from warroom import room
from warroom.models import StatusUpdate, Step, UpdateDraft
from warroom.words import drafting, facts

LANGUAGES = [code for code, _name in settings.LANGUAGES]
LONGEST_DRAFT = 20_000
SHORTEST_MIN, LONGEST_MIN = 5, 24 * 60
#: A save that was under way when the update was sent comes after it within this time.
JUST_SENT = timedelta(minutes=1)


class DraftConflict(Exception):
    """The person wrote on in another window; `draft` is what is kept."""

    def __init__(self, draft: UpdateDraft):
        super().__init__(str(draft.pk))
        self.draft = draft


def draft_of(engagement: Engagement, user) -> UpdateDraft | None:
    """What this person has begun to write. One query."""
    return UpdateDraft.objects.filter(engagement=engagement, user_id=user.pk).first()


def keep(*, engagement: Engagement, by, now: datetime, version: int | None, **typed) -> UpdateDraft:
    """Keep what is typed: words by language, state, audience, minutes. `version` is the one it was written on.

    0 is a draft that was not there; None overwrites whatever is kept. Raises DraftConflict when another window of
    the same person wrote on meanwhile something else. What was sent a moment ago is no draft again: unsaved, version 0.
    """
    access.check(by, engagement, access.Permission.POST_UPDATE)
    fields = _fields(typed) | {"saved_at": now}
    rows = UpdateDraft.objects.filter(engagement=engagement, user_id=by.pk)
    rows_read = rows if version is None else rows.filter(version=version)
    if rows_read.update(version=F("version") + 1, **fields):
        return rows.get()
    kept = rows.first()
    if kept is None and _was_just_sent(engagement, by, fields["words"], now):
        return UpdateDraft(engagement=engagement, user_id=by.pk, version=0, **fields | {"saved_at": None})
    if kept is None:
        return _new(engagement, by, fields, version)
    if not kept.words:  # nobody's words can be lost
        return keep(engagement=engagement, by=by, now=now, version=kept.version, **typed)
    if all(getattr(kept, name) == value for name, value in fields.items() if name != "saved_at"):
        return kept
    raise DraftConflict(kept)


def _new(engagement: Engagement, by, fields: dict, version: int | None) -> UpdateDraft:
    try:
        with transaction.atomic():
            return UpdateDraft.objects.create(engagement=engagement, user_id=by.pk, **fields)
    except IntegrityError:  # two windows began at the same instant
        now = fields.pop("saved_at")
        return keep(engagement=engagement, by=by, now=now, version=version, **fields)


def _was_just_sent(engagement: Engagement, by, words: dict, now: datetime) -> bool:
    """Whether these words, or the beginning of them, are an update that this person sent a moment ago. One query."""
    mine = StatusUpdate.objects.filter(engagement=engagement, by_name=by.name, sent_at__gt=now - JUST_SENT)
    last = mine.first()
    sent = [_plain(text) for text in (last.text, *last.words.values())] if last else []
    return bool(sent) and all(
        any(text.startswith(_plain(typed)) for text in sent) for typed in words.values()
    )


def _fields(typed: dict) -> dict:
    words = typed.get("words") or {}
    found = {
        "words": {code: words[code][:LONGEST_DRAFT] for code in LANGUAGES if words.get(code)},
        "state": typed.get("state", "") if typed.get("state") in StatusUpdate.State.values else "",
        "audience": typed.get("audience", "")
        if typed.get("audience") in StatusUpdate.Audience.values
        else "",
        "minutes": typed.get("minutes"),
    }
    return found | ({"drafted": typed["drafted"]} if "drafted" in typed else {})


def from_facts(
    *, engagement: Engagement, by, now: datetime, version: int | None = None, **typed
) -> UpdateDraft:
    """Put what the facts say into the draft. What was typed stays, above it; an untouched older draft is replaced.

    `version` is that of the draft the form was drawn with, as for `keep`. Raises DraftConflict likewise.
    """
    audience = "aws" if typed.get("audience") == "aws" and by.is_aws else "all"
    found = facts.since_last(engagement, audience=audience, now=now)
    fresh = drafting.drafted(found)
    before = draft_of(engagement, by)
    old = before.drafted if before else {}
    words = typed.get("words") or {}
    if version is not None and before is not None and before.version != version and _differs(before, words):
        raise DraftConflict(before)
    seen = None if version is None else before.version if before else 0
    typed["words"] = {
        code: _joined(words.get(code, ""), old.get(code, ""), fresh[code]) for code in LANGUAGES
    }
    typed["state"] = typed.get("state") if words_typed(words, old) and typed.get("state") else found.state
    return keep(engagement=engagement, by=by, now=now, version=seen, drafted=fresh, **typed)


def about_step(*, step: Step, by, now: datetime) -> dict:
    """What the form begins with for a step that tells people; what the person has kept stays above it. Not stored.

    What was kept for AWS only goes on being for AWS only, whomever the step tells.
    """
    engagement = step.runbook.engagement
    kept = draft_of(engagement, by)
    before, old = (kept.words, kept.drafted) if kept else ({}, {})
    is_inside = {*step.notify_start, *step.notify_end} == {"aws"} or (before and kept.audience == "aws")
    audience = "aws" if is_inside and by.is_aws else "all"
    found = facts.since_last(engagement, audience=audience, now=now)
    words = {}
    for code, fresh in drafting.about(step, found).items():
        mine = _plain(before.get(code, ""))
        title = step.title.get(code) or step.title.get("en", "")
        words[code] = mine if title in mine else _joined(mine, old.get(code, ""), fresh)
    state, minutes = (kept.state, kept.minutes) if kept else ("", None)
    return {"words": words, "state": state or found.state, "audience": audience, "minutes": minutes}


def _differs(kept: UpdateDraft, words: dict) -> bool:
    """Whether the draft holds words that are not these."""
    return any(
        _plain(kept.words.get(code, "")) not in ("", _plain(words.get(code, ""))) for code in LANGUAGES
    )


def words_typed(words: dict, drafted: dict) -> bool:
    """Whether a person wrote something besides what the facts wrote."""
    return any(_plain(words.get(code, "")) not in ("", _plain(drafted.get(code, ""))) for code in LANGUAGES)


def _joined(typed: str, old: str, fresh: str) -> str:
    typed = _plain(typed)
    if old and _plain(old) in typed:
        return typed.replace(_plain(old), fresh, 1)
    return f"{typed}\n\n{fresh}" if typed else fresh


def _plain(text: str) -> str:
    """Forms send line ends as CR LF."""
    return text.replace("\r\n", "\n").strip()


def send(*, engagement: Engagement, by, now: datetime, **words) -> StatusUpdate:
    """Send the update (see `room.post_update`) and forget the draft. Raises room.UpdateError; the draft stays then.

    A line that was drafted from AWS's own notes goes to AWS only: somebody may draft for AWS and then choose everyone.
    """
    said = [words.get("text", ""), *(words.get("words") or {}).values()]
    if words.get("audience", "all") != StatusUpdate.Audience.AWS and any(map(drafting.is_inside, said)):
        raise room.UpdateError(_("Choose who gets the update."), "audience")
    known = room.sent_before(engagement=engagement, by=by, client_id=words.get("client_id", ""))
    with transaction.atomic():
        sent = room.post_update(engagement=engagement, by=by, now=now, **words)
        if known is not None and sent.pk == known.pk:
            return sent  # what is kept by now is another one
        UpdateDraft.objects.filter(engagement=engagement, user_id=by.pk).delete()
    return sent
