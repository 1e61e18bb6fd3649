"""The shipped objectives of the update and level clocks."""

from django.db import migrations


class Migration(migrations.Migration):
    """The shipped objectives of the update and level clocks."""

    dependencies = [("escalation", "0003_four_clocks")]

    operations = []
