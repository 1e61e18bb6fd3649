"""AWS Health's event codes in words: AWS_DIRECTCONNECT_OPERATIONAL_ISSUE is "Direct Connect operational issue".

A code is AWS_<SERVICE>_<KIND>; both parts are open lists, so what is not known here is read out as it is spelled.
Services and kinds as DescribeEventTypes of the AWS Health API names them; product names are not translated.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

SERVICES = {
    "ACCOUNT": "AWS account",
    "ACM": "Certificate Manager",
    "APIGATEWAY": "API Gateway",
    "APPLICATIONAUTOSCALING": "Application Auto Scaling",
    "AUTOSCALING": "EC2 Auto Scaling",
    "BILLING": "Billing",
    "CLOUDFORMATION": "CloudFormation",
    "CLOUDFRONT": "CloudFront",
    "CLOUDWATCH": "CloudWatch",
    "COGNITO": "Cognito",
    "DIRECTCONNECT": "Direct Connect",
    "DMS": "Database Migration Service",
    "DYNAMODB": "DynamoDB",
    "EBS": "EBS",
    "EC2": "EC2",
    "ECS": "ECS",
    "EKS": "EKS",
    "ELASTICACHE": "ElastiCache",
    "ELASTICFILESYSTEM": "EFS",
    "ELASTICLOADBALANCING": "Elastic Load Balancing",
    "EVENTS": "EventBridge",
    "GLOBALACCELERATOR": "Global Accelerator",
    "IAM": "IAM",
    "INTERNETCONNECTIVITY": "Internet connectivity",
    "KINESIS": "Kinesis",
    "KMS": "KMS",
    "LAMBDA": "Lambda",
    "MULTIPLE_SERVICES": "Multiple services",
    "NATGATEWAY": "NAT Gateway",
    "RDS": "RDS",
    "REDSHIFT": "Redshift",
    "ROUTE53": "Route 53",
    "S3": "S3",
    "SES": "SES",
    "SNS": "SNS",
    "SQS": "SQS",
    "STATES": "Step Functions",
    "SUPPORTCENTER": "Support Center",
    "TRANSITGATEWAY": "Transit Gateway",
    "VPC": "VPC",
    "VPN": "VPN",
    "WAF": "WAF",
}
KINDS = {
    "OPERATIONAL_ISSUE": _("operational issue"),
    "OPERATIONAL_NOTIFICATION": _("operational notification"),
    "API_ISSUE": _("API issue"),
    "CONNECTIVITY_ISSUE": _("connectivity issue"),
    "POWER_CONNECTIVITY_ISSUE": _("power or connectivity issue"),
    "MAINTENANCE_SCHEDULED": _("scheduled maintenance"),
    "MAINTENANCE_NOTIFICATION": _("maintenance notification"),
    "NETWORK_MAINTENANCE_SCHEDULED": _("scheduled network maintenance"),
    "POWER_MAINTENANCE_SCHEDULED": _("scheduled power maintenance"),
    "EMERGENCY_MAINTENANCE_SCHEDULED": _("scheduled emergency maintenance"),
    "HARDWARE_MAINTENANCE_SCHEDULED": _("scheduled hardware maintenance"),
    "INSTANCE_REBOOT_MAINTENANCE_SCHEDULED": _("instance reboot scheduled"),
    "INSTANCE_STOP_SCHEDULED": _("instance stop scheduled"),
    "PERSISTENT_INSTANCE_RETIREMENT_SCHEDULED": _("instance retirement scheduled"),
    "INSTANCE_RETIREMENT_SCHEDULED": _("instance retirement scheduled"),
    "DEDICATED_HOST_RETIREMENT_SCHEDULED": _("host retirement scheduled"),
    "PLANNED_LIFECYCLE_EVENT": _("planned lifecycle event"),
    "SECURITY_NOTIFICATION": _("security notification"),
    "CUSTOMER_ENGAGEMENT": _("message from AWS"),
}
_CODE = re.compile(r"\bAWS_[A-Z0-9_]+")


def service(code: str) -> str:
    """The name of a service that Health abbreviates: DIRECTCONNECT is "Direct Connect"."""
    return SERVICES.get(code, code)


def kind(code: str, of: str = "") -> str:
    """What kind of event a code tells, in the reader's language; ``of`` is its service, if known."""
    rest = code.removeprefix("AWS_").removeprefix(f"{of or _service_in(code)}_")
    return str(KINDS.get(rest, rest.replace("_", " ").lower()))


def title(code: str, of: str = "") -> str:
    """A code as service and kind: "Direct Connect operational issue"; it stands behind colons, so it has none."""
    of = of or _service_in(code)
    return f"{service(of)} {kind(code, of)}" if of else kind(code)


def read_out(text: str) -> str:
    """A text with every code in it put into words."""
    return _CODE.sub(lambda found: title(found[0]), text)


def _service_in(code: str) -> str:
    """The service a code begins with: a known one, the longest that fits, else its first word."""
    rest = code.removeprefix("AWS_")
    known = [name for name in SERVICES if rest.startswith(f"{name}_")]
    first, _underscore, more = rest.partition("_")
    return max(known, key=len) if known else first if more else ""
