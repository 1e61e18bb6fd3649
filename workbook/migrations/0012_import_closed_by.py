"""Who closed an import, for a TAM may close somebody else's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0011_section_switches")]

    operations = [
        migrations.AddField(
            model_name="import",
            name="ended_by_name",
            field=models.CharField(blank=True, max_length=120),
        ),
    ]
