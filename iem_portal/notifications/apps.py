"""Tells Django about the notifications app."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The notifications part of the platform."""

    name = "iem_portal.notifications"
    label = "notifications"
