"""Roll calls, hand-over notes, corrections and announcements."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("warroom", "0005_wall_and_charts")]

    operations: list = []
