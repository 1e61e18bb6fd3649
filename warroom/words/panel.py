"""What the form of a status update shows: what was typed, kept or refused, and when the next one is due."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from engagements.access import audience
from warroom.models import StatusUpdate, UpdateDraft
from warroom.panels import room
from warroom.words import cadence, keeping

LABELS = {"en": _("In English"), "ko": _("In Korean")}


def languages() -> list[str]:
    """The language codes in the order of the form: the reader's own first."""
    own = get_language()
    return sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != own)


def composer(
    request,
    *,
    now: datetime,
    draft: UpdateDraft | None = None,
    typed: dict | None = None,
    errors: dict | None = None,
) -> dict:
    """The form for this person: what was just typed, else what is kept of theirs. Four queries."""
    engagement = request.engagement
    kept = draft or keeping.draft_of(engagement, request.user)
    shown = typed or (_of_draft(kept) if kept else {})
    side = audience(request.user)
    first = room.composer(engagement, audience=side, draft=shown, errors=errors)
    minutes = cadence.planned(engagement)
    words = shown.get("words", {})
    last = room.update(engagement, now, audience=side)
    return first | {
        "areas": [
            {"name": name, "language": code, "label": LABELS[code], "text": words.get(code, "")}
            for name, code in zip(("text", "text_other"), languages(), strict=True)
        ],
        # What comes back refused is the same update; what is shown after a sending is another one.
        "client_id": (request.POST.get("client_id", "")[:40] if typed else "") or uuid4(),
        "version": kept.version if kept else 0,
        "kept_at": kept.saved_at if kept else None,
        "minutes": shown.get("minutes"),
        "choices": sorted({*cadence.CHOICES, *([shown["minutes"]] if shown.get("minutes") else [])}),
        "planned": [(label, minutes[key]) for key, label in StatusUpdate.State.choices],
        "last": last["last"],
        "is_due": last["is_due"],
        "zone": engagement.time_zone,
    }


def _of_draft(draft: UpdateDraft) -> dict:
    return {
        "words": draft.words,
        "state": draft.state,
        "audience": draft.audience or "all",
        "minutes": draft.minutes,
    }
