"""Tells Django about the aws app."""

from django.apps import AppConfig


class AwsConfig(AppConfig):
    """The aws part of the platform."""

    name = "iem_portal.aws"
    label = "aws"

    def ready(self) -> None:
        """Load the checks once the settings are there."""
        from iem_portal.aws import checks  # noqa: F401
