"""AWS Health events that are pushed: who may knock, what is the same event, and how its pages become one.

EventBridge sends an event to a small function in the customer's account, which signs it and posts it here. The
signature is that of the portal's own webhooks turned round: HMAC-SHA256 over "<timestamp>.<body>", so that neither an
old request nor a changed one is taken. Source of the fields: AWS Health user guide, EventBridge events.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import math
import secrets
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from engagements import timeline
from engagements.models import Engagement
from iem_portal.live import announce
from iem_portal.texts import can_be_kept
from warroom.models import EventDoor, InboundEvent
from warroom.setup import accounts
from warroom.sources.health import keep

LONGEST_BODY = 262_144  # bytes: EventBridge's own limit of an event
OLDEST = timedelta(minutes=5)
MOST_A_MINUTE = 120
MOST_PAGES = 50
CATEGORIES = {
    "issue": "issue",
    "accountnotification": "accountNotification",
    "scheduledchange": "scheduledChange",
    "investigation": "investigation",
}


class Refused(Exception):
    """Why a request is not taken; `status` is the HTTP status that says so."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


def open_door(*, engagement: Engagement, by, now: datetime) -> EventDoor:
    """Make the door, or give it a new secret; the old one is refused from now on."""
    secret = secrets.token_hex(32)
    fields = {"secret": secret, "made_at": now, "made_by_name": by.name}
    with transaction.atomic():
        door, is_new = EventDoor.objects.update_or_create(engagement=engagement, defaults=fields)
        phrase = "door.opened" if is_new else "door.secret"
        timeline.record(engagement, phrase, by=by, now=now)
    return door


def page(engagement: Engagement) -> dict:
    """The door and the newest events that came in. Two queries."""
    door = EventDoor.objects.filter(engagement=engagement).first()
    address = settings.BASE_URL + reverse("aws-door", args=[door.address]) if door else ""
    events = InboundEvent.objects.filter(engagement=engagement).order_by("-received_at", "-pk")[:20]
    return {"door": door, "address": address, "events": list(events)}


def signature(secret: str, at: str, body: bytes) -> str:
    """What the header `x-iem-signature` must say: `v1=` and the digest in hexadecimal."""
    digest = hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"v1={digest}"


def check(door: EventDoor, *, at: str, signed: str, body: bytes, now: datetime) -> None:
    """Raise Refused unless the request was signed with the door's secret in the last five minutes."""
    if len(body) > LONGEST_BODY:
        raise Refused(413, "longer than an event of EventBridge can be")
    if (
        not at.isascii() or not at.isdigit() or len(at) > 11
    ):  # until the year 5138, which every calendar holds
        raise Refused(401, "no timestamp")
    if abs(now - datetime.fromtimestamp(int(at), UTC)) > OLDEST:
        raise Refused(401, "the timestamp is more than five minutes off")
    expected = signature(door.secret, at, body)
    if not hmac.compare_digest(expected.encode(), signed.encode("utf-8", "replace")):
        raise Refused(401, "the signature does not fit")


def receive(*, door: EventDoor, body: bytes, now: datetime) -> str:
    """Take one checked request: "taken", "known" (delivered before), "waiting" (for its other pages) or "dropped" (a
    copy for another Region, or not about AWS Health). Raises Refused for nonsense and for too many."""
    event = _read(body)
    detail = event.get("detail")
    if event.get("source") != "aws.health" or not isinstance(detail, dict):
        return "dropped"
    if str(detail.get("backupEvent", "")).lower() == "true":
        return "dropped"
    recent = InboundEvent.objects.filter(
        engagement=door.engagement_id, received_at__gt=now - timedelta(minutes=1)
    )
    if recent.count() >= MOST_A_MINUTE:
        raise Refused(429, "too many events in a minute")
    row = _row(door, event, detail, now)
    with transaction.atomic():
        # The lock of the door puts pages that come at the same moment one after the other.
        EventDoor.objects.select_for_update().get(pk=door.pk)
        EventDoor.objects.filter(pk=door.pk).update(last_at=now)
        mine = InboundEvent.objects.filter(engagement=door.engagement_id, key=row.key)
        if mine.filter(page=row.page).exists():
            return "known"
        row.save()
        pages = list(mine.order_by("page"))
        if len(pages) < row.pages:
            return "waiting"
        _apply(door.engagement, pages, now)
        mine.update(applied_at=now)
    return "taken"


