"""Who is told when, pages and their acknowledgements."""

from django.db import migrations


class Migration(migrations.Migration):
    """Who is told when, pages and their acknowledgements."""

    dependencies = [("escalation", "0004_objectives")]

    operations = []
