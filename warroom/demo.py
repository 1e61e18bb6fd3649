"""The demo's night: the runbook from its template, what was done until T0+75 min, and three status updates."""

from __future__ import annotations

from datetime import datetime, timedelta

from iem_portal.registry import demo_parts
from warroom import room, runbook
from warroom.models import Runbook, Step
from warroom.rehearsal.demo import Rehearsal

__all__ = ["Night", "Rehearsal", "RunbookPlan"]

MINUTE = timedelta(minutes=1)
OWNERS = {
    "all": "customer",
    "comms": "tam",
    "network": "network",
    "db": "database",
    "app": "application",
    "qa": "application",
    "ops": "warroom",
}
# code, start and end in minutes from T0; an end of None is still running, a single number is a gate's GO.
NIGHT = (
    ("PRE-01", -4320, -4312),
    ("PRE-02", -1440, -1376),
    ("PRE-03", -238, -226),
    ("PRE-04", -180, -128),
    ("PRE-05", -120, -66),
    ("PRE-06", -60, -57),
    ("G1", -54, -54),
    ("APP-01", -30, -17),
    ("G2", -7, -7),
    ("APP-02", 0, 4),
    ("APP-03", 4, 17),
    ("DB-01", 17, 21),
    ("DB-02", 21, 46),
    ("DB-03", 46, 65),
    ("DB-04", 65, 73),
    ("DB-05", 73, None),
)
NOTES = {
    "DB-02": (38, "Large rows in one table; the task catches up slowly."),
    "DB-05": (74, "Lag rises again. A critical case is open, the task is not restarted yet."),
}
VOTERS = {"db": "database", "app": "application", "network": "network", "qa": "application", "tam": "tam"}
EVIDENCE = {
    "DB-03": "214 tables, 0 differences; checksum report in the shared folder",
    "DB-04": "Snapshot enrol-db-cutover-01",
}
UPDATES = (
    (
        -56,
        "on_plan",
        "Gate 1 is taken at T0−54 min. Scaling, warm-up and smoke tests are done. Maintenance starts on time.",
    ),
    (6, "on_plan", "The maintenance page is up and sessions drain. Next: databases become read-only."),
    (
        48,
        "at_risk",
        "Replication took 6 minutes longer than planned; reconciling has begun. Gate 3 is not at risk. "
        "Next word in 30 minutes.",
    ),
)


@demo_parts.register
class RunbookPlan:
    """Nine days before: the runbook is made, and every stream has its owner."""

    key = "warroom.plan"
    order = 22

    def seed(self, world, now: datetime) -> None:
        """Needs both engagements; one that has a runbook is left as it is."""
        engagement, tam = world.engagement, world.people["tam"]
        if Runbook.objects.filter(engagement=engagement).exists():
            return
        made = runbook.create_runbook(
            engagement=engagement, by=tam, now=engagement.starts_at - timedelta(days=9)
        )
        for stream, person in OWNERS.items():
            owner = world.people.get(person, tam)
            steps = Step.objects.filter(runbook__in=(made, made.rollback), stream=stream)
            steps.update(owner=owner, owner_name=owner.name)
        customer, deputy = world.people["customer"], world.people["warroom"]
        callers = [{"id": customer.pk, "name": customer.name}]
        made = runbook.runbook_of(engagement, made.number)
        at = engagement.starts_at - timedelta(days=8)
        words = {"deputy_id": deputy.pk, "scribe_id": deputy.pk, "rto_min": 240, "rpo_min": 5}
        made = runbook.change_header(
            runbook=made, version=made.version, by=tam, now=at, rollback_callers=callers, **words
        )
        made = runbook.submit(runbook=made, version=made.version, by=tam, now=at)
        for side, later in ((tam, 2), (customer, 5)):
            made = runbook.approve(
                runbook=made, version=made.version, by=side, now=at + timedelta(hours=later)
            )


@demo_parts.register
class Night:
    """The night until the newcomer arrives, through the verbs people use, at the times things happened."""

    key = "warroom.night"
    order = 40

    def seed(self, world, now: datetime) -> None:
        """Needs the runbook of :class:`RunbookPlan`."""
        engagement, t0 = world.engagement, world.engagement.starts_at
        room.open_room(engagement=engagement, by=world.people["tam"], now=t0 - 90 * MINUTE)
        for code, start, end in NIGHT:
            self._run(world, engagement, code, t0 + start * MINUTE, end if end is None else t0 + end * MINUTE)
        for code, (minute, note) in NOTES.items():
            step = runbook.find(engagement, code)
            at = t0 + minute * MINUTE
            runbook.note_step(step=step, version=step.version, by=world.people["warroom"], now=at, note=note)
        for minute, state, text in UPDATES:
            at = t0 + minute * MINUTE
            room.post_update(engagement=engagement, state=state, text=text, by=world.people["tam"], now=at)

    def _run(self, world, engagement, code: str, start: datetime, end: datetime | None) -> None:
        step = runbook.find(engagement, code)
        by = world.people.get(OWNERS[step.stream], world.people["tam"])
        if step.is_gate:
            self._vote(world, step, start)
            runbook.decide_gate(step=step, version=step.version, decision="go", by=by, now=start)
            return
        step = runbook.start_step(step=step, version=step.version, by=by, now=start)
        if end is None:
            return
        if step.is_four_eyes:
            by = next(p for p in (world.people["tam"], world.people["warroom"]) if p.pk != by.pk)
        words = {"is_criterion_met": True, "evidence": EVIDENCE.get(code, "")}
        runbook.finish_step(step=step, version=step.version, by=by, now=end, **words)

    def _vote(self, world, step: Step, at: datetime) -> None:
        """Every role says GO in the minutes before the decision."""
        asked = runbook.ask_gate(step=step, by=world.people["tam"], now=at - 4 * MINUTE, minutes=10)
        confirmed = [question["key"] for question in asked.questions]
        for number, role in enumerate(asked.roles):
            by = world.people.get(VOTERS.get(role["key"], "customer"), world.people["tam"])
            words = {"role": role["key"], "answer": "go", "confirmed": confirmed if number == 0 else []}
            runbook.vote(step=step, by=by, now=at - 3 * MINUTE + number * MINUTE / 4, **words)
