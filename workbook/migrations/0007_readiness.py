import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("engagements", "0001_engagement"),
        ("workbook", "0006_attachments"),
    ]

    operations = [
        migrations.CreateModel(
            name="Freeze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("gate", "Gate"), ("hand", "Hand"), ("signing", "Signing")], max_length=10
                    ),
                ),
                ("from_phase", models.CharField(blank=True, max_length=10)),
                ("content", models.JSONField()),
                ("progress", models.JSONField()),
                ("scorecard", models.JSONField()),
                ("cell_count", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_by_name", models.CharField(max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_freezes",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="NotApplicable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_by_name", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("accepted_by_name", models.CharField(blank=True, max_length=120)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_exemptions",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exemptions",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.CharField(max_length=20)),
                ("colour", models.CharField(max_length=6)),
                ("worked_out", models.CharField(max_length=6)),
                ("reason", models.TextField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_overrides",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Quiet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("taken_at", models.DateTimeField()),
                ("colours", models.JSONField()),
                ("percent", models.PositiveSmallIntegerField()),
                ("late", models.PositiveIntegerField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_readings",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "freeze",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading",
                        to="workbook.freeze",
                    ),
                ),
            ],
            options={
                "ordering": ["taken_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("side", models.CharField(choices=[("customer", "Customer"), ("aws", "Aws")], max_length=10)),
                (
                    "result",
                    models.CharField(
                        choices=[("go", "Go"), ("conditions", "Conditions"), ("no_go", "No Go")],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("changes_seen", models.PositiveIntegerField(default=0)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by_name", models.CharField(blank=True, max_length=120)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_signatures",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="workbook.freeze",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("engagements", models.JSONField(default=list)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="digest_once_a_day")],
            },
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.UniqueConstraint(fields=("engagement", "number"), name="freeze_number_once"),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "hand"), _negated=True),
                    models.Q(("name", ""), _negated=True),
                    _connector="OR",
                ),
                name="freeze_by_hand_is_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="notapplicable",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("row", "field"),
                name="not_applicable_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notapplicable",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="not_applicable_for_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="notapplicable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("accepted_at__isnull", True), ("accepted_at__gte", models.F("asked_at")), _connector="OR"
                ),
                name="not_applicable_asked_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("engagement", "line"),
                name="override_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_by_name", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False), models.Q(("withdrawn_by_name", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="override_withdrawn_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="override",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="override_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="quiet",
            constraint=models.UniqueConstraint(fields=("user", "engagement"), name="quiet_once"),
        ),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                condition=models.Q(("freeze__isnull", True)),
                fields=("engagement", "day"),
                name="reading_once_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at__isnull", True)),
                fields=("engagement", "side"),
                name="signed_once_a_side",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                        models.Q(("withdrawn_by_name", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="signature_withdrawn_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(("result", "go"), models.Q(("words", ""), _negated=True), _connector="OR"),
                name="signature_with_conditions_says_them",
            ),
        ),
    ]
