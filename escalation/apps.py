"""Tells Django about the escalation app."""

from django.apps import AppConfig


class EscalationConfig(AppConfig):
    """The escalation part of the portal."""

    name = "escalation"
