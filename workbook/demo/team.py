"""The demo's people and shifts, its war room, and who is told what."""

from datetime import datetime, timedelta

_HOUR = timedelta(hours=1)

# name, side, team, role, mail, phone, language, on duty from and until in hours from T0, place, deputy, may decide
_PEOPLE = (
    ("Baek Jihun", "customer", "Infrastructure", "incident-commander", "customer", "010-5550-0141", "ko", -2, 5,
     "on-site", "Noh Taemin", "go-no-go, rollback"),
    ("Lim Sojin", "customer", "Database", "dba", "database", "010-5550-0142", "ko", -2, 5, "on-site",
     "Baek Jihun", ""),
    ("Noh Taemin", "customer", "Application", "tech-lead", "application", "010-5550-0143", "ko", 4, 10, "on-site",
     "Kang Mirae", ""),
    ("Kang Mirae", "customer", "Network", "network", "network", "010-5550-0144", "ko", -2, 5, "remote", "", ""),
    ("Moon Jaeho", "customer", "IT management", "decision-maker", "director", "010-5550-0145", "ko", -1, 10,
     "remote", "Baek Jihun", "go-no-go, rollback, spend"),
    ("Seo Yuna", "aws", "Enterprise Support", "tam", "tam", "010-5550-0151", "ko", -2, 10, "on-site",
     "Daniel Okafor", ""),
    ("Daniel Okafor", "aws", "Solutions architecture", "sa", "sa", "+1 206 555 0152", "en", -2, 10, "remote", "", ""),
    ("Priya Raman", "aws", "Support engineering", "cse", "warroom", "+353 1 555 0153", "en", -1, 10, "remote", "", ""),
    ("Hong Areum", "aws", "Concierge", "concierge", "concierge", "", "ko", -1, 10, "remote", "", ""),
)  # fmt: skip

_KEYS = (
    "ct_name", "ct_org", "ct_group", "ct_role", "ct_email", "ct_phone", "ct_lang", "ct_shift_start", "ct_shift_end",
    "ct_place", "ct_backup", "ct_authority",
)  # fmt: skip


def people(t0: datetime) -> list[dict]:
    """Rows of section WB03, as typed. A deputy stands below whom they replace, so names are not references yet."""
    rows = [dict(zip(_KEYS, line, strict=True)) for line in _PEOPLE]
    for row in rows:
        row["ct_email"] = f"{row['ct_email']}@demo.example"
        row["ct_case_access"] = "no" if row["ct_role"] in {"network", "decision-maker"} else "yes"
        for key in ("ct_shift_start", "ct_shift_end"):
            row[key] = (t0 + row[key] * _HOUR).isoformat()
    return rows


def deputies() -> list[tuple[str, str]]:
    """Who replaces whom: name and deputy."""
    return [(line[0], line[10]) for line in _PEOPLE if line[10]]


def war_room(t0: datetime) -> dict:
    """The form of section WB04, as typed."""
    return {
        "wr_bridge": "https://meet.garamsoop.example/cutover",
        "wr_bridge_phone": "+82 2 5550 0100",
        "wr_bridge_pin": "402 117",
        "wr_bridge_bak": "https://chime.example/iem-2611",
        "wr_chat": "#iem-2611-cutover",
        "wr_room": "Garamsoop, 7th floor, room Han; the reception knows the names.",
        "wr_open": (t0 - _HOUR).isoformat(),
        "wr_close": "Errors below 0.1 % and replication stopped for one hour after the portal opens.",
        "wr_close_at": (t0 + 10 * _HOUR).isoformat(),
        "wr_lead": "Baek Jihun, Noh Taemin",
        "wr_scribe": "Kang Mirae, Priya Raman",
        "wr_declare": "Anybody on the bridge says it aloud; the incident commander confirms and names the severity.",
    }


AUDIENCES = [
    dict(zip(("cu_audience", "cu_cadence", "cu_cadence_inc", "cu_channel", "cu_author", "cu_approver"), line,
             strict=True))
    for line in (
        ("executives", "120", "30", "mail", "Baek Jihun", "Moon Jaeho"),
        ("customer-support", "60", "15", "chat", "Kang Mirae", "Baek Jihun"),
        ("end-users", "240", "30", "status-page", "Noh Taemin", "Moon Jaeho"),
        ("aws-internal", "60", "15", "chat", "Seo Yuna", "Seo Yuna"),
    )
]  # fmt: skip
