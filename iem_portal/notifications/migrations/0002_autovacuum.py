"""Tells PostgreSQL to clean the outbox often: every row of it is updated at least twice."""

from django.db import migrations


def clean_often(apps, schema_editor):
    """Keep the partial index of waiting messages small."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE notifications_notification SET "
            "(autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500)"
        )


class Migration(migrations.Migration):
    """Storage settings only."""

    dependencies = [("notifications", "0001_notification")]

    operations = [migrations.RunPython(clean_often, migrations.RunPython.noop)]
