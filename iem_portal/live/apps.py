"""Tells Django about the live app."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """The live part of the platform."""

    name = "iem_portal.live"
    label = "live"
