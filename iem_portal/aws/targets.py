"""Whom do we ask? One account in one Region, and the role that lets us in."""

from __future__ import annotations

from dataclasses import dataclass

SINGLE_REGION = {
    "health": "us-east-1",
    "support": "us-east-1",
}  # served from one Region, whatever the target's is


@dataclass(frozen=True, slots=True)
class Target:
    """An account and a Region; without `role_arn` the portal's own credentials are used as they are."""

    account_id: str
    region: str
    role_arn: str = ""
    external_id: str = ""

    def region_for(self, service: str) -> str:
        return SINGLE_REGION.get(service, self.region)
