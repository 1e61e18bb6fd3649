"""Causes of breaches, and the audit."""

from django.db import migrations


class Migration(migrations.Migration):
    """Causes of breaches, and the audit."""

    dependencies = [("escalation", "0006_cases")]

    operations = []
