"""Drops PostgreSQL's second index on a message's key: it serves searches for a beginning, and nobody makes any."""

from django.db import migrations

# As Django named it beside the unique one; each message was entered into both.
NAME = "notifications_notification_key_21d62a12_like"


def drop(apps, schema_editor):
    """The unique index stays."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX IF EXISTS {NAME}")


def create(apps, schema_editor):
    """As it was."""
    if schema_editor.connection.vendor == "postgresql":
        table = "notifications_notification (key varchar_pattern_ops)"
        schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {NAME} ON {table}")


class Migration(migrations.Migration):
    """An index only."""

    dependencies = [("notifications", "0003_channels")]

    operations = [migrations.RunPython(drop, create)]
