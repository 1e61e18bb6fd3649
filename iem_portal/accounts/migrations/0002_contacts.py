"""How a person can be reached."""

from django.db import migrations


class Migration(migrations.Migration):
    """How a person can be reached."""

    dependencies = [("accounts", "0001_people")]

    operations = []
