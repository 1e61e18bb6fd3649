import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0005_guests")]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=300, unique=True)),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by_id", models.BigIntegerField(null=True)),
                ("uploaded_by_name", models.CharField(max_length=120)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workbook.row"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["engagement", "section"], name="attachments_of_a_section")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("removed_at__isnull", True), ("removed_by_name", ""))
                        | models.Q(
                            ("removed_at__isnull", False), models.Q(("removed_by_name", ""), _negated=True)
                        ),
                        name="attachment_removed_by_someone",
                    )
                ],
            },
        ),
    ]
