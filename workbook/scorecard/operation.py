"""Monitoring, runbook, people and risks, judged from the answers. Standard library only.

Source: planning workbook, section WB21, readiness scorecard and its suggested automatic colours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from workbook.scorecard.facts import RED, YELLOW, Answer, Facts, Verdict, about, settle, unknown

REHEARSALS = {"rehearsal", "game-day", "rollback-drill"}
COMMANDER = "incident-commander"
_PASSED = {"pass", "pass-findings"}
_CLOSED = {"mitigated", "closed"}
_HOUR = timedelta(hours=1)


def monitoring(facts: Facts) -> Verdict:
    """No tile for the event is red; untested alarms, or alarms that nobody answers, are yellow. Source: WB12."""
    tiles, alarms = facts.answered("mt_metric"), facts.answered("al_ref")
    boards = facts.answered("db_url")
    if not (tiles or alarms or boards):
        return unknown("monitoring.unknown")
    is_near = facts.is_within("alarms_must_exist_days")
    places = tiles or boards or alarms
    return settle(
        [
            *about(RED, "monitoring.no_tiles", [] if tiles or boards else alarms[:1]),
            *about(RED if is_near else YELLOW, "monitoring.no_alarms", [] if alarms else places[:1]),
            *about(
                YELLOW, "monitoring.untested", [row for row in alarms if row.get("al_tested") is not True],
                "al_tested",
            ),
            *about(
                YELLOW, "monitoring.nobody", [row for row in alarms if row.get("al_first") is None], "al_first"
            ),
        ],
        "monitoring.good",
        alarms,
    )  # fmt: skip


def runbook(facts: Facts) -> Verdict:
    """Steps without owner, minutes or a way out are red from D-7; no rehearsal is yellow. Source: WB13, WB14."""
    steps = facts.answered("pl_what")
    if not steps:
        return unknown("runbook.unknown")
    gaps = [row for row in steps if not _is_complete(row)]
    rehearsals = [row for row in facts.answered("ts_kind") if row.get("ts_kind") in REHEARSALS]
    failed = [row for row in rehearsals if row.get("ts_result") == "fail"]
    passed = [row for row in rehearsals if row.get("ts_result") in _PASSED]
    is_near = facts.is_within("plan_must_be_complete_days")
    return settle(
        [
            *about(RED if is_near else YELLOW, "runbook.gaps", gaps),
            *about(RED, "runbook.failed", [] if passed else failed, "ts_result"),
            *about(YELLOW, "runbook.not_rehearsed", [] if passed or failed else steps[:1]),
        ],
        "runbook.good",
        passed,
    )  # fmt: skip


def _is_complete(step: Answer) -> bool:
    fallback = step.get("pl_fallback") or step.get("pl_fallback_scenario")
    return None not in (step.get("pl_owner"), step.get("pl_min")) and bool(fallback)


def people(facts: Facts) -> Verdict:
    """An hour of the event without an incident commander is red, an empty level yellow. Source: WB03, WB22."""
    contacts = facts.answered("ct_name")
    if not contacts:
        return unknown("people.unknown")
    commanders = [row for row in contacts if _has_role(row, COMMANDER)]
    hours = _hours(uncovered((facts.starts_at, facts.ends_at), _shifts(commanders)))
    is_near = facts.is_within("shifts_must_be_written_days")
    nobody = about(
        RED if is_near else YELLOW, "people.no_commander", [] if commanders else contacts[:1], "ct_role"
    )
    colour = RED if is_near else YELLOW
    levels = [row for row in facts.answered("es_level") if row.get("es_who") is None]
    unreachable = [row for row in commanders if row.get("ct_phone") is None]
    return settle(
        [
            *nobody,
            *about(colour, "people.gap", commanders if hours else [], "ct_shift_start", hours=hours),
            *about(YELLOW, "people.unreachable", unreachable, "ct_phone"),
            *about(YELLOW, "people.level", levels, "es_who"),
        ],
        "people.good",
        commanders,
    )  # fmt: skip


def _has_role(row: Answer, role: str) -> bool:
    value = row.get("ct_role")
    return role in value if isinstance(value, list) else value == role


def _shifts(rows: list[Answer]) -> list[tuple[datetime, datetime]]:
    spans = [(row.instant("ct_shift_start"), row.instant("ct_shift_end")) for row in rows]
    return [(start, end) for start, end in spans if start and end and start < end]


def uncovered(
    window: tuple[datetime, datetime], shifts: list[tuple[datetime, datetime]]
) -> list[tuple[datetime, datetime]]:
    """The parts of a window in which no shift runs, in order."""
    at, until = window
    gaps = []
    for start, end in sorted(shifts):
        if start > at:
            gaps.append((at, min(start, until)))
        at = max(at, end)
        if at >= until:
            break
    if at < until:
        gaps.append((at, until))
    return [(start, end) for start, end in gaps if start < end]


def _hours(gaps: list[tuple[datetime, datetime]]) -> int:
    """Begun hours in all gaps."""
    return -int(-sum((end - start for start, end in gaps), timedelta()) // _HOUR)


def risks(facts: Facts) -> Verdict:
    """An open red risk is yellow with owner and plan, red without. Source: WB15."""
    register = facts.answered("rk_rag")
    if not register:
        return unknown("risks.unknown")
    still = [row for row in register if row.get("rk_rag") == RED and row.get("rk_status") not in _CLOSED]
    bare = [row for row in still if not (_is_accepted(row) or _is_planned(row))]
    return settle(
        [
            *about(RED, "risks.bare", bare, "rk_mitigation"),
            *about(YELLOW, "risks.planned", [row for row in still if row not in bare], "rk_rag"),
        ],
        "risks.good",
    )


def _is_accepted(row: Answer) -> bool:
    return row.get("rk_status") == "accepted" and row.get("rk_accept") is not None


def _is_planned(row: Answer) -> bool:
    return row.get("rk_owner") is not None and row.get("rk_mitigation") is not None
