"""The demo's migration facts, its protection, its vendors, whom to call next, and what comes down again."""

from datetime import datetime, timedelta

from iem_portal.templatetags.portal import pick
from workbook.catalogue import Table
from workbook.demo.monitoring import ACCOUNT, REGION

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def migration(t0: datetime) -> dict:
    """The form of section WB17, as typed."""
    return {
        "mg_source": "Data centre Pangyo, 38 Windows servers, SQL Server 2016",
        "mg_target": "ap-northeast-2, two zones, Aurora PostgreSQL, EC2 and ECS",
        "mg_pattern": "replatform", "mg_cut_style": "big-bang", "mg_servers": "38", "mg_apps": "7", "mg_dbs": "3",
        "mg_volume": "2400", "mg_volume_daily": "18", "mg_repl": "AWS DMS, full load and change data capture",
        "mg_repl_lag": "20", "mg_first_sync": (t0 - 16 * _DAY).isoformat(),
        "mg_reconcile": "Row counts of all tables, checksums of 40, sums of fees. Lim Sojin says that they are equal.",
        "mg_net": "Direct Connect 1 Gbps with VPN behind it, switched by BGP",
        "mg_session": "Sessions end at T0; uploads are finished or refused; queues are drained to empty.",
        "mg_ops": "backup, patch, access, monitoring", "mg_old": "14 d", "mg_old_state": "read-only",
        "mg_hypercare": "7 d", "mg_hypercare_staff": "Two of the night's team by day, on call by night",
        "mg_change_req": "CHG-2026-1182",
    }  # fmt: skip


def records(t0: datetime) -> list[dict]:
    """What was added to the DNS records of the preset, as typed."""
    lowered = (t0 - 3 * _DAY).isoformat()
    names = ("portal.garamsoop.example", "api.garamsoop.example", "mail.garamsoop.example")
    return [{"mg_dns": name, "mg_dns_ttl": "3600", "mg_dns_lowered": lowered} for name in names]


def certificates(t0: datetime) -> list[dict]:
    """Certificates of section WB17, as typed."""
    arn = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/0f3b2c1d-7e54-4a9b-9c1e-2b7d5a6f8e90"
    until = (t0 + 300 * _DAY).date().isoformat()
    return [{"mg_cert": "*.garamsoop.example", "mg_cert_arn": arn, "mg_cert_until": until}]


BATCHES = [
    {"mg_batch": "Nightly statistics", "mg_batch_what": "stop", "mg_batch_owner": "Lim Sojin", "mg_batch_stop": "T-30",
     "mg_batch_start": "T+3h"},
    {"mg_batch": "Transfer of fees to the bank", "mg_batch_what": "move", "mg_batch_owner": "Noh Taemin",
     "mg_batch_stop": "T-30", "mg_batch_start": "T+3h"},
]  # fmt: skip


def security(t0: datetime) -> dict:
    """The form of section WB18, as typed."""
    return {
        "se_mfa_root": "yes", "se_access": "By the identity provider with MFA; in an emergency by a sealed role.",
        "se_rotate": (t0 - 21 * _DAY).date().isoformat(), "se_open_ports": "yes",
        "se_open_ports_note": "443 at the load balancers only", "se_trail": "yes", "se_trail_kept": "365 d",
        "se_surface": "yes", "se_waf": "Managed rules, 2,000 requests in 5 minutes for each address, bot control",
        "se_shield": "standard", "se_guardduty": "yes", "se_guardduty_who": "Kang Mirae", "se_ta_security": "0",
        "se_ta_yellow": "1", "se_pentest": (t0 - 60 * _DAY).date().isoformat(),
        "se_pentest_result": "Two findings of medium weight, both closed",
    }  # fmt: skip


EXPIRING = [{"se_expiry": "Nothing ends within 60 days"}]


