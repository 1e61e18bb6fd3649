"""Puts sections into people's hands, and moves them from draft to accepted; every step is kept with its words."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from engagements import access, timeline
from engagements.access import Permission
from engagements.models import Engagement, Role, TimelineEntry
from iem_portal.live.announce import announce
from workbook.catalogue import Section
from workbook.models import Assignment, CellChange, SectionMove, SectionState
from workbook.talk import mail, people, places, steps
from workbook.talk.places import Place
from workbook.talk.questions import InvalidPart, day_end, default_due
from workbook.talk.texts import checked
from workbook.types import InvalidValue

LONGEST_WORDS = 2000


class Stale(Exception):
    """Somebody else moved the section first."""


class AssignmentMissing(LookupError):
    """There is no such assignment in this engagement, or it was taken away meanwhile."""


def state_of(engagement: Engagement, section: Section, now: datetime) -> SectionState:
    """The section's state, made in draft when nobody has touched it yet."""
    found, _made = SectionState.objects.get_or_create(
        engagement=engagement, section=section.key, defaults={"changed_at": now}
    )
    return found


def assign(
    *, engagement: Engagement, section: Section, person: int | None, due_on: str, by, now: datetime
) -> Assignment:
    """Give a section to a member who may fill it, until a day (ISO; by default the section's own). They get a mail.

    Raises InvalidPart.
    """
    members = people.of(engagement)
    if person not in members or not members[person].can_fill:
        raise InvalidPart("person", _("Choose a member who may fill the workbook."))
    place = Place(engagement, section)
    due_at = day_end(engagement, "due_on", due_on, now) if due_on.strip() else default_due(place, now)
    try:
        with transaction.atomic():
            state = state_of(engagement, section, now)
            made = Assignment.objects.create(
                section_state=state, user_id=person, due_at=due_at, at=now, by_name=by.name
            )
            _touch(state, now)
            mail.tell_of_assignment(place, made, members, by=by, now=now)
            announce(engagement.topic, places.TILE)
    except IntegrityError:
        raise InvalidPart("person", _("The section is in these hands already.")) from None
    return made


def _touch(state: SectionState, now: datetime) -> None:
    SectionState.objects.filter(pk=state.pk).update(changed_at=now)


def unassign(*, engagement: Engagement, section: Section, assignment: int, by, now: datetime) -> Assignment:
    """Take a section out of somebody's hands; that they had it stays. Raises AssignmentMissing."""
    found = Assignment.objects.filter(
        pk=assignment, section_state__engagement=engagement, section_state__section=section.key
    )
    with transaction.atomic():
        if not found.filter(removed_at=None).update(removed_at=now, removed_by_name=by.name):
            raise AssignmentMissing(assignment)
        gone = found.select_related("section_state").get()
        _touch(gone.section_state, now)
        announce(engagement.topic, places.TILE)
    return gone


def move(
    *, engagement: Engagement, section: Section, step: str, words: str, version: int | None, by, now: datetime
) -> SectionState:
    """Take one step (see steps.STEPS), seen at ``version``; it goes on the timeline and to those it concerns.

    Raises PermissionDenied, Stale when somebody moved the section meanwhile, InvalidPart for missing words.
    """
    found = steps.STEPS.get(step)
    if found is None:
        raise InvalidPart("step", _("Choose what to do with the section."))
    needed = Permission.REVIEW_WORKBOOK if found.is_reviewers else Permission.FILL_WORKBOOK
    access.check(by, engagement, needed)
    words = _words(words, is_needed=found.needs_words)
    with transaction.atomic():
        state = state_of(engagement, section, now)
        if state.state not in found.of or (version is not None and state.version != version):
            raise Stale(section.key)
        return _keep(state, found, words, section, by=by, now=now)


def _words(words: str, *, is_needed: bool) -> str:
    try:
        return checked(words, empty=_("Say why.") if is_needed else "", limit=LONGEST_WORDS)
    except InvalidValue as error:
        raise InvalidPart("words", str(error)) from error


def _keep(state: SectionState, step: steps.Step, words: str, section: Section, *, by, now: datetime):
    """Write the step, its line of history, the timeline and the mail. Raises Stale when somebody was quicker."""
    changes = CellChange.objects.filter(engagement_id=state.engagement_id, section=section.key)
    values = {
        "state": step.to,
        "version": state.version + 1,
        "words": words,
        "moved_at": now,
        "moved_by_name": by.name,
        "changed_at": now,
        "seen_change": changes.aggregate(last=Max("pk"))["last"] or 0,
    }
    if not SectionState.objects.filter(pk=state.pk, version=state.version).update(**values):
        raise Stale(section.key)
    made = SectionMove.objects.create(
        section_state=state,
        version=state.version + 1,
        state_from=state.state,
        state_to=step.to,
        words=words,
        by_id=by.pk,
        by_name=by.name,
        at=now,
    )
    _tell(state, step, made, section, by=by, now=now)
    for name, value in values.items():
        setattr(state, name, value)
    return state


def _tell(state: SectionState, step: steps.Step, made: SectionMove, section: Section, *, by, now: datetime):
    """Timeline, mail to whom it concerns, and the open pages."""
    engagement, words = state.engagement, made.words
    is_verdict = step.to in (steps.ACCEPTED, steps.RETURNED)
    timeline.record(
        engagement,
        f"workbook.section_{step.key}",
        by=by,
        now=now,
        kind=TimelineEntry.Kind.DECISION if is_verdict else TimelineEntry.Kind.HUMAN,
        params={"section": section.label, "words": words},
        text=words,
    )
    members = people.of(engagement)
    mail.tell_of_move(
        Place(engagement, section), made, _concerned(state, step, members), members, by=by, now=now
    )
    announce(engagement.topic, places.TILE)


def _concerned(state: SectionState, step: steps.Step, members: dict) -> list[int]:
    """Reviewers hear of a submission; those who have or submitted the section, of a verdict."""
    if step.key == "submit":
        return [pk for pk, person in members.items() if person.role in (Role.TAM, Role.SA)]
    if not step.is_reviewers:
        return []
    holders = state.assignments.filter(removed_at=None).values_list("user_id", flat=True)
    last = state.moves.filter(state_to=steps.SUBMITTED).values_list("by_id", flat=True).first()
    return [*holders, *([last] if last else [])]
