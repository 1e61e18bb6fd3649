"""Tells Django about the workbook app."""

from importlib import import_module

from django.apps import AppConfig


class WorkbookConfig(AppConfig):
    """The workbook part of the portal."""

    name = "workbook"

    def ready(self) -> None:
        """Register the system check of the section files."""
        import_module("workbook.checks")
