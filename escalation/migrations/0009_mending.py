"""Telling each breach once, waits that know who began them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0008_path")]

    operations = []
