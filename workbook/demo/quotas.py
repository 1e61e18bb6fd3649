"""The demo's service quotas: fourteen rows, two of them short, one tight, one still without a forecast."""

ACCOUNT, REGION = "111122223333", "ap-northeast-2"

# service, code, name, unit, default, applied, usage, need, adjustable, rate, channel, status
_TABLE = (
    ("ec2", "L-1216C47A", "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances", "vCPU",
     "5", "640", "212", "540", "yes", "no", "service-quotas-api", "draft"),
    ("ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", "", "5", "20", "4", "11", "yes", "no", "service-quotas-api",
     "APPROVED"),
    ("ebs", "L-7A658B76", "Storage for General Purpose SSD (gp3) volumes, in TiB", "TiB",
     "50", "50", "18", "31", "yes", "no", "service-quotas-api", "not-needed"),
    ("elasticloadbalancing", "L-7E6692B2", "Targets per Application Load Balancer", "",
     "1000", "1000", "120", "380", "yes", "no", "service-quotas-api", "not-needed"),
    ("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers per Region", "",
     "50", "50", "9", "18", "yes", "no", "console", "not-needed"),
    ("lambda", "L-B99A9384", "Concurrent executions", "", "1000", "1000", "140", "1850", "yes", "no",
     "support-case", "CASE_OPENED"),
    ("rds", "L-7B6409FD", "DB instances", "", "40", "40", "8", "16", "yes", "no", "console", "not-needed"),
    ("rds", "L-7ADDB58A", "Total storage for all DB instances", "GiB",
     "100000", "100000", "21600", "38400", "yes", "no", "console", "not-needed"),
    ("ses", "L-804C8AE8", "Sending quota", "mails/24 h", "200", "50000", "12000", "420000", "yes", "no", "tam",
     "draft"),
    ("dms", "L-2E5BA5F5", "Replication instances", "", "60", "60", "4", "10", "yes", "no", "console", "not-needed"),
    ("vpc", "L-DF5E4CA3", "Network interfaces per Region", "", "5000", "5000", "640", "2100", "yes", "no",
     "console", "not-needed"),
    ("kms", "L-C2F1777E", "Cryptographic operations (symmetric) request rate", "requests/s",
     "10000", "10000", "210", "2900", "yes", "yes", "service-quotas-api", "not-needed"),
    ("apigateway", "L-8A5B8E43", "Throttle rate", "requests/s", "10000", "10000", "900", "", "yes", "yes",
     "support-case", "not-needed"),
)  # fmt: skip

_CLOUDFRONT = {
    "q_account": ACCOUNT, "q_region": "global", "q_service": "cloudfront", "q_code": "L-24B04930",
    "q_name": "Web distributions per AWS account", "q_default": "200", "q_applied": "200", "q_usage": "6",
    "q_need": "7", "q_adjustable": "yes", "q_rate": "no", "q_channel": "console", "q_status": "not-needed",
}  # fmt: skip


def rows() -> list[dict]:
    """Values as typed, in the order of the sheet."""
    keys = ("q_service", "q_code", "q_name", "q_unit", "q_default", "q_applied", "q_usage", "q_need",
            "q_adjustable", "q_rate", "q_channel", "q_status")  # fmt: skip
    found = [
        {"q_account": ACCOUNT, "q_region": REGION} | dict(zip(keys, line, strict=True)) for line in _TABLE
    ]
    return [*found, _CLOUDFRONT]


# section, title of the row, field, value, who, days from T0
EDITS = (
    ("wb08", "DB instances", "q_usage", "9", "customer", -12.4),
    ("wb08", "EC2-VPC Elastic IPs", "q_req_id", "8e2bd1c4f6a94f0c9b0d", "database", -24.0),
    ("wb08", "EC2-VPC Elastic IPs", "q_granted", "20", "tam", -21.2),
    ("wb08", "EC2-VPC Elastic IPs", "q_granted_at", "{at}", "tam", -21.2),
    ("wb08", "EC2-VPC Elastic IPs", "q_verified", "yes", "database", -20.9),
    ("wb08", "Concurrent executions", "q_req_id", "3c1f0ad4be1244d59a77", "database", -19.6),
    ("wb08", "Concurrent executions", "q_case_id", "17773902441", "tam", -19.1),
    (
        "wb08",
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        "q_need",
        "600",
        "database",
        -9.3,
    ),
    (
        "wb08",
        "Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances",
        "q_need",
        "580",
        "application",
        -8.1,
    ),
    ("wb08", "Sending quota", "q_need", "410000", "customer", -8.0),
    ("wb08", "Sending quota", "q_need", "420000", "customer", -7.5),
)

RIVAL = (
    {"q_account": "444455556666", "q_region": REGION, "q_service": "lambda", "q_code": "L-B99A9384",
     "q_name": "Concurrent executions", "q_applied": "3000", "q_usage": "700", "q_need": "5200"},
    {"q_account": "444455556666", "q_region": REGION, "q_service": "dynamodb",
     "q_name": "Account-level write throughput limit (Provisioned mode)", "q_applied": "80000", "q_usage": "9000"},
)  # fmt: skip
