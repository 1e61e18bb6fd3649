"""Availability, stability and the three lines of scalability, judged from the answers. Standard library only.

Source: planning workbook, section WB21, readiness scorecard and its suggested automatic colours.
"""

from __future__ import annotations

from decimal import Decimal

from workbook.scorecard.facts import RED, YELLOW, Answer, Facts, Verdict, about, settle, unknown

#: Groups of the architecture checks that say whether a tier survives the loss of one part.
AVAILABILITY_GROUPS = {"reliability"}
LOAD_TESTS = {"load", "stress", "soak", "spike"}
_GRANTED = {"APPROVED"}
_REFUSED = {"DENIED", "NOT_APPROVED", "INVALID_REQUEST"}


def availability(facts: Facts) -> Verdict:
    """A weighty check answered "no" is red; "partly", "unknown" or open is yellow. Source: WB11, AR01 to AR16."""
    checks = [row for row in facts.rows("ar_answer") if row.get("ar_group") in AVAILABILITY_GROUPS]
    answered = [row for row in checks if row.get("ar_answer") is not None]
    if not answered:
        return unknown("availability.unknown")
    heavy = [row for row in answered if row.get("ar_weight") == "H"]
    light = [row for row in answered if row.get("ar_weight") != "H"]
    return settle(
        [
            *about(RED, "availability.no", _answers(heavy, "no"), "ar_answer"),
            *about(YELLOW, "availability.partly", _answers(heavy, "partly", "unknown"), "ar_answer"),
            *about(YELLOW, "availability.light", _answers(light, "no"), "ar_answer"),
            *about(
                YELLOW, "availability.open",
                [row for row in checks if row.get("ar_answer") is None and row.get("ar_weight") == "H"],
                "ar_answer",
            ),
        ],
        "availability.good",
        answered,
    )  # fmt: skip


def _answers(rows: list[Answer], *answers: str) -> list[Answer]:
    return [row for row in rows if row.get("ar_answer") in answers]


def stability(facts: Facts) -> Verdict:
    """Open issues of the register in red or yellow. Without one the TAM judges: the workbook holds no cases."""
    issues = [row for row in facts.answered("rk_kind") if row.get("rk_kind") == "issue"]
    still = [row for row in issues if row.get("rk_status") not in {"mitigated", "accepted", "closed"}]
    reasons = [
        *about(RED, "stability.stuck", [row for row in still if row.get("rk_rag") == RED], "rk_rag"),
        *about(YELLOW, "stability.open", [row for row in still if row.get("rk_rag") != RED], "rk_status"),
    ]
    return settle(reasons, "") if reasons else unknown("stability.unknown")


def capacity(facts: Facts) -> Verdict:
    """A quota below the need is red from D-7 unless granted, and at once when refused. Source: WB08."""
    quotas = facts.rows("q_gap")
    known = [row for row in quotas if row.get("q_gap") is not None]
    reserved = [row for row in quotas if row.get("cap_result") is not None]
    if not known and not reserved:
        return unknown("capacity.unknown")
    short = [row for row in known if row.get("q_gap") == "SHORT" and not _is_granted(row)]
    refused = [row for row in short if row.get("q_status") in _REFUSED]
    waiting = [row for row in short if row not in refused]
    is_late = facts.is_within("capacity_must_be_granted_days")
    unverified = [
        row for row in known
        if row.get("q_gap") != "OK" and row.get("q_status") in _GRANTED and row.get("q_verified") is not True
    ]  # fmt: skip
    return settle(
        [
            *about(RED, "capacity.refused", refused, "q_status"),
            *about(RED if is_late else YELLOW, "capacity.short", waiting, "q_gap"),
            *about(RED, "capacity.no_capacity", _results(quotas, "refused"), "cap_result"),
            *about(YELLOW, "capacity.unconfirmed", _results(quotas, "partial", "pending"), "cap_result"),
            *about(YELLOW, "capacity.unverified", unverified, "q_verified"),
            *about(
                YELLOW, "capacity.tight",
                [row for row in known if row.get("q_gap") == "TIGHT" and not _is_granted(row)], "q_gap",
            ),
            *about(YELLOW, "capacity.no_need", [row for row in quotas if row.get("q_need") is None], "q_need"),
        ],
        "capacity.good",
        known,
    )  # fmt: skip


