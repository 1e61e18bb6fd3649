"""Tells Django about the workbook app."""

from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    """The workbook part of the portal."""

    name = "workbook"
