"""Who is told by mail what was said, asked or given to them: each in their own language, never of their own doing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from iem_portal.accounts.models import User
from iem_portal.notifications import outbox
from iem_portal.notifications.models import Notification
from workbook.models import Assignment, Comment, OpenItem
from workbook.talk import mentions, people
from workbook.talk.people import Person
from workbook.talk.places import Place


def tell_of_comment(
    place: Place,
    comment: Comment,
    body: mentions.Body,
    members: dict[int, Person],
    *,
    by,
    now: datetime,
    only_mentioned: bool = False,
) -> None:
    """Mail those who are mentioned and those who spoke in the talk; once per comment and person, edits included."""
    mentioned = mentions.people_of(body)
    spoke = [] if only_mentioned else _speakers(comment)
    keys = {pk: f"comment:{comment.pk}:user:{pk}:email" for pk in dict.fromkeys([*mentioned, *spoke])}
    told = set(Notification.objects.filter(key__in=keys.values()).values_list("key", flat=True))
    facts = _facts(place) | {"by": by.name, "text": mentions.text_of(body, people.names(members))}
    _send(
        "workbook/mail/comment",
        {pk: key for pk, key in keys.items() if key not in told},
        members,
        lambda pk: facts | {"is_mention": pk in mentioned},
        place=place,
        by=by,
        now=now,
    )


def _speakers(comment: Comment) -> list[int]:
    others = Comment.objects.filter(thread_id=comment.thread_id, by_id__isnull=False)
    return list(others.order_by("by_id").values_list("by_id", flat=True).distinct())


def tell_of_question(place: Place, item: OpenItem, members: dict[int, Person], *, by, now: datetime) -> None:
    """Mail the asked member the question, with a link straight to the cell."""
    key = f"open-item:{item.pk}:user:{item.asked_id}:email"
    facts = _facts(place) | {
        "by": by.name,
        "question": item.question,
        "due_at": {"at": item.due_at.isoformat()},
    }
    to = {item.asked_id: key} if item.asked_id else {}
    _send("workbook/mail/asked", to, members, lambda _pk: facts, place=place, by=by, now=now)


def tell_of_assignment(
    place: Place, assignment: Assignment, members: dict[int, Person], *, by, now: datetime
) -> None:
    """Mail the member who is to fill a section."""
    to = {assignment.user_id: f"assignment:{assignment.pk}:user:{assignment.user_id}:email"}
    facts = _facts(place) | {"by": by.name, "due_at": {"at": assignment.due_at.isoformat()}}
    _send("workbook/mail/assigned", to, members, lambda _pk: facts, place=place, by=by, now=now)


def tell_of_move(
    place: Place, move, to: Iterable[int], members: dict[int, Person], *, by, now: datetime
) -> None:
    """Mail those whom a step of a section concerns: reviewers what was submitted, its people what came of it."""
    keys = {pk: f"section-move:{move.pk}:user:{pk}:email" for pk in dict.fromkeys(to)}
    facts = _facts(place) | {"by": by.name, "state": move.state_to, "words": move.words}
    _send("workbook/mail/section", keys, members, lambda _pk: facts, place=place, by=by, now=now)


def _facts(place: Place) -> dict:
    """Where it is, in both languages."""
    return {
        "reference": place.engagement.reference,
        "name": place.engagement.name,
        "code": place.section.code,
        "section": place.section.label,
        "field": place.field.label if place.field else "",
        "path": place.path,
    }


def _send(template: str, keys: dict[int, str], members: dict[int, Person], facts, *, place, by, now) -> None:
    outbox.enqueue(
        [
            _message(template, key, members[pk].user, facts(pk), place)
            for pk, key in keys.items()
            if pk in members and pk != by.pk
        ],
        now=now,
    )


def _message(template: str, key: str, user: User, params: dict, place: Place) -> outbox.Message:
    return outbox.Message(
        key=key,
        channel="email",
        address=user.email,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        template=template,
        params=params,
        engagement_id=place.engagement.pk,
    )
