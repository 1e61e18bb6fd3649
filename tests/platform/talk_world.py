"""One comment, note, open item and assignment of an engagement, all the TAM's, for the access table."""

from __future__ import annotations

from datetime import datetime

from engagements.models import Engagement, Membership
from tests import factories
from workbook import editions
from workbook.models import Row
from workbook.talk import comments, desk, notes, places, questions
from workbook.talk.questions import Asked


def things(engagement: Engagement, row: Row, now: datetime) -> dict[str, int]:
    """What an address can name, by its name in the table."""
    members = Membership.objects.filter(engagement=engagement, role="tam").select_related("user")
    tam = members[0].user if members else factories.member(engagement, "tam", password=None)
    section = editions.section(engagement, "wb12")
    place = places.within(engagement, section, row=str(row.pk), field="mt_title")
    comment = comments.say(place=place, text="Which one?", by=tam, now=now)
    assignment = desk.assign(
        engagement=engagement, section=section, person=tam.pk, due_on="", by=tam, now=now
    )
    return {
        "comment": comment.pk,
        "talk": comment.thread_id,
        "note": notes.write(place=place, text="Their side is slow", by=tam, now=now).pk,
        "item": questions.ask(place=place, asked=Asked(name="Vendor"), by=tam, now=now).pk,
        "assignment": assignment.pk,
    }
