"""Which policies must a customer attach so that the portal can read, and nothing more? JSON to copy.

Pure. Support and most of Health know no resource-level permissions, so Resource is "*" throughout. Source: service
authorization reference; IAM user guide, external ID.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

READ_NAME, WRITE_NAME = "IemPortalRead", "IemPortalWrite"


def permissions(actions: Iterable[str]) -> str:
    """An identity policy with one statement for each service."""
    by_service: dict[str, list[str]] = {}
    for action in actions:
        by_service.setdefault(action.partition(":")[0], []).append(action)
    statements = [
        {
            "Sid": f"Iem{service.title().replace('-', '')}",
            "Effect": "Allow",
            "Action": sorted(found),
            "Resource": "*",
        }
        for service, found in sorted(by_service.items())
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": statements}, indent=2)


def trust(principal: str, external_id: str) -> str:
    """Who may assume the role: the portal alone, and only with this External ID."""
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)
