"""The rules of the scorecard, without a database: what each says, and that worse answers never look better."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.scorecard import capacity, operation, protection, rules, words
from workbook.scorecard.facts import GREEN, GREY, RANK, RED, YELLOW, Answer, Facts

pytestmark = pytest.mark.once
T0 = datetime(2026, 11, 29, tzinfo=UTC)
FAR, NEAR = T0 - timedelta(days=20), T0 - timedelta(hours=20)


def facts(rows, now=FAR):
    """Rows as dicts; every field of a row leads to all rows of its prefix."""
    answers = [Answer("wb00", str(number), f"Row {number}", values) for number, values in enumerate(rows, 1)]
    tables = {}
    for answer in answers:
        for field in answer.values:
            prefix = field.split("_")[0]
            found = tuple(one for one in answers if any(key.startswith(f"{prefix}_") for key in one.values))
            tables |= dict.fromkeys([key for one in found for key in one.values], found)
    return Facts(tables, now, T0, T0 + timedelta(hours=9), rules.thresholds())


def keys(verdict):
    return [reason.key for reason in verdict.reasons]


def test_nothing_answered_is_unknown_in_every_line():
    verdicts = rules.judge(facts([]))
    assert {verdict.colour for verdict in verdicts.values()} == {GREY}
    assert list(verdicts) == list(words.LINES)


def test_a_short_quota_is_yellow_and_from_seven_days_before_red():
    short = [{"q_gap": "SHORT", "q_need": "9", "q_status": "PENDING"}]
    assert capacity.capacity(facts(short)).colour == YELLOW
    assert capacity.capacity(facts(short, NEAR)).colour == RED
    assert capacity.capacity(facts([short[0] | {"q_status": "DENIED"}])).colour == RED
    granted = [short[0] | {"q_status": "APPROVED", "q_verified": True}]
    assert capacity.capacity(facts(granted, NEAR)).colour == GREEN


def test_a_reason_names_the_cells_it_rests_on():
    quotas = [{"q_gap": "OK", "q_need": "1"}, {"q_gap": "SHORT", "q_need": "9"}]
    [reason] = capacity.capacity(facts(quotas)).reasons
    assert [(place.row, place.field) for place in reason.places] == [("2", "q_gap")]
    assert words.reason(reason.key, reason.params) == "1 quota is below the need and not granted"


@pytest.mark.parametrize(
    ("test", "colour"),
    [
        ({"ts_result": "pass", "ts_ratio": "1.0"}, GREEN),
        ({"ts_result": "pass-findings", "ts_ratio": "1.2"}, YELLOW),
        ({"ts_result": "pass", "ts_ratio": "0.99"}, YELLOW),
        ({"ts_result": "pass", "ts_ratio": "0.69"}, RED),
        ({"ts_result": "fail", "ts_ratio": "1.5"}, RED),
        ({"ts_result": "pass"}, YELLOW),
        ({"ts_result": "not-run"}, YELLOW),
    ],
)
def test_a_load_test_is_judged_by_its_ratio_and_result(test, colour):
    assert capacity.load_test(facts([{"ts_kind": "load"} | test])).colour == colour


def test_the_newest_load_test_counts():
    old = {"ts_kind": "load", "ts_result": "fail", "ts_ratio": "0.5", "ts_when": "2026-11-01T00:00Z"}
    new = {"ts_kind": "stress", "ts_result": "pass", "ts_ratio": "1.1", "ts_when": "2026-11-15T00:00Z"}
    assert capacity.load_test(facts([new, old])).colour == GREEN


def test_a_failover_test_alone_is_no_load_test():
    assert keys(capacity.load_test(facts([{"ts_kind": "failover-az"}]))) == ["load_test.none"]


def test_an_hour_without_a_commander_is_red():
    def shift(start, end, phone="+82212345678"):
        at = [(T0 + timedelta(hours=hour)).isoformat() for hour in (start, end)]
        return {
            "ct_name": "Kim", "ct_role": "incident-commander", "ct_phone": phone,
            "ct_shift_start": at[0], "ct_shift_end": at[1],
        }  # fmt: skip

    assert operation.people(facts([shift(-1, 5), shift(5, 10)], NEAR)).colour == GREEN
    gap = operation.people(facts([shift(-1, 5), shift(6, 10)], NEAR))
    assert (gap.colour, keys(gap), gap.reasons[0].params["hours"]) == (RED, ["people.gap"], 1)
    assert operation.people(facts([shift(-1, 5)])).colour == YELLOW
    assert keys(operation.people(facts([shift(-1, 10, None)], NEAR))) == ["people.unreachable"]


def test_a_backup_older_than_the_rpo_is_red_a_day_before():
    store = {"dp_store": "Orders", "dp_backup": "daily", "dp_restore_tested": "2026-11-10"}
    old = store | {"dp_last": (NEAR - timedelta(hours=25)).isoformat()}
    assert protection.data(facts([old])).colour == GREEN
    assert protection.data(facts([old], NEAR)).colour == RED
    assert protection.data(facts([{"dp_store": "Orders"}])).colour == RED
    # Store 1 is resource 2, which belongs to module 3.
    strict = [{"rs_module": "#3"}, {"mo_rpo": 10}]
    fresh = store | {"dp_last": (NEAR - timedelta(minutes=30)).isoformat()}
    assert protection.data(facts([fresh], NEAR)).colour == GREEN
    assert protection.data(facts([fresh | {"dp_store": "#2"}, *strict], NEAR)).colour == RED
    assert (
        protection.data(facts([fresh | {"dp_store": "#2", "dp_pitr": True}, *strict], NEAR)).colour == GREEN
    )


@pytest.mark.parametrize(
    ("risk", "colour"),
    [
        ({"rk_rag": "GREEN"}, GREEN),
        ({"rk_rag": "RED", "rk_status": "closed"}, GREEN),
        ({"rk_rag": "RED", "rk_status": "open", "rk_owner": "#1", "rk_mitigation": "More"}, YELLOW),
        ({"rk_rag": "RED", "rk_status": "open", "rk_owner": "#1"}, RED),
        ({"rk_rag": "RED", "rk_status": "accepted", "rk_accept": "Kim"}, YELLOW),
    ],
)
def test_an_open_red_risk_needs_an_owner_and_a_plan(risk, colour):
    assert operation.risks(facts([{"rk_kind": "risk"} | risk])).colour == colour


@pytest.mark.parametrize(
    ("vendor", "now", "colour"),
    [
        ({"tp_told": "2026-11-01", "tp_told_by": "Park", "tp_contact": "+82"}, FAR, GREEN),
        ({"tp_told": "2026-11-01", "tp_contact": "+82"}, FAR, YELLOW),
        ({"tp_contact": "+82"}, FAR, YELLOW),
        ({"tp_contact": "+82"}, NEAR, RED),
        ({"tp_told": "2026-11-01", "tp_told_by": "P", "tp_contact": "+", "tp_limit_n": "9", "tp_need": "10"}, FAR, RED),
    ],
)  # fmt: skip
def test_a_vendor_is_told_confirms_and_can_carry_the_peak(vendor, now, colour):
    assert protection.third_parties(facts([{"tp_name": "Pay"} | vendor], now)).colour == colour


def test_security_and_ddos_lines():
    safe = {"se_mfa_root": "yes", "se_ta_security": 0, "se_ta_yellow": 0, "se_trail": True}
    assert protection.trusted_advisor(facts([safe])).colour == GREEN
    assert protection.trusted_advisor(facts([safe | {"se_ta_security": 2}])).colour == RED
    assert protection.trusted_advisor(facts([safe | {"se_mfa_root": "no"}])).colour == RED
    assert protection.ddos(facts([{"se_surface": True, "se_waf": "rate limits"}])).colour == GREEN
    assert protection.ddos(facts([{"se_surface": False}])).colour == RED
    assert protection.ddos(facts([{"se_surface": False, "se_waf": "rate limits"}])).colour == YELLOW


def test_operations_lines():
    tested = {"al_ref": "cpu", "al_tested": True, "al_first": "#1"}
    assert operation.monitoring(facts([{"mt_metric": "CPU"}, tested])).colour == GREEN
    assert operation.monitoring(facts([tested])).colour == RED
    assert operation.monitoring(facts([{"mt_metric": "CPU"}, tested | {"al_tested": False}])).colour == YELLOW
    step = {"pl_what": "Switch", "pl_owner": "#1", "pl_min": 5, "pl_fallback": "Back"}
    rehearsal = {"ts_kind": "rehearsal", "ts_result": "pass"}
    assert operation.runbook(facts([step, rehearsal])).colour == GREEN
    assert operation.runbook(facts([step])).colour == YELLOW
    assert operation.runbook(facts([step | {"pl_owner": None}, rehearsal], NEAR)).colour == RED


def test_availability_and_balancers():
    check = {"ar_group": "reliability", "ar_weight": "H", "ar_answer": "yes"}
    assert capacity.availability(facts([check])).colour == GREEN
    assert capacity.availability(facts([check, check | {"ar_answer": "no"}])).colour == RED
    assert capacity.availability(facts([check, check | {"ar_answer": None}])).colour == YELLOW
    balancer = {"lb_arn": "arn", "lb_back_scaled": True, "lb_health": "/up", "lb_reserve_lcu": 9}
    assert capacity.load_balancers(facts([balancer | {"lb_reserve_state": "provisioned"}])).colour == GREEN
    assert capacity.load_balancers(facts([balancer | {"lb_reserve_state": "requested"}])).colour == YELLOW
    assert capacity.load_balancers(facts([balancer | {"lb_reserve_state": "requested"}], NEAR)).colour == RED


def test_every_reason_has_words_in_the_plural_too():
    for key in words.REASONS:
        said = words.reason(key, {"count": 3, "hours": 3, "percent": 80, "title": "x"})
        assert said != key
        assert "%(" not in said
    assert words.reason("gone.rule", {}) == "gone.rule"


ratios = st.decimals(0, 3, places=2)


@given(ratios, ratios)
@settings(max_examples=60)
def test_reaching_more_load_never_looks_worse(one, other):
    low, high = sorted((one, other))

    def rank(ratio):
        test = {"ts_kind": "load", "ts_result": "pass", "ts_ratio": str(ratio)}
        return RANK[capacity.load_test(facts([test])).colour]

    assert rank(high) <= rank(low)


quota = st.fixed_dictionaries(
    {
        "q_gap": st.sampled_from(["OK", "TIGHT", "SHORT"]),
        "q_need": st.sampled_from([None, "5"]),
        "q_status": st.sampled_from([None, "PENDING", "APPROVED", "DENIED"]),
        "q_verified": st.sampled_from([None, True, False]),
    }
)


@given(st.lists(quota, min_size=1, max_size=6), quota, st.sampled_from([FAR, NEAR]))
@settings(max_examples=80)
def test_one_more_quota_in_need_never_helps_and_time_never_heals(quotas, another, now):
    before = capacity.capacity(facts(quotas, now)).colour
    after = capacity.capacity(
        facts([*quotas, another | {"q_gap": "SHORT", "q_status": "PENDING"}], now)
    ).colour
    assert RANK[after] >= RANK[before]
    assert (
        RANK[capacity.capacity(facts(quotas, NEAR)).colour]
        >= RANK[capacity.capacity(facts(quotas, FAR)).colour]
    )


@given(st.lists(st.tuples(st.integers(-3, 12), st.integers(-3, 14)), max_size=5))
@settings(max_examples=80)
def test_hours_without_a_shift_are_those_no_shift_covers(spans):
    def at(hour):
        return T0 + timedelta(hours=hour)

    shifts = [(at(start), at(end)) for start, end in spans if start < end]
    gaps = operation.uncovered((at(0), at(9)), shifts)
    bare = {
        hour
        for hour in range(9)
        if not any(start <= at(hour) and at(hour + 1) <= end for start, end in shifts)
    }
    assert {hour for hour in range(9) if any(start <= at(hour) < end for start, end in gaps)} == bare
