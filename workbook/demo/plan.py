"""The demo's plan of the night: steps, tests, risks and scenarios."""

from datetime import datetime, timedelta

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_OWNERS = (("DB", "Lim Sojin"), ("NET", "Kang Mirae"), ("APP", "Noh Taemin"), ("QA", "Noh Taemin"))
_OWNER_OF = {"PRE-01": "Kang Mirae", "PRE-02": "Lim Sojin", "PRE-03": "Lim Sojin", "PRE-04": "Noh Taemin"}
_MODULE_OF = {"DB": "Enrolment database", "APP": "Portal", "NET": "Edge"}
#: What the preset leaves open, where the plan has better words than the general ones.
_SEEN = {
    "PRE-01": "All three records answer with TTL 60 from two outside resolvers",
    "PRE-04": "40 portal instances in service, both zones, none unhealthy",
    "PRE-06": "Notice stands on the status page",
    "APP-02": "New sessions see the maintenance page",
    "APP-03": "No open sessions, queues empty",
    "DB-01": "A test insert on the source is refused",
    "DB-04": "Snapshot is available, its id is in the log",
    "APP-04": "Health check green on every target",
    "QA-02": "Card, transfer and identity check each passed once",
    "NET-01": "Half of the resolvers asked answer with the new address",
    "NET-02": "Seven of seven resolvers, certificates valid",
    "APP-05": "Errors below 0.1 % at 10, 50 and 100 %",
    "OPS-01": "Board green for one hour",
    "COM-02": "Notice stands on the status page and is mailed",
    "APP-06": "First run of each batch ends well",
    "OPS-02": "Backup is listed, two people can sign in",
    "OPS-03": "Source refuses writes",
}


def step(title: str, seen: str | None, fallback: str | None) -> dict:
    """What the customer added to a step of the preset, as typed."""
    code = title.split(" ")[0]
    stream = code.split("-")[0]
    owner = _OWNER_OF.get(code) or dict(_OWNERS).get(stream, "Baek Jihun")
    values = {"pl_owner": owner}
    if stream in _MODULE_OF:
        values["pl_module"] = _MODULE_OF[stream]
    if not seen:
        values["pl_verify"] = _SEEN.get(code, "Every owner says go, written in the log")
    if not fallback:
        values["pl_fallback"] = (
            "The commander decides: wait, go back, or stop" if title.startswith("Gate")
            else "Try again once, then tell the commander"
        )  # fmt: skip
    return values


_TEST_KEYS = (
    "ts_kind", "ts_goal", "ts_scope", "ts_env", "ts_policy", "days", "ts_owner", "ts_traffic", "ts_peak", "ts_p95",
    "ts_err", "ts_result", "ts_findings",
)  # fmt: skip
_TESTS = (
    ("load", "Enrolment peak, 3,360 requests/s for 30 minutes", "Portal, Sign-in", "prod-like", "approved", -14,
     "Noh Taemin", "Portal", "3410", "640", "0.04", "pass-findings",
     "The pool of the enrolment database reached 740 of 1,000 connections; raised to 1,400."),
    ("stress", "Find the breaking point of the portal", "Portal", "prod-like", "approved", -13, "Noh Taemin",
     "Portal", "5900", "2100", "1.8", "pass", ""),
    ("restore", "Enrolment database restored within 45 minutes", "Enrolment database", "prod-like", "not-needed",
     -12, "Lim Sojin", "", "", "", "", "pass", ""),
    ("failover-az", "Peak carried without apne2-az3", "Portal, Enrolment database", "prod-like", "not-needed", -10,
     "Kang Mirae", "", "", "", "", "pass", ""),
    ("rehearsal", "Whole cutover with the people of the night", "Portal, Sign-in, Enrolment database, Payment",
     "prod-like", "not-needed", -8, "Baek Jihun", "", "", "", "", "pass", ""),
)  # fmt: skip


def tests(t0: datetime) -> list[dict]:
    """Rows of section WB14, as typed."""
    rows = []
    for line in _TESTS:
        row = dict(zip(_TEST_KEYS, line, strict=True))
        at = t0 + row.pop("days") * _DAY
        row |= {"ts_when": at.isoformat(), "ts_until": (at + 3 * _HOUR).isoformat()}
        if row["ts_env"] == "prod-like":
            row["ts_env_diff"] = "Same sizes, half of the course data"
        rows.append(row)
    return rows


