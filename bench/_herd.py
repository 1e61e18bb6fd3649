"""Fills a database with very many running clocks by a few INSERT … SELECT, and makes some of them due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection

from bench._tracker import Ticket
from escalation.clock import BREACH, STAGES
from escalation.models import Clock, ClockEvent, Deadline, Escalation
from tests import factories
from tests.escalation.bulk import hash_cheaply, make_running

FAR = datetime(2031, 1, 1, tzinfo=UTC)
ENGAGEMENTS = 20


def prepare(now: datetime) -> None:
    """Twenty engagements with two people each, and one escalation to copy."""
    hash_cheaply()
    for _ in range(ENGAGEMENTS):
        engagement = factories.engagement(now=now)
        factories.member(engagement, "tam")
        factories.member(engagement, "customer_lead")
    make_running(engagement, 1, due_at=FAR)


def grow(total: int) -> None:
    """Running clocks up to `total`, each with its three deadlines far ahead; and as many tickets for the baseline."""
    have = Escalation.objects.count()
    _copy(
        Escalation, total - have, number=f"{have} + series.n", engagement_id=f"1 + series.n % {ENGAGEMENTS}"
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO escalation_clock (escalation_id, kind, cycle, calendar) "
            "SELECT e.id, c.kind, 0, c.calendar FROM escalation_escalation e "
            "CROSS JOIN (SELECT kind, calendar FROM escalation_clock ORDER BY id LIMIT 1) c "
            "WHERE e.id NOT IN (SELECT escalation_id FROM escalation_clock)"
        )
    first = Clock.objects.order_by("pk").first()
    started = ClockEvent.objects.get(clock=first, kind="started")
    _each_clock(ClockEvent, started)
    for stage in STAGES:
        template, _ = Deadline.objects.get_or_create(
            clock=first, cycle=0, stage=stage, defaults={"due_at": FAR, "wake_at": FAR}
        )
        _each_clock(Deadline, template)
    ticket = Ticket.objects.first() or Ticket.objects.create(title="Trouble", opened_at=FAR, target_s=900)
    _copy(Ticket, total - Ticket.objects.count(), title=_quoted(ticket.title))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def make_due(count: int, first: datetime, within: timedelta) -> list[int]:
    """Breach deadlines of `count` clocks, spread evenly over `within` from `first`; their clocks, in order."""
    rows = list(Deadline.objects.waiting().filter(stage=BREACH, wake_at__gte=FAR).order_by("-clock")[:count])
    for index, row in enumerate(rows):
        row.due_at = row.wake_at = first + within * index / count
    Deadline.objects.bulk_update(rows, ["due_at", "wake_at"], batch_size=500)
    return [row.clock_id for row in rows]


def make_tickets_due(count: int, first: datetime, within: timedelta) -> dict[int, datetime]:
    """The same for the baseline's tickets: when each is due."""
    rows = list(Ticket.objects.filter(opened_at__gte=FAR).order_by("-pk")[:count])
    dues = {row.pk: first + within * index / count for index, row in enumerate(rows)}
    for row in rows:
        row.opened_at = dues[row.pk] - timedelta(seconds=row.target_s)
    Ticket.objects.bulk_update(rows, ["opened_at"], batch_size=500)
    return dues


def _copy(model, count: int, **changed: str) -> None:
    """Copies of the first row of a table, some columns set by an SQL expression of `series.n` (1, 2, …)."""
    if count <= 0:
        return
    quote = connection.ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = [changed.get(column, f"first.{quote(column)}") for column in columns]
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count}) "
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) SELECT {', '.join(values)} "
            f"FROM series CROSS JOIN (SELECT * FROM {table} ORDER BY id LIMIT 1) first"
        )


def _each_clock(model, template) -> None:
    """A copy of one row for each clock that has none of its kind yet."""
    quote = connection.ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ["c.id" if column == "clock_id" else f"t.{quote(column)}" for column in columns]
    table, mark = quote(model._meta.db_table), "stage" if model is Deadline else "kind"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(map(quote, columns))}) SELECT {', '.join(values)} "
            f"FROM escalation_clock c CROSS JOIN (SELECT * FROM {table} WHERE id = %s) t "
            f"WHERE c.id NOT IN (SELECT clock_id FROM {table} WHERE {mark} = %s)",
            [template.pk, getattr(template, mark)],
        )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
