"""Tells Django about the demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo part of the platform."""

    name = "iem_portal.demo"
    label = "demo"

    def ready(self) -> None:
        """Load the check once the models are there."""
        from iem_portal.demo import checks  # noqa: F401
