"""What a simulated case can be about: a few of AWS's services under their own codes, and languages."""

from __future__ import annotations

_USUAL = {"general-guidance": "General guidance", "other": "Other"}
# Service codes as DescribeServices gives them; AWS has some 250 of them, each with categories of its own.
SERVICES: dict[str, tuple[str, dict[str, str]]] = {
    "amazon-elastic-block-store": ("Elastic Block Store (EBS)", _USUAL),
    "amazon-elastic-compute-cloud-linux": (
        "Elastic Compute Cloud (EC2 - Linux)",
        {"instance-issue": "Instance issue", **_USUAL},
    ),
    "amazon-relational-database-service-aurora": ("Relational Database Service (Aurora)", _USUAL),
    "amazon-simple-storage-service": ("Simple Storage Service (S3)", _USUAL),
    "amazon-virtual-private-cloud": ("Virtual Private Cloud (VPC)", _USUAL),
    "auto-scaling": ("Auto Scaling", _USUAL),
    "elastic-load-balancing": ("Elastic Load Balancing (ELB)", _USUAL),
    "general-info": (
        "General Info and Getting Started",
        {"using-aws": "Using AWS & Services", "account-structure": "Account Structure", "other": "Other"},
    ),
}
LANGUAGES = {"en": "ENGLISH", "ja": "JAPANESE", "ko": "KOREAN", "zh": "CHINESE"}
ALL_DAY = {"startTime": "00:00:00.000", "endTime": "23:59:59.999"}


def availability(language: str, *, is_technical: bool) -> str:
    """English always; the other languages as well as they can, and not at all where nobody speaks them."""
    if language == "en":
        return "available"
    if language not in LANGUAGES:
        return "unavailable"
    return "available" if is_technical else "best_effort"
