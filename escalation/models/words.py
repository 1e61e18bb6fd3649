"""The codes of the trade that several tables share."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Severity(models.TextChoices):
    """AWS Support's severity codes; the labels people read are in data/severities.json."""

    CRITICAL = "critical", _("Business-critical system down")
    URGENT = "urgent", _("Production system down")
    HIGH = "high", _("Production system impaired")
    NORMAL = "normal", _("System impaired")
    LOW = "low", _("General guidance")


class Lane(models.TextChoices):
    """The two paths a problem can take; the codes are AWS Support's issue types."""

    TECHNICAL = "technical", _("Technical")
    CUSTOMER_SERVICE = "customer-service", _("Account and billing")


def reference_of(number: int) -> str:
    """The short name of an escalation with this number, such as ESC-07."""
    return f"ESC-{number:02d}"