def stores(t0: datetime) -> list[dict]:
    """Rows of section WB19, as typed."""
    tested = {
        "dp_restore_tested": (t0 - 12 * _DAY).date().isoformat(),
        "dp_last": (t0 - 10 * _HOUR).isoformat(),
    }
    return [
        {"dp_store": "enrol-db", "dp_class": "personal", "dp_backup": "Automated, daily, and snapshots by hand",
         "dp_extra": "yes", "dp_extra_at": (t0 - 2 * _HOUR).isoformat(), "dp_restore_min": "41", "dp_pitr": "yes",
         "dp_pitr_window": "35 d", "dp_replica": "2", "dp_replica_lag": "1", "dp_multi_az": "multi-az",
         "dp_corruption": "Back to the minute before, then the log of enrolments is played again.",
         "dp_loss_impact": "No enrolment, no proof of fees", **tested},
        {"dp_store": "Course files (S3)", "dp_class": "business", "dp_backup": "Versions, and a copy in Osaka",
         "dp_extra": "no", "dp_restore_min": "15", "dp_pitr": "no", "dp_multi_az": "both",
         "dp_loss_impact": "Courses without material for a day", **tested},
    ]  # fmt: skip


def vendors(t0: datetime) -> list[dict]:
    """Rows of section WB20, as typed."""
    told = {"tp_told": (t0 - 24 * _DAY).date().isoformat()}
    return [
        {"tp_name": "Hanbit Pay", "tp_use": "Card payment", "tp_limit": "20 payments/s", "tp_limit_n": "20",
         "tp_need": "18", "tp_told_by": "Ms Yoo, by mail", "tp_contact": "+82 2 5550 0177", "tp_sla": "15 min",
         "tp_fail": "Times out after 5 s, tried once more, then bank transfer is offered.", **told},
        {"tp_name": "Darae SMS", "tp_use": "One-time passwords", "tp_limit": "100 messages/s", "tp_limit_n": "100",
         "tp_need": "30", "tp_told_by": "Mr Cha, by mail", "tp_contact": "+82 2 5550 0178", "tp_sla": "30 min",
         "tp_fail": "Mail instead, after 10 s.", **told},
        {"tp_name": "Line of the data centre", "tp_use": "Direct Connect", "tp_limit": "1 Gbps", "tp_limit_n": "1",
         "tp_need": "0.4", "tp_told_by": "Operations desk, ticket 88120", "tp_contact": "+82 2 5550 0179",
         "tp_sla": "60 min", "tp_fail": "VPN takes over in 40 s.", **told},
    ]  # fmt: skip


CASE = {
    "es_case_subject": "IEM Alert - Garamsoop Learning - Data-centre exit", "es_alert_case": "17341234501",
    "es_case_access": "Garamsoop production",
}  # fmt: skip
_WHO = {"TAM": "Seo Yuna", "Cloud Support Engineer": "Priya Raman", "Concierge": "Hong Areum"}


def levels(table: Table) -> list[dict]:
    """Both lanes of section WB22 out of the starter rows, with the people of the night, and the customer's chain."""
    lanes = [
        {key: pick(value) for key, value in starter.values.items()}
        for starter in table.starters
        if starter.values["es_lane"] != "customer-management" and "es_who" in starter.values
    ]
    chain = {"es_lane": "customer-management", "es_contact": "+82 10 5550 0145", "es_node": "executive"}
    return [
        *(row | {"es_who": _WHO.get(row["es_who"], row["es_who"])} for row in lanes),
        chain | {"es_level": "1", "es_who": "Moon Jaeho", "es_when": "15"},
    ]


def scale_down(t0: datetime) -> list[dict]:
    """Rows of section WB23, as typed; what is done comes after the event."""
    lines = (
        ("portal", "12 instances", "40 instances", "14 instances", 1, "Noh Taemin"),
        ("enrol-db", "db.r6g.2xlarge", "db.r6g.8xlarge", "db.r6g.4xlarge", 3, "Lim Sojin"),
        ("Load balancer capacity reservation", "none", "1,200 LCU", "Released", 1, "Kang Mirae"),
    )
    keys = ("sd_item", "sd_before", "sd_event", "sd_after", "days", "sd_owner")
    rows = [dict(zip(keys, line, strict=True)) for line in lines]
    return [
        row
        | {
            "sd_when": (t0 + row.pop("days") * _DAY).isoformat(),
            "sd_steps": "Half, an hour of watching, the rest",
        }
        for row in rows
    ]
