"""Additions to the path."""

from django.db import migrations


class Migration(migrations.Migration):
    """Additions to the path."""

    dependencies = [("escalation", "0007_causes")]

    operations = []
