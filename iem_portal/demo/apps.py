"""Tells Django about the demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo part of the platform."""

    name = "iem_portal.demo"
    label = "demo"
