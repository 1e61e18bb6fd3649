"""Tells Django about the engagements app."""

from django.apps import AppConfig


class EngagementsConfig(AppConfig):
    """The engagements part of the portal."""

    name = "engagements"
