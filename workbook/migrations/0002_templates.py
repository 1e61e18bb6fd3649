import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("workbook", "0001_workbook")]

    operations = [
        migrations.AddField(
            model_name="sectionstart",
            name="template",
            field=models.CharField(default="standard", max_length=14),
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=14, unique=True)),
                ("name", models.JSONField()),
                ("copied_from", models.CharField(max_length=20)),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(max_length=120)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("retired_by_name", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by_name", "")),
                            models.Q(
                                ("retired_at__isnull", False),
                                models.Q(("retired_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="template_retired_by_someone",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("edits", models.PositiveIntegerField(default=0)),
                ("edited_at", models.DateTimeField()),
                ("edited_by_name", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="workbook.template",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "number"), name="template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("template",),
                        name="template_has_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by_name", "")),
                            models.Q(
                                ("published_at__isnull", False),
                                models.Q(("published_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="template_published_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="template_version_from_1"
                    ),
                ],
            },
        ),
    ]
