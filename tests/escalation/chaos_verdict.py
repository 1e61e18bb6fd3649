"""What a chaos run left behind, counted against what ought to be there: nothing lost, nothing twice, nothing else."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings

from engagements.models import TimelineEntry
from escalation.clock import BREACHED, REPEATED, WARNED
from escalation.models import Acknowledgement, ClockEvent, Deadline, Page
from iem_portal.notifications.channels.email import message_id
from iem_portal.notifications.channels.webhook import identity
from iem_portal.notifications.models import Notification
from tests.escalation.chaos_world import FIRST_RESPONSE, World, dates, told_of

MOST_EXAMPLES = 5
PASSED = (WARNED, BREACHED, REPEATED)
MESSAGE_ID = re.compile(r"^Message-ID: (<[0-9a-f]{32}@.+>)$", re.MULTILINE)
KINDS = {"breach": "breaches", "warn50": "warnings", "warn80": "warnings"}


@dataclass
class Line:
    """One kind of thing: how many there should be, how many there are, and what is wrong with them."""

    name: str
    expected: int = 0
    seen: int = 0
    lost: int = 0
    double: int = 0
    #: Wrong date, or nobody ought to have it.
    wrong: int = 0
    #: What is bad about it, a few of them in words.
    examples: list[str] = field(default_factory=list)

    def say(self, *words: object) -> None:
        """Keep an example."""
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(" ".join(map(str, words)))

    @property
    def is_bad(self) -> bool:
        """Whether this line alone lets the run fail."""
        return bool(self.lost or self.double or self.wrong)


@dataclass
class Verdict:
    """All lines, and figures that are no judgement."""

    lines: list[Line] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """Nothing lost, nothing doubled, nothing wrong."""
        return not any(line.is_bad for line in self.lines)

    def as_json(self) -> dict:
        """For the test that runs this as a program."""
        lines = {line.name: asdict(line) for line in self.lines}
        return {"is_good": self.is_good, "lines": lines, "notes": self.notes}

    def as_table(self) -> str:
        """For people."""
        heads = ("", "expected", "seen", "lost", "double", "wrong")
        rows = [heads] + [tuple(map(str, list(asdict(line).values())[:6])) for line in self.lines]
        examples = [f"{line.name}: {words}" for line in self.lines for words in line.examples]
        widths = [max(len(row[place]) for row in rows) for place in range(len(heads))]
        text = [
            "  ".join(
                cell.rjust(width) if place else cell.ljust(width)
                for place, (cell, width) in enumerate(zip(row, widths, strict=True))
            )
            for row in rows
        ]
        return "\n".join(text + examples + [""] + [f"{name}: {value}" for name, value in self.notes.items()])


@dataclass
class Rows:
    """What the database holds, read once."""

    deadlines: list[Deadline]
    events: dict[tuple, list[datetime]]
    pages: dict[str, dict[str, datetime]]
    messages: dict[str, Notification]


def read() -> Rows:
    """Everything that the lines are counted from."""
    events: dict[tuple, list[datetime]] = defaultdict(list)
    for row in ClockEvent.objects.filter(kind__in=PASSED):
        events[row.clock_id, row.cycle, row.stage].append(row.at)
    pages: dict[str, dict[str, datetime]] = defaultdict(dict)
    for page in Page.objects.all():
        pages[page.fact][page.receiver] = page.paged_at
    return Rows(
        list(Deadline.objects.select_related("clock")),
        events,
        pages,
        {row.key: row for row in Notification.objects.all()},
    )


def judge(world: World, raced: set[int], received: dict) -> Verdict:
    """The verdict; `raced` are escalations that people touched, `received` is what the receiver remembers."""
    rows = read()
    lines = [
        *_recorded(world, raced, rows),
        _pages(world, rows),
        _timeline(rows),
        *_messages(rows),
        *_arrivals(rows, received),
    ]
    return Verdict(lines)


def _fired(rows: Rows) -> list[Deadline]:
    """The end of a wait is a row too, of which nobody is told and no clock takes note as a stage."""
    return [row for row in rows.deadlines if row.fired_at is not None and told_of(row.stage)]


def fact(row: Deadline) -> str:
    """How pages and messages name what happened."""
    return f"clock:{row.clock_id}:c{row.cycle}:{row.stage}"


def _recorded(world: World, raced: set[int], rows: Rows) -> Iterable[Line]:
    """Warnings, breaches, repeats: of untouched escalations by dates worked out here, of the others by their rows."""
    lines = {name: Line(name) for name in ("warnings", "breaches", "repeats")}
    at_of = {(row.clock.escalation_id, row.clock.kind, row.stage): row for row in rows.deadlines}
    expected: dict[tuple, datetime] = {}
    for escalation in world.opened:
        if escalation.pk not in raced:
            for kind, stage, at in dates(escalation):
                row = at_of.get((escalation.pk, kind, stage))
                # A row that was never planned is expected under a key that no event can have.
                key = (row.clock_id, row.cycle, stage) if row else (None, escalation.pk, stage)
                expected[key] = at
    for row in _fired(rows):
        if row.clock.escalation_id in raced:
            expected[row.clock_id, row.cycle, row.stage] = row.due_at
    for key in expected.keys() | rows.events.keys():
        line, found = lines[KINDS.get(key[2], "repeats")], rows.events.get(key, [])
        line.expected += key in expected
        line.seen += len(found)
        line.lost += key in expected and not found
        line.double += max(len(found) - 1, 0)
        line.wrong += sum(at != expected.get(key) for at in found)
        if [expected.get(key)] != found:
            line.say("clock, cycle, stage", *key, "expected", expected.get(key), "found", *found)
    waiting = [row for row in rows.deadlines if row.fired_at is None and row.cancelled_at is None]
    return [*lines.values(), Line("deadlines forgotten", 0, len(waiting), lost=len(waiting))]


def _pages(world: World, rows: Rows) -> Line:
    """One row for each receiver of the rules; while somebody has it a breach alone is told."""
    line, known = Line("pages"), set()
    holds = defaultdict(list)
    for said in Acknowledgement.objects.all():
        holds[said.escalation_id].append((said.at, said.holds_until))
    for row in _fired(rows):
        wanted = {world.receiver(name) for name in told_of(row.stage)}
        found = rows.pages.get(fact(row), {})
        known.add(fact(row))
        is_held = any(since <= row.due_at < until for since, until in holds[row.clock.escalation_id])
        # The press and the deadline may have met: then all are told or none.
        if is_held and row.stage != "breach" and not found:
            continue
        line.expected += len(wanted)
        line.seen += len(found)
        line.lost += len(wanted - found.keys())
        line.wrong += len(found.keys() - wanted) + sum(at != row.due_at for at in found.values())
        if found != dict.fromkeys(wanted, row.due_at):
            line.say(fact(row), row.due_at, "found", found)
    line.wrong += sum(len(found) for name, found in rows.pages.items() if name not in known)
    return line


def _timeline(rows: Rows) -> Line:
    """Breaches, and the warnings of AWS's own clock, as people read them: dated at their deadline."""
    told = ("escalation.breached", "escalation.warned", "escalation.update_breached")
    found = Counter(TimelineEntry.objects.filter(phrase__in=told).values_list("subject_id", "at", "phrase"))
    wanted = Counter(
        (row.clock.escalation_id, row.due_at, _phrase(row))
        for row in _fired(rows)
        if row.stage == "breach" or (row.stage in KINDS and row.clock.kind == FIRST_RESPONSE)
    )
    return _compared("lines of the timeline", wanted, found)


