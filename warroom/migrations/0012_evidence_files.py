from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("warroom", "0011_roll_rules")]

    operations = [
        migrations.AddField(
            model_name="step",
            name="evidence_files",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
