import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0007_readiness")]

    operations = [
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=10)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.JSONField(default=dict)),
                ("settled", models.JSONField(default=dict)),
                ("made", models.JSONField(default=dict)),
                ("notices", models.JSONField(default=list)),
                ("untouched", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField()),
                ("by_name", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_imports",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={"ordering": ["-created_at", "-pk"]},
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["engagement", "-created_at"], name="imports_of_engagement"),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_at__isnull", True), ("state__in", ["mapping", "review"]))
                | models.Q(("ended_at__isnull", False), ("state__in", ["done", "dropped"])),
                name="import_ends_once",
            ),
        ),
    ]