def _read(body: bytes) -> dict[str, Any]:
    try:
        event = _kept(json.loads(body))
    except (ValueError, RecursionError):
        raise Refused(422, "not JSON") from None
    if not isinstance(event, dict):
        raise Refused(422, "not an event")
    return event


def _kept(value: Any) -> Any:
    """The same without what a database does not keep: JSON can spell a NUL, half a character and infinity."""
    if isinstance(value, dict):
        return {name: _kept(one) for name, one in value.items() if can_be_kept(name)}
    if isinstance(value, list):
        return [_kept(one) for one in value]
    if isinstance(value, str):
        return value if can_be_kept(value) else ""
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _row(door: EventDoor, event: dict, detail: dict, now: datetime) -> InboundEvent:
    """The page as it is kept. Documented samples reuse ids, so account, ARN and update belong to the key."""
    arn, account = _word(detail, "eventArn", 400), _account(event, detail)
    if not arn or account not in accounts.accounts_of(door.engagement):
        raise Refused(422, "the event names no account of this engagement")
    parts = (_word(detail, "communicationId", 200), account, arn, _word(detail, "lastUpdatedTime", 60))
    pages = _count(detail.get("totalPages"))
    page = _count(detail.get("page"))
    if page > pages or pages > MOST_PAGES:
        raise Refused(422, "the pages do not fit")
    return InboundEvent(
        engagement=door.engagement,
        key=hashlib.sha256("\n".join(parts).encode()).hexdigest(),
        page=page,
        pages=pages,
        arn=arn,
        account_id=account,
        detail=detail,
        received_at=now,
    )


def _account(event: dict, detail: dict) -> str:
    return _word(detail, "affectedAccount", 12) or _word(event, "account", 12)


def _word(words: dict, name: str, longest: int) -> str:
    """A text of the event; anything else, and what no database keeps, counts as absent."""
    value = words.get(name)
    fits = isinstance(value, str) and len(value) <= longest and can_be_kept(value)
    return value if fits else ""


def _count(value: Any) -> int:
    """A page number, which AWS writes as a string."""
    text = str(value if value is not None else 1)
    return int(text) if text.isascii() and text.isdigit() and int(text[:6]) > 0 and len(text) < 6 else 1


def _apply(engagement: Engagement, pages: list[InboundEvent], now: datetime) -> None:
    """Put an event whose pages are all there on the board, unless a newer update of it is there already."""
    first = pages[0].detail
    finding = _finding(first, pages)
    keep(engagement, [finding], now=now, is_pushed=True)
    announce(engagement.topic, "health")


def _finding(first: dict, pages: list[InboundEvent]) -> dict:
    described = first.get("eventDescription")
    texts = [one for one in described if isinstance(one, dict)] if isinstance(described, list) else []
    english = [one for one in texts if str(one.get("language", "")).lower().startswith("en")] or texts
    category = _word(first, "eventTypeCategory", 40)
    entities = [entity for one in pages for entity in _entities(one.detail)]
    return {
        "arn": pages[0].arn,
        "account_id": pages[0].account_id,
        "service": _word(first, "service", 60),
        "code": _word(first, "eventTypeCode", 120),
        "category": CATEGORIES.get(category.lower(), category),
        "region": _word(first, "eventRegion", 30) or _word(first, "region", 30),
        "scope": _word(first, "eventScopeCode", 30),
        "status": _word(first, "statusCode", 20) or "open",
        "text": _word(english[0], "latestDescription", 60_000) if english else "",
        "entities": entities,
        "started_at": _moment(first.get("startTime")),
        "ended_at": _moment(first.get("endTime")),
        "updated_at": _moment(first.get("lastUpdatedTime")),
        "actionability": _word(first, "actionability", 40),
        "problem": "",
    }


def _entities(detail: dict) -> list[list[str]]:
    rows = detail.get("affectedEntities")
    if not isinstance(rows, list):
        return []
    return [
        [_word(row, "entityValue", 1300), _word(row, "status", 20) or _word(row, "statusCode", 20)]
        for row in rows
        if isinstance(row, dict) and _word(row, "entityValue", 1300)
    ]


def _moment(value: Any) -> datetime | None:
    """A time of the event: "Wed, 27 Jan 2027 06:27:57 GMT" in AWS's samples, ISO 8601 elsewhere; else None."""
    if not isinstance(value, str) or len(value) > 60:
        return None
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(value)
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
