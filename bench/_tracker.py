"""The baseline of `bench clocks`: a plain escalation tracker, as such tools are commonly written.

Each tick it reads all open tickets, works out in Python which are late, and saves each of those on its own. It leaves
the same behind as the engine does, row by row: the late ticket, an event, a line of history, and a message for each of
two receivers.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection, models

RECEIVERS = ("tam@example.com", "lead@example.com")


class Ticket(models.Model):
    """One running escalation."""

    title = models.CharField(max_length=200)
    is_open = models.BooleanField(default=True, db_index=True)
    opened_at = models.DateTimeField()
    target_s = models.PositiveIntegerField()
    breached_at = models.DateTimeField(null=True)

    class Meta:
        app_label = "bench"


class TicketEvent(models.Model):
    """What happened to it."""

    ticket = models.ForeignKey(Ticket, models.CASCADE)
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        app_label = "bench"


class TicketMessage(models.Model):
    """Who is to be told."""

    ticket = models.ForeignKey(Ticket, models.CASCADE)
    address = models.EmailField()
    body = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        app_label = "bench"


def create_tables() -> None:
    """Outside the migrations: these tables exist in the benchmark's own database only."""
    with connection.schema_editor() as editor:
        for model in (Ticket, TicketEvent, TicketMessage):
            editor.create_model(model)


def tick(now: datetime, on_saved=lambda ticket: None) -> int:
    """Scan everything, save each late one; how many were late."""
    late = 0
    for ticket in Ticket.objects.filter(is_open=True):
        due_at = ticket.opened_at + timedelta(seconds=ticket.target_s)
        if ticket.breached_at is None and due_at <= now:
            ticket.breached_at = now
            ticket.save()
            TicketEvent.objects.create(ticket=ticket, kind="breached", at=now)
            TicketEvent.objects.create(ticket=ticket, kind="history", at=now)
            for address in RECEIVERS:
                body = f"{ticket.title}: no answer by {due_at:%F %T}"
                TicketMessage.objects.create(ticket=ticket, address=address, body=body, created_at=now)
            on_saved(ticket)
            late += 1
    return late
