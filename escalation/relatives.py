"""Which other escalations does a page show beside this one, and what may be done with them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import pgettext

from escalation.actions import is_reopenable
from escalation.models import Escalation, EscalationLink

RELATED, SPLIT, DUPLICATE = EscalationLink.Kind.values


@dataclass(frozen=True)
class Relative:
    """One other escalation, read from this one. ``word`` says how they belong together, in the active language."""

    link: EscalationLink
    other: Escalation
    word: str
    can_unlink: bool


@dataclass(frozen=True)
class Family:
    """The relatives of an escalation, and what may be done with its end."""

    relatives: list[Relative]
    # What it is a duplicate of; everything goes on there.
    parent: Escalation | None
    can_reopen: bool
    can_follow_up: bool


def family(escalation: Escalation, links: Sequence[EscalationLink], *, now: datetime) -> Family:
    """The family from the links that are in force (`lanes.links_of`); no query."""
    found = [_relative(escalation, link) for link in links]
    duplicate_of = next(
        (
            one.other
            for one in found
            if one.link.kind == DUPLICATE and one.link.escalation_id == escalation.pk
        ),
        None,
    )
    is_over = not escalation.is_open
    return Family(
        relatives=found,
        parent=duplicate_of,
        can_reopen=is_reopenable(escalation, now),
        can_follow_up=is_over and duplicate_of is None,
    )


def _relative(escalation: Escalation, link: EscalationLink) -> Relative:
    is_first = link.escalation_id == escalation.pk
    return Relative(
        link=link,
        other=link.other if is_first else link.escalation,
        word=_word(link.kind, is_first=is_first),
        can_unlink=link.kind != DUPLICATE,
    )


def _word(kind: str, *, is_first: bool) -> str:
    if kind == SPLIT:
        return pgettext("link", "Split off from") if is_first else pgettext("link", "Split off to")
    if kind == DUPLICATE:
        return pgettext("link", "Duplicate of") if is_first else pgettext("link", "Has as a duplicate")
    return pgettext("link", "Related to")