def _phrase(row: Deadline) -> str:
    prefix = "" if row.clock.kind == FIRST_RESPONSE else f"{row.clock.kind}_"
    return f"escalation.{prefix}{'breached' if row.stage == 'breach' else 'warned'}"


def _messages(rows: Rows) -> Iterable[Line]:
    """One message for each page, by the page's own key; and every message left."""
    ways = {"user": ":email", "hook": ""}
    wanted = Counter(
        f"{name}:{receiver}{ways[receiver.partition(':')[0]]}"
        for name, receivers in rows.pages.items()
        for receiver in receivers
    )
    found = Counter(key for key in rows.messages if key.startswith("clock:"))
    unsent = sum(row.sent_at is None for row in rows.messages.values())
    return [
        _compared("messages of pages", wanted, found),
        Line("messages never marked as sent", 0, unsent, lost=unsent),
    ]


def _arrivals(rows: Rows, received: dict) -> Iterable[Line]:
    """What came to the receiving server and into the mail folder, under the keys of the outbox and no others."""
    posted = {identity(row) for row in rows.messages.values() if row.channel == "webhook"}
    mailed = {message_id(row.key) for row in rows.messages.values() if row.channel == "email"}
    mails = Counter(mails_of(settings.EMAIL_FILE_PATH))
    arrivals = Counter(received["arrivals"])
    yield _arrived("messages received over HTTP", posted, arrivals)
    # Its own count of what it took as new: a second message under one key is dropped there.
    accepted = received["accepted"]
    yield Line(
        "… after it dropped redeliveries of a key",
        len(posted),
        accepted,
        lost=max(len(posted) - accepted, 0),
        double=max(accepted - len(posted), 0),
        wrong=received["contradictions"],
    )
    yield _arrived("mails", mailed, mails)


