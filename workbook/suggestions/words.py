"""Where a figure of AWS comes from, in the reader's words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

ORIGINS = {
    "quotas": gettext_lazy("Service Quotas"),
    "usage": gettext_lazy("usage in CloudWatch"),
    "requests": gettext_lazy("requests in Service Quotas"),
    "tags": gettext_lazy("resources by tag"),
    "balancers": gettext_lazy("load balancers"),
    "alarms": gettext_lazy("CloudWatch alarms"),
}


def origin(key: str, account_id: str, region: str) -> str:
    """What was read, in which account and Region: "Service Quotas, 111122223333, ap-northeast-2"."""
    return _("%(what)s, %(account)s, %(region)s") % {
        "what": ORIGINS.get(key, key),
        "account": account_id,
        "region": region,
    }
