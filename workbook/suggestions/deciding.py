"""Accepts proposals into the workbook, with both names kept, or declines them with words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from engagements import timeline
from engagements.access import Permission
from engagements.models import Engagement, Role
from workbook import bulk
from workbook.catalogue import Section
from workbook.edits import Edit, Outcome
from workbook.models import CellChange, Suggestion
from workbook.suggestions import telling
from workbook.types import InvalidValue

State, Source = Suggestion.State, Suggestion.Source
HOW = {Source.PERSON: CellChange.How.SUGGESTED, Source.AWS: CellChange.How.AWS}


class NoWords(InvalidValue):
    """A person's proposal is declined without saying why."""


@dataclass(frozen=True)
class Decided:
    """One proposal and what became of it; it stays open when its value was not taken."""

    suggestion: Suggestion
    outcome: Outcome


def sources_of(role: Role, permissions: frozenset[Permission]) -> frozenset[str]:
    """Whose proposals this person may decide.

    People's: reviewers of the workbook and the customer's lead. AWS's own figures: whoever may fill.
    """
    found = {Source.AWS} if Permission.FILL_WORKBOOK in permissions else set()
    if Permission.REVIEW_WORKBOOK in permissions or role == Role.CUSTOMER_LEAD:
        found.add(Source.PERSON)
    return frozenset(found)


def accept(
    *,
    engagement: Engagement,
    section: Section,
    seen: dict[int, int],
    sources: frozenset[str],
    by,
    now: datetime,
) -> list[Decided]:
    """Write proposals into their cells; ``seen`` is, by proposal, the version of the cell that the person saw.

    Values of one new row are taken together. What no longer fits, or was changed meanwhile, stays open and is
    told as it is. About eight queries for each proposer, however many cells.
    """
    with transaction.atomic():
        chosen = _open(engagement, section, seen, sources)
        decided = [
            each
            for (table, source, name), some in _batches(chosen).items()
            for each in _write(engagement, section, table, source, name, some, seen, by, now)
        ]
        taken = [each.suggestion for each in decided if each.outcome.is_taken]
        _close(taken, State.ACCEPTED, by, now)
        _settle_new_rows(engagement, section, decided)
        if taken:
            params = {"count": len(taken), "section": section.label}
            timeline.record(engagement, "workbook.suggestions_accepted", by=by, now=now, params=params)
            telling.of_decision(engagement, section, taken, is_accepted=True, answer="", by=by, now=now)
    return decided


def decline(
    *,
    engagement: Engagement,
    section: Section,
    chosen: Iterable[int],
    sources: frozenset[str],
    answer: str = "",
    by,
    now: datetime,
) -> int:
    """Close proposals without writing; how many values. Raises NoWords when a person would not learn why."""
    answer = " ".join(answer.split())[:1000]
    with transaction.atomic():
        found = _open(engagement, section, chosen, sources)
        if not answer and any(one.source == Source.PERSON for one in found):
            raise NoWords(_("Say why, so that the person who suggested it knows."))
        _close(found, State.DECLINED, by, now, answer)
        telling.of_decision(engagement, section, found, is_accepted=False, answer=answer, by=by, now=now)
    return len(found)


def _open(engagement, section: Section, chosen: Iterable[int], sources) -> list[Suggestion]:
    """The open ones among the chosen, whole new rows where one of their values was chosen. One or two queries."""
    live = Suggestion.objects.select_for_update().filter(
        engagement=engagement, section=section.key, state=State.OPEN, source__in=sources
    )
    found = list(live.filter(pk__in=list(chosen)))
    groups = {one.new_row for one in found if one.new_row}
    if groups:
        known = {one.pk for one in found}
        found += list(live.filter(new_row__in=groups).exclude(pk__in=known))
    return sorted(found, key=lambda one: one.pk)


def _batches(chosen: list[Suggestion]) -> dict[tuple[str, str, str], list[Suggestion]]:
    """Proposals that can be written together: of one table and one proposer."""
    batches = defaultdict(list)
    for one in chosen:
        batches[one.table, one.source, one.by_name].append(one)
    return batches


def _write(engagement, section, table: str, source: str, name: str, some, seen, by, now) -> list[Decided]:
    found = section.table(table)
    edits = [
        Edit(
            one.field,
            one.value,
            row=one.row_id,
            new_row=one.new_row,
            # Without a version that the person saw, the one that the proposer saw.
            base_version=None if one.new_row else seen.get(one.pk, one.base_version),
        )
        for one in some
    ]
    if found is None:
        return [Decided(one, Outcome(edit, "unknown")) for one, edit in zip(some, edits, strict=True)]
    outcomes = bulk.save(
        engagement=engagement,
        section=section,
        table=found,
        edits=edits,
        by=by,
        now=now,
        how=HOW[source],
        proposed_by_name=name,
    )
    return [Decided(one, outcome) for one, outcome in zip(some, outcomes, strict=True)]


def _close(chosen: list[Suggestion], state: str, by, now: datetime, answer: str = "") -> None:
    """One statement; every one of them is open, for its row is held."""
    Suggestion.objects.filter(pk__in=[one.pk for one in chosen]).update(
        state=state, decided_at=now, decided_by_name=by.name, answer=answer
    )


def _settle_new_rows(engagement: Engagement, section: Section, decided: list[Decided]) -> None:
    """A value that did not fit goes on as a proposal for the row that its neighbours made.

    AWS's new rows bear the same name in every engagement of an account, so only this one's are meant.
    """
    live = Suggestion.objects.filter(engagement=engagement, section=section.key, state=State.OPEN)
    made = {
        each.suggestion.new_row: each.outcome.row_id
        for each in decided
        if each.suggestion.new_row and each.outcome.is_taken
    }
    for group, row in made.items():
        live.filter(new_row=group).update(row_id=row, new_row="")
