"""What a case page keeps of files, and whose eyes old entries are for."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("escalation", "0009_mending")]

    operations: list = []
