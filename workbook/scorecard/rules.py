"""The fourteen lines of the scorecard and the rule of each. Standard library only.

A rule is a function of the facts; its colours and thresholds are our proposals, the thresholds kept as
data in ``thresholds.json``. Source: planning workbook, section WB21, readiness scorecard.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

from workbook.scorecard import capacity, operation, protection
from workbook.scorecard.facts import Facts, Rule, Verdict

RULES: dict[str, Rule] = {
    "availability": capacity.availability,
    "stability": capacity.stability,
    "capacity": capacity.capacity,
    "load_balancers": capacity.load_balancers,
    "load_test": capacity.load_test,
    "trusted_advisor": protection.trusted_advisor,
    "ddos": protection.ddos,
    "monitoring": operation.monitoring,
    "runbook": operation.runbook,
    "people": operation.people,
    "data": protection.data,
    "third_parties": protection.third_parties,
    "risks": operation.risks,
    "health": protection.health,
}
#: Every field that a rule looks at; only these are read from the database.
FIELDS = frozenset(
    re.findall(
        r"\w+",
        """
        ar_answer ar_group ar_weight rk_kind rk_status rk_rag rk_owner rk_mitigation rk_accept
        q_gap q_applied q_need q_margin q_status q_verified cap_result
        lb_arn lb_reserve_lcu lb_reserve_state lb_back_scaled lb_health
        ts_kind ts_result ts_ratio ts_peak ts_when ts_findings ts_traffic tf_event_peak
        se_mfa_root se_ta_security se_ta_yellow se_trail se_open_ports se_surface se_waf se_shield
        dp_store dp_backup dp_last dp_restore_tested dp_pitr rs_module mo_rpo
        tp_name tp_limit_n tp_need tp_told tp_told_by tp_contact win_conflict win_kind
        mt_metric al_ref al_tested al_first db_url pl_what pl_owner pl_min pl_fallback pl_fallback_scenario
        ct_name ct_role ct_shift_start ct_shift_end ct_phone es_level es_who
        """,
    )
)


@cache
def thresholds() -> dict:
    """Where the rules change colour, from the data file."""
    path = Path(__file__).with_name("thresholds.json")
    return {key: value for key, value in json.loads(path.read_text("utf-8")).items() if key != "about"}


def judge(facts: Facts) -> dict[str, Verdict]:
    """The verdict of every line, in their order."""
    return {line: rule(facts) for line, rule in RULES.items()}
