"""One module per simulated service; importing this package registers every simulated operation."""

from . import cloudwatch_alarms, cloudwatch_metrics, health, quotas, resources, support  # noqa: F401  (registration)
