"""Tells people by mail what became of what they had suggested: one letter for each decision."""

from __future__ import annotations

from datetime import datetime

from engagements import access
from engagements.models import Engagement
from iem_portal.notifications import outbox
from workbook.catalogue import Section
from workbook.models import Suggestion


def of_decision(
    engagement: Engagement,
    section: Section,
    decided: list[Suggestion],
    *,
    is_accepted: bool,
    answer: str,
    by,
    now: datetime,
) -> None:
    """Mail each proposer who is still a member, but not the one who decided. One query more, none for AWS's own."""
    wanted: dict[int, list[Suggestion]] = {}
    for one in decided:
        if one.source == Suggestion.Source.PERSON and one.by_id and one.by_id != by.pk:
            wanted.setdefault(one.by_id, []).append(one)
    if not wanted:
        return
    members = access.members().filter(engagement=engagement, user_id__in=wanted)
    outbox.enqueue(
        [
            _message(engagement, section, member.user, wanted[member.user_id], is_accepted, answer, by)
            for member in members
        ],
        now=now,
    )


def _message(engagement, section: Section, user, own: list[Suggestion], is_accepted: bool, answer: str, by):
    labels = [section.field(one.field).label for one in own if section.field(one.field)]
    return outbox.Message(
        key=f"suggestion:{own[0].pk}:{'accepted' if is_accepted else 'declined'}:user:{user.pk}:email",
        channel="email",
        address=user.email,
        user_id=user.pk,
        language=user.language,
        time_zone=user.time_zone,
        template="workbook/mail/suggestion",
        params={
            "reference": engagement.reference,
            "name": engagement.name,
            "section_key": section.key,
            "section": section.label,
            "fields": labels[:10],
            "count": len(own),
            "is_accepted": is_accepted,
            "answer": answer,
            "by": by.name,
        },
        engagement_id=engagement.pk,
    )
