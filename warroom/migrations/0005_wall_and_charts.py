"""Read-only links of the wall."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warroom", "0004_pulse")]

    operations: list = []
