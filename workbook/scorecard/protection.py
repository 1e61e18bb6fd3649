"""Security, data, third parties and AWS Health, judged from the answers. Standard library only.

Source: planning workbook, section WB21, readiness scorecard and its suggested automatic colours.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from workbook.scorecard.facts import RED, YELLOW, Answer, Facts, Verdict, about, settle, unknown


def trusted_advisor(facts: Facts) -> Verdict:
    """Red or yellow security checks, and a root user without a second factor. Source: WB18."""
    forms = facts.rows("se_mfa_root")
    asked = ("se_ta_security", "se_ta_yellow", "se_mfa_root", "se_trail", "se_open_ports")
    if not any(row.get(field) is not None for row in forms for field in asked):
        return unknown("trusted_advisor.unknown")
    [form] = forms[:1]
    red, yellow = form.number("se_ta_security"), form.number("se_ta_yellow")
    return settle(
        [
            *_where(RED, "trusted_advisor.red", form, "se_ta_security", bool(red), count=int(red or 0)),
            *_where(RED, "trusted_advisor.root", form, "se_mfa_root", form.get("se_mfa_root") == "no"),
            *_where(YELLOW, "trusted_advisor.yellow", form, "se_ta_yellow", bool(yellow), count=int(yellow or 0)),
            *_where(
                YELLOW, "trusted_advisor.root_unknown", form, "se_mfa_root",
                form.get("se_mfa_root") in {None, "unknown"},
            ),
            *_where(YELLOW, "trusted_advisor.trail", form, "se_trail", form.get("se_trail") is not True),
            *_where(YELLOW, "trusted_advisor.not_read", form, "se_ta_security", red is None),
        ],
        "trusted_advisor.good",
        [form],
    )  # fmt: skip


def _where(colour: str, key: str, row: Answer, field: str, is_so: bool, **params):
    return about(colour, key, [row] if is_so else [], field, **params)


def ddos(facts: Facts) -> Verdict:
    """Neither a hidden origin nor rules at the edge is red; one of the two is yellow. Source: WB18."""
    forms = facts.rows("se_surface")
    fields = ("se_surface", "se_waf", "se_shield")
    if not any(row.get(field) is not None for row in forms for field in fields):
        return unknown("ddos.unknown")
    [form] = forms[:1]
    is_hidden = form.get("se_surface") is True
    has_rules = bool(form.get("se_waf"))
    return settle(
        [
            *_where(RED, "ddos.open", form, "se_surface", form.get("se_surface") is False and not has_rules),
            *_where(YELLOW, "ddos.surface", form, "se_surface", not is_hidden and has_rules),
            *_where(YELLOW, "ddos.rules", form, "se_waf", not has_rules and form.get("se_surface") is not False),
        ],
        "ddos.good",
        [form],
    )  # fmt: skip


def data(facts: Facts) -> Verdict:
    """No backup, or at D-1 one that is older than the RPO, is red; an untried restore is yellow. Source: WB19."""
    stores = facts.answered("dp_store")
    if not stores:
        return unknown("data.unknown")
    # Once the event runs, the backup from before it is what counts.
    at = min(facts.now, facts.starts_at)
    is_near = facts.is_within("backup_must_be_fresh_days")
    undated = [row for row in stores if row.instant("dp_last") is None]
    return settle(
        [
            *about(
                RED, "data.none", [row for row in stores if row.get("dp_backup") is None and row in undated],
                "dp_backup",
            ),
            *about(
                RED, "data.old",
                [row for row in stores if is_near and row not in undated and _is_old(row, facts, at)],
                "dp_last",
            ),
            *about(
                RED if is_near else YELLOW, "data.undated", [row for row in undated if row.get("dp_backup")],
                "dp_last",
            ),
            *about(
                YELLOW, "data.untried", [row for row in stores if row.get("dp_restore_tested") is None],
                "dp_restore_tested",
            ),
        ],
        "data.good",
        stores,
    )  # fmt: skip


def _is_old(store: Answer, facts: Facts, at: datetime) -> bool:
    """Whether the last good backup is older than the RPO; a store that can go back to any point is never."""
    return store.get("dp_pitr") is not True and store.instant("dp_last") < at - _rpo(store, facts)


def _rpo(store: Answer, facts: Facts) -> timedelta:
    """The RPO of the module that the store belongs to, over its resource; a day when nobody wrote one."""
    resource = _named(facts.rows("rs_module"), store.get("dp_store"))
    module = _named(facts.rows("mo_rpo"), resource.get("rs_module") if resource else None)
    minutes = module.number("mo_rpo") if module else None
    if minutes is None:
        return timedelta(hours=facts.limits["backup_age_without_rpo_hours"])
    return timedelta(minutes=float(minutes))


def _named(rows: tuple[Answer, ...], reference) -> Answer | None:
    """The row behind a stored reference ("#12")."""
    return next((row for row in rows if reference == f"#{row.row}"), None)


def third_parties(facts: Facts) -> Verdict:
    """A limit below the need is red, and so is a vendor not told two weeks before. Source: WB20."""
    vendors = facts.answered("tp_name")
    if not vendors:
        return unknown("third_parties.unknown")
    is_late = facts.is_within("vendors_must_be_told_days")
    untold = [row for row in vendors if row.get("tp_told") is None]
    told = [row for row in vendors if row.get("tp_told") is not None]
    return settle(
        [
            *about(RED, "third_parties.limit", [row for row in vendors if _is_too_small(row)], "tp_limit_n"),
            *about(RED if is_late else YELLOW, "third_parties.untold", untold, "tp_told"),
            *about(
                YELLOW, "third_parties.unconfirmed", [row for row in told if row.get("tp_told_by") is None],
                "tp_told_by",
            ),
            *about(
                YELLOW, "third_parties.contact", [row for row in vendors if row.get("tp_contact") is None],
                "tp_contact",
            ),
        ],
        "third_parties.good",
        vendors,
    )  # fmt: skip


def _is_too_small(row: Answer) -> bool:
    limit, need = row.number("tp_limit_n"), row.number("tp_need")
    return limit is not None and need is not None and limit < Decimal(need)


def health(facts: Facts) -> Verdict:
    """Clashes that somebody wrote down. Open AWS Health events are on the board; the TAM judges them. Source: WB02."""
    clashes = facts.answered("win_conflict")
    event = [row for row in clashes if row.get("win_kind") in {"event", "cutover"}]
    reasons = [
        *about(RED, "health.inside", event, "win_conflict"),
        *about(YELLOW, "health.near", [row for row in clashes if row not in event], "win_conflict"),
    ]
    return settle(reasons, "") if reasons else unknown("health.unknown")
