"""Tells Django about the platform itself, and loads the Celery app in every process."""

from django.apps import AppConfig


class IemPortalConfig(AppConfig):
    """The platform: template tags, health, settings checks."""

    name = "iem_portal"
    label = "platform"

    def ready(self) -> None:
        """Load what must be there before the first request: the Celery app and the system checks."""
        # Tasks enqueued by a web process need the configured app, not Celery's default one.
        from iem_portal import celery, checks  # noqa: F401
