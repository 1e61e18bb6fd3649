""" "I don't know, ask X": opens a question about a cell, and says which questions are still open.

A question is answered as soon as a value is saved in its cell, by whoever and whichever way. That is read
from the history of the cell, so no way of saving has to know of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from engagements.models import Engagement
from engagements.plan import END_OF_WORKING_DAY, next_workday
from engagements.workdays import working_days_of
from iem_portal.live.announce import announce
from workbook.due import Calendar
from workbook.models import CellChange, OpenItem
from workbook.talk import mail, people, places
from workbook.talk.places import Place
from workbook.talk.texts import LONGEST_NAME, checked
from workbook.types import InvalidValue

State = OpenItem.State
LONGEST_QUESTION = 1000


class ItemMissing(LookupError):
    """There is no such open item in this engagement, or it was closed meanwhile."""


class InvalidPart(InvalidValue):
    """A part of the question that does not fit; ``part`` names its field on the form."""

    def __init__(self, part: str, message: str):
        super().__init__(message)
        self.part = part


@dataclass(frozen=True)
class Asked:
    """A question as posted: a member's number or a free name, the text, and the day until when (ISO) or nothing."""

    person: int | None = None
    name: str = ""
    question: str = ""
    due_on: str = ""


def ask(*, place: Place, asked: Asked, by, now: datetime) -> OpenItem:
    """Make a cell wait for somebody; a member gets a mail with the way to the cell.

    Raises InvalidPart, PlaceMissing when the row is gone or the place is no cell that people fill.
    """
    if place.field is None or place.field.is_formula or place.field.bound:
        raise places.PlaceMissing(place.field_key)
    members = people.of(place.engagement)
    name = _asked_name(asked, members)
    question = _part("question", asked.question, limit=LONGEST_QUESTION)
    due_at = _due_at(place, asked.due_on, now)
    with transaction.atomic():
        place = places.hold(place, by=by, now=now)
        _settle(place)
        item, is_new = OpenItem.objects.get_or_create(
            row_id=place.row_id,
            field=place.field_key,
            state=State.OPEN,
            defaults={
                **place.columns,
                "question": question,
                "asked_id": asked.person,
                "asked_name": name,
                "due_at": due_at,
                "by_id": by.pk,
                "by_name": by.name,
                "at": now,
                "changed_at": now,
            },
        )
        if not is_new:
            raise InvalidPart("question", _("%(name)s was asked already.") % {"name": item.asked_name})
        mail.tell_of_question(place, item, members, by=by, now=now)
        announce(place.engagement.topic, places.TILE)
    return item


def _asked_name(asked: Asked, members: dict) -> str:
    if asked.person is None:
        empty = _("Choose a member, or write a name.")
        return _part("name", asked.name, empty=empty, limit=LONGEST_NAME)
    if asked.person not in members:
        raise InvalidPart("person", _("Choose a member of this engagement."))
    return members[asked.person].name


def _part(part: str, text: str, **rules) -> str:
    try:
        return checked(text, **rules)
    except InvalidValue as error:
        raise InvalidPart(part, str(error)) from error


def _due_at(place: Place, text: str, now: datetime) -> datetime:
    """The end of the given working day, by default the day the field is due, or the next one when that is over."""
    if not text.strip():
        return default_due(place, now)
    return day_end(place.engagement, "due_on", text, now)


def day_end(engagement: Engagement, part: str, text: str, now: datetime) -> datetime:
    """The end of work on a day (ISO) in the engagement's zone. Raises InvalidPart for no day or one that is over."""
    zone = ZoneInfo(engagement.time_zone)
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidPart(part, _("Enter a day, such as 2026-11-20.")) from None
    today = now.astimezone(zone).date()
    if day < today:
        raise InvalidPart(part, _("This day is over."))
    if day > today + timedelta(days=3660):
        raise InvalidPart(part, _("This day is too far away."))
    return datetime.combine(day, END_OF_WORKING_DAY, zone)


def default_due(place: Place, now: datetime) -> datetime:
    """When the field is due anyway; the end of the next working day when that has passed."""
    calendar = Calendar.of(place.engagement)
    due_at = calendar.due_at(place.field.due if place.field else place.section.due)
    if due_at > now:
        return due_at
    tomorrow = now.astimezone(calendar.zone).date() + timedelta(days=1)
    on = next_workday(tomorrow, working_days_of(calendar.country))
    return datetime.combine(on, END_OF_WORKING_DAY, calendar.zone)


def _settle(place: Place) -> None:
    """Write down that an earlier question was answered by a saved value, so that a new one may be asked."""
    for item in with_answers(OpenItem.objects.filter(row_id=place.row_id, field=place.field_key)):
        if item.state == State.OPEN and item.answered_at:
            OpenItem.objects.filter(pk=item.pk, state=State.OPEN).update(
                state=State.ANSWERED, closed_at=item.answered_at, closed_by_name=item.answered_by
            )


def close(*, engagement: Engagement, item: int, state: str, by, now: datetime) -> OpenItem:
    """Say that a question is answered without a value, or withdraw it. Raises ItemMissing when it is not open."""
    with transaction.atomic():
        found = OpenItem.objects.filter(pk=item, engagement=engagement).first()
        closed = OpenItem.objects.filter(pk=item, engagement=engagement, state=State.OPEN).update(
            state=state, closed_at=now, closed_by_name=by.name, changed_at=now
        )
        if not closed:
            raise ItemMissing(item)
        announce(engagement.topic, places.TILE)
    return found


def _answers():
    """The values saved in the cell of an item after it was asked, oldest first."""
    return CellChange.objects.filter(
        row_id=OuterRef("row_id"), field=OuterRef("field"), value_to__isnull=False, at__gt=OuterRef("at")
    ).order_by("at", "pk")


def with_answers(items: QuerySet[OpenItem]) -> QuerySet[OpenItem]:
    """The items, each with ``answered_at`` and ``answered_by`` of the first value saved since."""
    return items.annotate(
        answered_at=Subquery(_answers().values("at")[:1]),
        answered_by=Subquery(_answers().values("by_name")[:1]),
    )


def still_open(engagement: Engagement) -> QuerySet[OpenItem]:
    """The questions nobody has answered, of rows that are still there."""
    items = OpenItem.objects.filter(engagement=engagement, state=State.OPEN, row__deleted_at=None)
    return items.filter(~Exists(_answers()))
