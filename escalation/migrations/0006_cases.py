"""Support cases and what was written to them."""

from django.db import migrations


class Migration(migrations.Migration):
    """Support cases and what was written to them."""

    dependencies = [("escalation", "0005_ladder")]

    operations = []
