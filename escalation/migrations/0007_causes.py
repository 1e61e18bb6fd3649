"""Causes of breaches, and the audit."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Causes of breaches, and the audit."""

    dependencies = [("escalation", "0006_cases")]

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=20, unique=True)),
                ("at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField(default=0)),
                ("findings", models.PositiveIntegerField(default=0)),
                ("pinged_at", models.DateTimeField(blank=True, null=True)),
                ("ping_problem", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Lag",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("minute", models.DateTimeField(unique=True)),
                ("le_50", models.PositiveIntegerField(default=0)),
                ("le_250", models.PositiveIntegerField(default=0)),
                ("le_1000", models.PositiveIntegerField(default=0)),
                ("le_5000", models.PositiveIntegerField(default=0)),
                ("later", models.PositiveIntegerField(default=0)),
                ("worst_ms", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["-minute"],
            },
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("kind", models.CharField(max_length=20)),
                ("params", models.JSONField(default=dict)),
                ("engagement_id", models.BigIntegerField(blank=True, null=True)),
                ("found_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                ("told_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["-found_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("gone_at__isnull", True)),
                        fields=("key",),
                        name="finding_open_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BreachCause",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cycle", models.PositiveIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("aws-late", "AWS answered late"),
                            ("opened-late", "Noted or opened late"),
                            ("nobody", "Nobody was on duty"),
                            ("not-seen", "The page was not seen"),
                            ("customer", "The customer was waited for"),
                            ("target", "The target changed under way"),
                            ("other", "Something else"),
                        ],
                        max_length=12,
                        verbose_name="cause of the breach",
                    ),
                ),
                ("text", models.TextField(verbose_name="in a sentence")),
                ("at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                (
                    "clock",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="causes",
                        to="escalation.clock",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["clock", "cycle", "-at"], name="breach_cause_newest")],
            },
        ),
    ]