def _is_granted(row: Answer) -> bool:
    return row.get("q_status") in _GRANTED or row.get("q_verified") is True


def _results(rows: tuple[Answer, ...], *results: str) -> list[Answer]:
    return [row for row in rows if row.get("cap_result") in results]


def load_balancers(facts: Facts) -> Verdict:
    """Failed or, at D-1, missing reservations and unscaled backends are red. Source: WB09."""
    rows = facts.answered("lb_arn")
    if not rows:
        return unknown("load_balancers.unknown")
    late = RED if facts.is_within("balancers_must_be_ready_days") else YELLOW
    wanted = [row for row in rows if row.number("lb_reserve_lcu")]
    reserved = {"provisioned", "failed", "released", "not-needed"}
    return settle(
        [
            *about(RED, "load_balancers.failed", _states(rows, "failed"), "lb_reserve_state"),
            *about(
                late, "load_balancers.waiting",
                [row for row in wanted if row.get("lb_reserve_state") not in reserved], "lb_reserve_state",
            ),
            *about(
                late, "load_balancers.backends",
                [row for row in rows if row.get("lb_back_scaled") is False], "lb_back_scaled",
            ),
            *about(
                YELLOW, "load_balancers.unchecked",
                [row for row in rows if row.get("lb_health") is None or row.get("lb_back_scaled") is None],
                "lb_health",
            ),
        ],
        "load_balancers.good",
        rows,
    )  # fmt: skip


def _states(rows: list[Answer], *states: str) -> list[Answer]:
    return [row for row in rows if row.get("lb_reserve_state") in states]


def load_test(facts: Facts) -> Verdict:
    """The newest result of each goal: failed or below 0.7 of the forecast is red, below 1.0 yellow. Source: WB14."""
    tests = [row for row in facts.answered("ts_kind") if row.get("ts_kind") in LOAD_TESTS]
    if not tests:
        planned = facts.answered("ts_kind")
        return (
            settle(about(YELLOW, "load_test.none", planned, "ts_kind"), "")
            if planned
            else unknown("load_test.unknown")
        )
    run = [row for row in tests if row.get("ts_result") not in {None, "not-run"}]
    if not run:
        is_late = facts.is_within("load_test_must_be_done_days")
        return settle(about(RED if is_late else YELLOW, "load_test.not_run", tests, "ts_result"), "")
    newest = max(run, key=lambda row: (row.get("ts_when") or "", int(row.row) if row.row.isdigit() else 0))
    return _reached(newest, facts)


def _reached(test: Answer, facts: Facts) -> Verdict:
    ratio = test.number("ts_ratio")
    percent = {"percent": int(ratio * 100)} if ratio is not None else {}
    red, green = Decimal(facts.limits["load_ratio_red"]), Decimal(facts.limits["load_ratio_green"])
    reasons = []
    if test.get("ts_result") == "fail":
        reasons += about(RED, "load_test.failed", [test], "ts_result", title=test.title)
    if ratio is None:
        reasons += about(YELLOW, "load_test.no_peak", [test], "ts_peak", title=test.title)
    elif ratio < red:
        reasons += about(RED, "load_test.far_below", [test], "ts_ratio", **percent)
    elif ratio < green:
        reasons += about(YELLOW, "load_test.below", [test], "ts_ratio", **percent)
    if test.get("ts_result") == "pass-findings":
        reasons += about(YELLOW, "load_test.findings", [test], "ts_findings", title=test.title)
    return settle(reasons, "load_test.good", [test])
