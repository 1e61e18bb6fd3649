"""Tells Django about the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The accounts part of the platform."""

    name = "iem_portal.accounts"
    label = "accounts"
