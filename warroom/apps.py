"""Tells Django about the warroom app."""

from django.apps import AppConfig


class WarroomConfig(AppConfig):
    """The warroom part of the portal."""

    name = "warroom"
