"""Who is told that an escalation opened, changed or ended? Messages and page rows; sends nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from escalation import catalog
from escalation.ladder import policies, quiet, reading, rules, sending, words
from escalation.ladder.casting import Cast, Told, told
from escalation.models import Acknowledgement, Escalation, Page
from iem_portal.accounts.reach import ways_of
from iem_portal.notifications import hooks
from iem_portal.notifications.models import Hook
from iem_portal.notifications.outbox import Message

# The stage of the pages that say that it is over.
OVER = "over"


def of_opening(escalation: Escalation, *, now: datetime) -> list[Message]:
    """The messages that an escalation exists."""
    params = words.facts(escalation) | {
        "declared_at": words.instant(escalation.declared_at),
        "by": escalation.opened_by_name,
        "minutes": escalation.policy["targets"][escalation.severity]["minutes"],
    }
    fact = _fact(escalation, "opened", rules.OPENED, params)
    return _of_stage(escalation, rules.OPENED, fact, now=now)


def of_reopening(escalation: Escalation, *, reason: str, by, now: datetime) -> list[Message]:
    """The messages that it is open again: to whoever hears of an opening, and to those who had heard its all-clear."""
    params = words.facts(escalation) | {
        "by": by.name,
        "reopened_at": words.instant(escalation.reopened_at or now),
        "reason": reason,
    }
    fact = _fact(escalation, f"reopened:{escalation.version}", rules.REOPENED, params)
    cast, found, is_to_hooks = _told(escalation, rules.OPENED, now)
    known = {one.person.user_id for one in found}
    believe_it_over = Page.objects.filter(escalation=escalation, stage=OVER, user_id__isnull=False)
    others = set(believe_it_over.values_list("user_id", flat=True)) - known
    found += [
        Told(person, rules.OPENED, rules.MAIL)
        for person in (*cast.managers, *cast.members)
        if person.user_id in others
    ]
    return pages(escalation, rules.REOPENED, fact, found, is_to_hooks=is_to_hooks, now=now)


def of_change(escalation: Escalation, *, old: str, reason: str, by, now: datetime) -> list[Message]:
    """The messages that it has another severity; whoever changed it knows."""
    params = words.facts(escalation) | {
        "old": words.severity(old),
        "is_up": _rank(escalation.severity) < _rank(old),
        "reason": reason,
        "by": by.name,
        "at": words.instant(now),
    }
    fact = _fact(escalation, f"severity:{escalation.version}", rules.CHANGED, params)
    return _of_stage(escalation, rules.CHANGED, fact, now=now, but=by.pk)


def of_acknowledgement(
    escalation: Escalation, said: Acknowledgement, *, is_inside: bool, now: datetime
) -> list[Message]:
    """What chat channels and pagers of the engagement hear: who has it, and until when. People are not told.

    `is_inside`: the note was written inside AWS, so that the customer's systems get none.
    """
    params = words.facts(escalation) | {
        "by": said.name,
        "until": words.instant(said.until),
        "note": said.note,
        "event": "acknowledge",  # for pagers
    }
    fact = sending.Fact(
        key=f"esc:{escalation.pk}:ack:{said.pk}",
        template=words.ACKNOWLEDGED,
        params=params,
        engagement_id=escalation.engagement_id,
        about=words.about(escalation.pk),
    )
    found = hooks.hooks_of([escalation.engagement_id], hooks.ESCALATION)[escalation.engagement_id]
    outside = replace(fact, params=params | {"note": ""}) if is_inside else fact
    return [sending.to_hook(fact if hook.audience == Hook.Audience.AWS else outside, hook) for hook in found]


def of_merge(escalation: Escalation, parent: Escalation, *, by) -> list[Message]:
    """What chat channels and pagers of the engagement hear: it goes on as the other one. People hear of that one's end.

    A pager keeps an alert for each escalation, and nobody would ever close that of a duplicate.
    """
    fact = sending.Fact(
        key=f"esc:{escalation.pk}:merged:{escalation.version}",
        template=words.MERGED,
        params=words.facts(escalation) | {"by": by.name, "other": parent.reference, "event": "resolve"},
        engagement_id=escalation.engagement_id,
        about=words.about(escalation.pk),
    )
    found = hooks.hooks_of([escalation.engagement_id], hooks.ESCALATION)[escalation.engagement_id]
    return [sending.to_hook(fact, hook) for hook in found]


def _rank(severity: str) -> int:
    return list(catalog.severities()).index(severity)


def _fact(escalation: Escalation, name: str, stage: str, params: dict) -> sending.Fact:
    return sending.Fact(
        key=f"esc:{escalation.pk}:{name}",
        template=words.TEMPLATES[stage],
        params=params,
        engagement_id=escalation.engagement_id,
        about=words.about(escalation.pk),
    )


def _of_stage(
    escalation: Escalation, stage: str, fact: sending.Fact, *, now: datetime, but: int | None = None
) -> list[Message]:
    _cast, people, is_to_hooks = _told(escalation, stage, now)
    people = [one for one in people if one.person.user_id != but]
    return pages(escalation, stage, fact, people, is_to_hooks=is_to_hooks, now=now)


def _told(escalation: Escalation, stage: str, now: datetime) -> tuple[Cast, list[Told], bool]:
    """Whom the rules mean at this stage now, out of which people, and whether the engagement's hooks hear."""
    cast = reading.casts([escalation.engagement_id], at=now)[escalation.engagement_id]
    people, is_to_hooks = told(
        policies.of_escalation(escalation),
        cast,
        stage=stage,
        severity=escalation.severity,
        lane=escalation.lane,
        owner_name=escalation.owner_name,
    )
    return cast, people, is_to_hooks


