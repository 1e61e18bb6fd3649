"""The demo's modules, its account and the resources behind them."""

from datetime import datetime, timedelta

from workbook.demo.monitoring import ACCOUNT, REGION

# name, what it does, class, severity, owner, depends on, more services, services, RTO, RPO, change
_MODULES = (
    ("Portal", "Courses, timetable, marks", "business-critical", "critical", "Noh Taemin",
     "Sign-in, Enrolment database", "", "ec2, autoscaling, elasticloadbalancing", "15", "5", "moved"),
    ("Sign-in", "Signs students and teachers in", "business-critical", "critical", "Noh Taemin", "", "dynamodb",
     "ecs, dynamodb", "15", "0", "moved"),
    ("Enrolment database", "Students, courses, places", "business-critical", "critical", "Lim Sojin", "",
     "rds, dms, kms", "rds, dms", "30", "0", "moved"),
    ("Payment", "Fees by card and transfer", "business-critical", "critical", "Noh Taemin", "Enrolment database", "",
     "lambda, apigateway, sqs", "30", "0", "config"),
    ("Edge", "Static content and protection", "production-important", "urgent", "Kang Mirae", "Portal", "",
     "cloudfront, wafv2, route53", "15", "0", "new"),
    ("Notifications", "Mails and messages", "production-normal", "high", "Noh Taemin", "", "ses", "ses, sqs", "240",
     "60", "config"),
    ("Reports", "Nightly statistics", "production-normal", "normal", "Lim Sojin", "Enrolment database", "",
     "rds, s3", "1440", "1440", "none"),
)  # fmt: skip
_KEYS = (
    "mo_name", "mo_function", "mo_class", "mo_default_sev", "mo_owner", "mo_downstream", "mo_downstream_services",
    "mo_aws_services", "mo_rto", "mo_rpo", "mo_change",
)  # fmt: skip


def modules() -> list[dict]:
    """Rows of section WB05, as typed; what they depend on comes in a second step, when all have their rows."""
    rows = [dict(zip(_KEYS, line, strict=True)) for line in _MODULES]
    return [
        {key: value for key, value in row.items() if key != "mo_downstream"}
        | {"mo_env": "prod", "mo_in_scope": "no" if row["mo_name"] == "Reports" else "yes"}
        for row in rows
    ]


def dependencies() -> list[tuple[str, str]]:
    """Module and the modules it depends on."""
    return [(line[0], line[5]) for line in _MODULES if line[5]]


ACCOUNTS = [
    {"ac_id": ACCOUNT, "ac_alias": "Garamsoop production", "ac_role": "prod", "ac_plan": "enterprise",
     "ac_role_test": "ok"},
]  # fmt: skip

# resource, Region, zones, service, module, size, count, size at the event, min, desired, max, scaling, hours from T0
_RESOURCES = (
    ("portal", REGION, "apne2-az1, apne2-az3", "autoscaling", "Portal", "m6i.xlarge", "12", "m6i.xlarge", "24", "40",
     "60", "auto-target", -2),
    ("sign-in", REGION, "apne2-az1, apne2-az3", "ecs", "Sign-in", "1 vCPU, 2 GiB", "8", "1 vCPU, 2 GiB", "16", "24",
     "40", "auto-target", -2),
    ("enrol-db", REGION, "apne2-az1, apne2-az3", "rds", "Enrolment database", "db.r6g.2xlarge", "2", "db.r6g.8xlarge",
     "", "2", "", "manual", -12),
    ("enrol-db-cdc", REGION, "apne2-az1", "dms", "Enrolment database", "dms.r5.xlarge", "1", "dms.r5.4xlarge", "", "1",
     "", "fixed", -48),
    ("pay-api", REGION, "apne2-az1, apne2-az3", "lambda", "Payment", "1024 MB", "140", "1024 MB", "", "1850", "",
     "serverless", -2),
)  # fmt: skip
_RESOURCE_KEYS = (
    "rs_id", "rs_region", "rs_azs", "rs_service", "rs_module", "rs_size", "rs_count", "rs_size_evt", "rs_count_min",
    "rs_count_evt", "rs_count_max", "rs_auto", "rs_scale_by",
)  # fmt: skip


def resources(t0: datetime) -> list[dict]:
    """Rows of the regional resources of section WB06, as typed."""
    rows = [dict(zip(_RESOURCE_KEYS, line, strict=True)) for line in _RESOURCES]
    for row in rows:
        row["rs_scale_by"] = (t0 + timedelta(hours=row["rs_scale_by"])).isoformat()
        row["rs_account"] = ACCOUNT
        row["rs_created_for_event"] = "yes" if row["rs_service"] == "dms" else "no"
    return rows


GLOBALS = [
    {"gl_cf": "E2GARAMSOOP", "gl_r53": "portal.garamsoop.example A", "gl_r53_ttl": "60",
     "gl_waf": f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/portal/5f0c2b6e"},
    {"gl_r53": "pay.garamsoop.example A", "gl_r53_ttl": "60"},
    {"gl_r53": "sign-in.garamsoop.example A", "gl_r53_ttl": "60", "gl_ses": "garamsoop.example",
     "gl_ses_quota": "50000"},
]  # fmt: skip
