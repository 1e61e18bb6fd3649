"""One module per simulated service; importing this package registers every simulated operation."""

from . import (  # noqa: F401  (registration)
    cloudwatch_alarms,
    cloudwatch_metrics,
    health,
    health_organization,
    quotas,
    resources,
    support,
)