def pages(
    escalation: Escalation,
    stage: str,
    fact: sending.Fact,
    people: list[Told],
    *,
    is_to_hooks: bool,
    now: datetime,
) -> list[Message]:
    """The messages of one fact to these people, each recorded as a page; what must be quiet waits."""
    ways = ways_of(one.person.user_id for one in people)
    silence = quiet.read([escalation.engagement_id], now)
    term = policies.term_of(escalation)
    is_loud = policies.is_loud(escalation.policy["targets"], escalation.severity)
    messages: list[Message] = []
    rows: list[Page] = []
    for one in people:
        person = one.person
        held_until = silence.until(escalation.engagement_id, person.zone, term=term, is_loud=is_loud)
        sent = [] if held_until else sending.to_person(fact, one, one.way, ways)
        messages += sent
        rows.append(_page(escalation, stage, fact, one, sent, held_until, now))
    if is_to_hooks:
        messages += _to_hooks(escalation, stage, fact, rows, now)
    Page.objects.bulk_create(rows)
    return messages


def _page(
    escalation, stage: str, fact: sending.Fact, one: Told, sent: list[Message], held_until, now: datetime
) -> Page:
    return Page(
        escalation=escalation,
        fact=fact.key,
        receiver=f"user:{one.person.user_id}",
        stage=stage,
        user_id=one.person.user_id,
        name=one.person.name,
        role=one.person.role,
        rule=one.rule,
        channels=sending.channels_of(sent),
        paged_at=now,
        recorded_at=now,
        held_until=held_until,
    )


def _to_hooks(escalation, stage: str, fact: sending.Fact, rows: list[Page], now: datetime) -> list[Message]:
    found = hooks.hooks_of([escalation.engagement_id], hooks.ESCALATION)[escalation.engagement_id]
    rows += [
        Page(
            escalation=escalation,
            fact=fact.key,
            receiver=f"hook:{hook.pk}",
            stage=stage,
            name=hook.name,
            rule=rules.HOOKS,
            channels=hook.kind,
            paged_at=now,
            recorded_at=now,
        )
        for hook in found
    ]
    return [sending.to_hook(fact, hook) for hook in found]