def _arrived(name: str, wanted: set[str], found: Counter[str]) -> Line:
    unknown = sum(count for key, count in found.items() if key not in wanted)
    return Line(name, len(wanted), found.total(), lost=len(wanted - found.keys()), wrong=unknown)


def mails_of(folder: Path) -> Iterable[str]:
    """The Message-ID of each mail on disk; a line in whose middle somebody was killed is none."""
    for path in folder.glob("*"):
        yield from MESSAGE_ID.findall(path.read_text(errors="replace"))


def _compared(name: str, wanted: Counter, found: Counter) -> Line:
    known = sum(count for key, count in found.items() if key in wanted)
    examples = [str(key) for key in wanted.keys() | found.keys() if wanted[key] != found[key]]
    return Line(
        name,
        wanted.total(),
        found.total(),
        lost=(wanted - found).total(),
        double=known - sum(min(wanted[key], found[key]) for key in wanted),
        wrong=found.total() - known,
        examples=examples[:MOST_EXAMPLES],
    )


def contradictions(notes: dict[str, dict]) -> Line:
    """Answers that were called late, against breaches that are on record: both say the same."""
    is_late = {
        int(name.partition(":")[2]): note["said"]
        for name, note in notes.items()
        if name.startswith("answer:") and note["end"] == "done"
    }
    rows = Deadline.objects.filter(
        clock__escalation_id__in=is_late, clock__kind=FIRST_RESPONSE, stage="breach"
    )
    found = {row.clock.escalation_id: row.fired_at is not None for row in rows.select_related("clock")}
    wrong = sum(found[pk] != late for pk, late in is_late.items())
    return Line("answers at the very deadline", len(is_late), len(found), wrong=wrong)


def passed_in(dark: list[list[datetime]]) -> int:
    """Deadlines that passed while nothing ran, and were recorded when something ran again."""
    return sum(
        ClockEvent.objects.filter(kind__in=PASSED, at__range=(since, until), recorded_at__gte=until).count()
        for since, until in dark
    )


def redelivered(received: dict) -> dict[str, int]:
    """How often a message came again under its key."""
    arrivals, mails = Counter(received["arrivals"]), Counter(mails_of(settings.EMAIL_FILE_PATH))
    return {"HTTP": arrivals.total() - len(arrivals), "mail": mails.total() - len(mails)}
