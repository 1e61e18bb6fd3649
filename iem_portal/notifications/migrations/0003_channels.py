"""Channels besides e-mail."""

from django.db import migrations


class Migration(migrations.Migration):
    """Channels besides e-mail."""

    dependencies = [("notifications", "0002_autovacuum")]

    operations = []
