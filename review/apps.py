"""Tells Django about the review app."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The review part of the portal."""

    name = "review"
