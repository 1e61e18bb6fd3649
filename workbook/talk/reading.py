"""What the panel beside a section shows of one place: its talk, its open item, AWS's notes, and other open talks."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from engagements.models import Engagement
from iem_portal.accounts.context import initials
from iem_portal.templatetags.portal import pick
from workbook.catalogue import FORM, Section
from workbook.models import Comment, Note, OpenItem, Thread, Wording
from workbook.talk import mentions, people, places, questions
from workbook.talk.people import Person
from workbook.talk.places import Place

State = OpenItem.State


@dataclass(frozen=True)
class Said:
    """One wording: its parts for the page (text, and whether it is a name), and when it was written."""

    version: int
    at: datetime
    parts: list[tuple[str, bool]]
    text: str
    people: list[int]


@dataclass(frozen=True)
class CommentView:
    """A comment with its wordings, the newest last; a deleted one has none."""

    comment: Comment
    wordings: list[Said]
    is_mine: bool

    @property
    def last(self) -> Said | None:
        """What it says now."""
        return self.wordings[-1] if self.wordings else None

    @property
    def earlier(self) -> list[Said]:
        """What it said before, oldest first."""
        return self.wordings[:-1]

    @property
    def initials(self) -> str:
        """Two letters for the round mark."""
        return initials(self.comment.by_name)


@dataclass(frozen=True)
class Talk:
    """A thread with its comments."""

    thread: Thread
    comments: list[CommentView]

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it."""
        return self.thread.resolved_at is None


@dataclass(frozen=True)
class ItemView:
    """A question with its place and the state that counts."""

    item: OpenItem
    section: Section
    place: str
    path: str

    @property
    def state(self) -> str:
        """open, answered or withdrawn: an open one whose cell got a value is answered."""
        is_answered = self.item.state == State.OPEN and self.item.answered_at
        return State.ANSWERED if is_answered else self.item.state

    @property
    def is_open(self) -> bool:
        """Whether it waits."""
        return self.state == State.OPEN

    @property
    def label(self) -> str:
        """The state in the reader's language."""
        return str(State(self.state).label)

    @property
    def closed_at(self) -> datetime | None:
        """When it was answered or withdrawn."""
        return self.item.closed_at or self.item.answered_at

    @property
    def closed_by(self) -> str:
        """By whom."""
        return self.item.closed_by_name or self.item.answered_by or ""


@dataclass(frozen=True)
class Elsewhere:
    """An open talk of another place of the section, with its last word."""

    talk: Talk
    place: str
    path: str
    panel_path: str


@dataclass(frozen=True)
class Panel:
    """Everything about one place."""

    place: Place
    title: str
    talks: list[Talk]
    items: list[ItemView]
    notes: list[Note]
    people: dict[int, Person]
    elsewhere: list[Elsewhere]
    due_at: datetime

    @property
    def open_talk(self) -> Talk | None:
        """The talk that goes on here."""
        return next((talk for talk in self.talks if talk.is_open), None)

    @property
    def resolved(self) -> list[Talk]:
        """The talks that ended here."""
        return [talk for talk in self.talks if not talk.is_open]

    @property
    def open_item(self) -> ItemView | None:
        """The question that the cell waits for."""
        return next((item for item in self.items if item.is_open), None)

    @property
    def closed_items(self) -> list[ItemView]:
        """Questions that were answered or withdrawn here."""
        return [item for item in self.items if not item.is_open]


def panel(place: Place, *, reader, sees_internal: bool, now: datetime) -> Panel:
    """The panel of a place for one reader; notes only for those who may see them. At most seven queries."""
    members = people.of(place.engagement)
    talks = _talks(place, reader, people.names(members))
    here = [
        talk for talk in talks if (talk.thread.row_id, talk.thread.field) == (place.row_id, place.field_key)
    ]
    others = [talk for talk in talks if talk not in here] if place.table is None else []
    named = {talk.thread.row_id for talk in others} | {place.row_id}
    titles = places.row_titles(place.engagement, [place.section], named - {None})
    return Panel(
        place=place,
        title=titles.get(place.row_id, ""),
        talks=here,
        items=_items_here(place),
        notes=_notes(place) if sees_internal else [],
        people=members,
        elsewhere=[_elsewhere(place, talk, titles) for talk in others],
        due_at=questions.default_due(place, now),
    )


