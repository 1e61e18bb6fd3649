"""A board shows whether somebody still goes round to read AWS."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("engagements", "0001_engagement"), ("warroom", "0003_sources")]

    operations = [
        migrations.CreateModel(
            name="PollPulse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_pulse",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
    ]
