import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0001_engagement"),
        ("workbook", "0003_talk"),
    ]

    operations = [
        migrations.AddField(
            model_name="cellchange",
            name="proposed_by_name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.CreateModel(
            name="AwsReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("choices", models.JSONField(default=dict)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_aws_readings",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="AwsReadingPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(max_length=20)),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("service", models.CharField(max_length=63)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("found", models.PositiveIntegerField(default=0)),
                ("suggested", models.PositiveIntegerField(default=0)),
                ("error_kind", models.CharField(blank=True, max_length=20)),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("error_message", models.TextField(blank=True)),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="workbook.awsreading",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("table", models.CharField(max_length=30)),
                ("new_row", models.CharField(blank=True, max_length=40)),
                ("field", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("base_version", models.PositiveIntegerField(default=0)),
                ("words", models.TextField(blank=True)),
                ("source", models.CharField(choices=[("person", "Person"), ("aws", "Aws")], max_length=6)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("origin", models.CharField(blank=True, max_length=20)),
                ("account_id", models.CharField(blank=True, max_length=12)),
                ("region", models.CharField(blank=True, max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("superseded", "Superseded"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=120)),
                ("answer", models.TextField(blank=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_suggestions",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="awsreading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("finished_at__isnull", True)),
                fields=("engagement", "section"),
                name="aws_read_once_at_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="awsreadingpart",
            index=models.Index(
                condition=models.Q(("state__in", ["waiting", "running"])),
                fields=["next_at"],
                name="aws_parts_to_read",
            ),
        ),
        migrations.AddConstraint(
            model_name="awsreadingpart",
            constraint=models.UniqueConstraint(
                fields=("reading", "reader", "account_id", "region", "service"), name="aws_part_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="awsreadingpart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "failed"), _negated=True),
                    models.Q(("error_kind", ""), _negated=True),
                    _connector="OR",
                ),
                name="aws_part_fails_for_a_reason",
            ),
        ),
        migrations.AddIndex(
            model_name="suggestion",
            index=models.Index(fields=["engagement", "section", "state"], name="suggestions_of_section"),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("new_row", ""), ("row__isnull", False)),
                    models.Q(("row__isnull", True), models.Q(("new_row", ""), _negated=True)),
                    _connector="OR",
                ),
                name="suggestion_for_a_row_or_new",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("decided_at__isnull", False),
                        models.Q(("decided_by_name", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="suggestion_decided_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("origin", ""), ("source", "person")),
                    models.Q(("source", "aws"), models.Q(("origin", ""), _negated=True)),
                    _connector="OR",
                ),
                name="suggestion_of_aws_has_origin",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("row__isnull", False), ("source", "aws"), ("state", "open")),
                fields=("row", "field"),
                name="aws_suggests_once_per_cell",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open"), models.Q(("new_row", ""), _negated=True)),
                fields=("engagement", "new_row", "field"),
                name="suggested_once_per_new_row",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("row__isnull", False), ("source", "person"), ("state", "open")),
                fields=("row", "field", "by_id"),
                name="person_suggests_once_per_cell",
            ),
        ),
    ]
