"""In which words is somebody told? What the templates of the ladder's messages are given."""

from __future__ import annotations

from datetime import datetime

from escalation import catalog
from escalation.ladder import rules
from escalation.models import Clock

MAIL = "escalation/mail/"
TEMPLATES = {
    rules.OPENED: f"{MAIL}opened",
    rules.REOPENED: f"{MAIL}reopened",
    rules.CHANGED: f"{MAIL}changed",
    rules.WARN_50: f"{MAIL}warning",
    rules.WARN_80: f"{MAIL}warning",
    rules.BREACH: f"{MAIL}breach",
    rules.AGAIN: f"{MAIL}repeat",
}
ACKNOWLEDGED, MERGED = f"{MAIL}acknowledged", f"{MAIL}merged"
ALL_CLEAR, DRILL, BUNDLE = f"{MAIL}all_clear", f"{MAIL}drill", f"{MAIL}bundle"
PERCENT = {rules.WARN_50: 50, rules.WARN_80: 80}


def about(escalation_id: int) -> str:
    """How the outbox names an escalation."""
    return f"escalation:{escalation_id}"


def facts(escalation) -> dict:
    """What every message says; takes an Escalation or a `firing.Due`, which name these things alike."""
    engagement = escalation.engagement
    return {
        "reference": escalation.reference,
        "title": escalation.title,
        "symptom": escalation.symptom,
        "severity": severity(escalation.severity),
        "severity_code": escalation.severity,
        "lane": catalog.lanes()[escalation.lane]["label"],
        "case_id": escalation.case_id,
        "engagement": engagement.name,
        "engagement_reference": engagement.reference,
        "number": escalation.number,
    }


def of_due(due) -> dict:
    """What the messages of one fired deadline say."""
    stage, number = rules.split(due.stage)
    # Only the first answer counts from the case; the others say when they are due, and that is enough.
    is_first = due.kind == Clock.Kind.FIRST_RESPONSE
    at = instant(due.due_at)
    words = {
        "kind": due.kind,
        "stage": due.stage,
        "repeat": number,
        "percent": PERCENT.get(stage, 100),
        "stage_at": at,
        "due_at": at if due.breach_due_at == due.due_at else instant(due.breach_due_at),
        # Who has it inside AWS is not for customers, and one message is for everybody.
        "owner": "" if catalog.is_internal(due.level) else due.owner_name,
    }
    if is_first:
        words["started_at"] = instant(due.case_opened_at or due.due_at)
    if due.kind == Clock.Kind.LEVEL:
        words["level"] = catalog.level_label(due.lane, due.level)
    return facts(due) | words


def severity(code: str) -> dict:
    """The severity in both languages as the portal names it and as AWS does: "Urgent (Production system down)"."""
    row = catalog.severities()[code]
    return {language: f"{word} ({row['aws'][language]})" for language, word in row["label"].items()}


def instant(at: datetime) -> dict[str, str]:
    """An instant as the outbox keeps it, to be printed in the receiver's zone."""
    return {"at": at.isoformat()}
