"""A call may be made for one engagement: its ledger and its budget ask for that."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("aws", "0001_call"),
    ]

    operations = [
        migrations.AddField(
            model_name="awscall",
            name="engagement_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="awscall",
            index=models.Index(fields=["engagement_id", "at"], name="aws_call_by_engagement"),
        ),
    ]