def _talks(place: Place, reader, names: dict[int, str]) -> list[Talk]:
    """The talks of a place; for a section also every open one of its rows and cells. Three queries."""
    threads = Thread.objects.filter(engagement=place.engagement, section=place.section.key)
    if place.table is None:
        threads = threads.filter(row=None) | threads.filter(resolved_at=None, row__deleted_at=None)
    elif place.row_id is None:
        return []
    else:
        threads = threads.filter(row_id=place.row_id, field=place.field_key)
    return _with_comments(threads, reader, names)


def _with_comments(threads, reader, names: dict[int, str]) -> list[Talk]:
    found = list(threads.select_related("row").order_by("-changed_at"))
    said = _comments(found, reader, names)
    return [Talk(thread, said[thread.pk]) for thread in found]


def talks_of_section(
    engagement: Engagement, section: Section, *, reader, names: dict[int, str]
) -> list[Talk]:
    """Every talk of a section, resolved ones too, the newest first. Three queries."""
    threads = Thread.objects.filter(engagement=engagement, section=section.key)
    live = threads.filter(row=None) | threads.filter(row__deleted_at=None)
    return _with_comments(live, reader, names)


def _comments(threads: list[Thread], reader, names: dict[int, str]) -> dict[int, list[CommentView]]:
    wordings: dict[int, list[Said]] = defaultdict(list)
    lines = Wording.objects.filter(comment__thread__in=threads, comment__deleted_at=None)
    for line in lines:
        wordings[line.comment_id].append(_said(line, names))
    found: dict[int, list[CommentView]] = defaultdict(list)
    for comment in Comment.objects.filter(thread__in=threads):
        is_mine = comment.by_id == reader.pk and comment.deleted_at is None
        found[comment.thread_id].append(CommentView(comment, wordings[comment.pk], is_mine))
    return found


def _said(line: Wording, names: dict[int, str]) -> Said:
    parts = [(mentions.text_of([part], names), isinstance(part, int)) for part in line.body]
    return Said(
        line.version, line.at, parts, mentions.text_of(line.body, names), mentions.people_of(line.body)
    )


def _items_here(place: Place) -> list[ItemView]:
    if place.field is None or place.row_id is None:
        return []
    items = OpenItem.objects.filter(row_id=place.row_id, field=place.field_key)
    return [ItemView(item, place.section, "", "") for item in questions.with_answers(items)]


def _notes(place: Place) -> list[Note]:
    if place.table is not None and place.row_id is None:
        return []
    return list(Note.objects.filter(**place.columns))


def _elsewhere(place: Place, talk: Talk, titles: dict[int, str]) -> Elsewhere:
    there = at(place.engagement, place.section, talk.thread)
    return Elsewhere(talk, named(there, titles), there.path, there.panel_path)


def at(engagement: Engagement, section: Section, thing) -> Place:
    """The place of a kept thing whose row was loaded with it. No query."""
    table = section.table(thing.row.table) if thing.row_id else None
    field = table.by_key.get(thing.field) if table else None
    return Place(engagement, section, table, thing.row_id, thing.row.key if thing.row_id else "", field)


def named(place: Place, titles: dict[int, str]) -> str:
    """A place in words: what the row is about, and the field."""
    from_form = place.table is not None and place.table.kind == FORM
    title = "" if from_form else titles.get(place.row_id, "")
    return ", ".join(filter(None, [title, pick(place.field.heading) if place.field else ""]))


def open_items(engagement: Engagement, sections: list[Section], *, reader) -> list[ItemView]:
    """Every question that still waits, the reader's own first, then by day. Two queries."""
    by_key = {section.key: section for section in sections}
    found = questions.with_answers(questions.still_open(engagement)).select_related("row")
    items = [item for item in found.order_by("due_at", "pk") if item.section in by_key]
    titles = places.row_titles(engagement, sections, {item.row_id for item in items})
    items.sort(key=lambda item: item.asked_id != reader.pk)
    return [_listed(engagement, by_key[item.section], item, titles) for item in items]


def _listed(engagement: Engagement, section: Section, item: OpenItem, titles: dict[int, str]) -> ItemView:
    there = at(engagement, section, item)
    return ItemView(item, section, named(there, titles), there.path)