def reconciliation(t0: datetime) -> dict:
    """What was added to the reconciliation tests of the preset, as typed."""
    return {
        "ts_scope": "Enrolment database", "ts_env": "prod", "ts_when": (t0 - 7 * _DAY).isoformat(),
        "ts_owner": "Lim Sojin", "ts_result": "pass",
    }  # fmt: skip


_RISK_KEYS = (
    "rk_kind", "rk_title", "rk_desc", "rk_area", "rk_module", "rk_prob", "rk_impact", "rk_rag", "rk_trigger",
    "rk_mitigation", "rk_contingency", "rk_owner", "days", "rk_status",
)  # fmt: skip
_RISKS = (
    ("risk", "Replication does not reach zero lag before the switch", "The nightly batch of the source writes much.",
     "data", "Enrolment database", "3", "5", "YELLOW", "Lag above 20 s at T-1h", "Stop the batch at T-30; larger task.",
     "Wait at most 20 minutes, then roll back.", "Lim Sojin", -3, "mitigated"),
    ("risk", "The card provider throttles at the first rush", "Its limit is close to the forecast.", "third-party",
     "Payment", "3", "4", "YELLOW", "429 answers of the provider", "Limit confirmed in writing; queue before the call.",
     "Switch to bank transfer.", "Noh Taemin", -5, "accepted"),
    ("risk", "vCPU quota short for a second scale-out", "The old estate still runs until D+3.", "quota", "Portal", "2",
     "4", "GREEN", "Launch errors in the scaling group", "Increase granted on D-16 and checked.",
     "Stop the old test estate.", "Baek Jihun", -10, "closed"),
    ("issue", "Two resolvers keep the old address beyond the TTL", "Found in the rehearsal.", "network", "Edge", "", "",
     "YELLOW", "", "The old address forwards to the new one for a week.", "Forwarding is already on.", "Kang Mirae",
     -2, "in-progress"),
    ("action", "Print the rollback runbook for the room", "The bridge may fail.", "operation", "", "", "", "GREEN", "",
     "Printed and laid out at D-1.", "", "Kang Mirae", -1, "closed"),
    ("assumption", "No course starts before eight in the morning", "Agreed with the registry.", "schedule", "", "", "",
     "GREEN", "", "Confirmed in writing on D-20.", "", "Moon Jaeho", -20, "closed"),
)  # fmt: skip


def risks(t0: datetime) -> list[dict]:
    """Rows of section WB15, as typed."""
    rows = []
    for line in _RISKS:
        row = dict(zip(_RISK_KEYS, line, strict=True))
        row["rk_due"] = (t0 + row.pop("days") * _DAY).date().isoformat()
        if row["rk_status"] == "accepted":
            row |= {"rk_accept": "Moon Jaeho", "rk_accept_why": "Bank transfer covers two hours"}
        rows.append(row)
    return rows


#: What was added to the rollback of the preset, as typed.
ROLLBACK = {
    "sn_decider": "Moon Jaeho", "sn_minutes": "70", "sn_notify": "Executives, End users", "sn_channel": "Bridge, mail",
    "sn_verify": "Portal answers from the source, a test enrolment is saved", "sn_data_loss": "None before gate G3",
    "sn_tested": "yes", "sn_test": "Whole cutover with the people of the night",
}  # fmt: skip
SCENARIOS = [
    {"sn_kind": "primary", "sn_name": "Cutover in one night", "sn_desc": "Everything moves between T0 and T+3h.",
     "sn_trigger": "Gate G1 says go", "sn_decider": "Moon Jaeho", "sn_decide_by": "T-1h", "sn_minutes": "180",
     "sn_steps": "The detailed event plan", "sn_notify": "Executives, End users", "sn_channel": "Mail, status page",
     "sn_verify": "Success criteria of section 1", "sn_data_loss": "None", "sn_ponr": "Gate G3: point of no return",
     "sn_tested": "yes", "sn_test": "Whole cutover with the people of the night"},
    {"sn_kind": "degrade", "sn_name": "Waiting page at the portal", "sn_desc": "Students are let in by year.",
     "sn_trigger": "p95 above 2 s for 5 minutes", "sn_trigger_min": "5", "sn_decider": "Baek Jihun",
     "sn_decide_by": "T+3h", "sn_minutes": "5", "sn_steps": "Switch the rule at the edge to the waiting page",
     "sn_notify": "End users", "sn_channel": "Waiting page", "sn_verify": "p95 below 1 s for those inside",
     "sn_data_loss": "None", "sn_ponr": "Always possible", "sn_tested": "no"},
]  # fmt: skip
