"""What is read of AWS: history, inbound events, accounts, budgets."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warroom", "0002_runbook")]

    operations = []
