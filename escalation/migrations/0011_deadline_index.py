"""One index less for each deadline that is written or fired: the constraint `deadline_once_per_stage` serves as well."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("escalation", "0010_case_files")]

    operations = [
        migrations.AlterField(
            model_name="deadline",
            name="clock",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="deadlines",
                to="escalation.clock",
            ),
        ),
    ]
