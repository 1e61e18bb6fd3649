"""What the customer heard with a step of the path, ends that were taken back, and how links ended."""

import django.db.models.deletion
from django.db import migrations, models

SEVERITIES = [
    ("critical", "Business-critical system down"),
    ("urgent", "Production system down"),
    ("high", "Production system impaired"),
    ("normal", "System impaired"),
    ("low", "General guidance"),
]


class Migration(migrations.Migration):
    """Additions to the path."""

    dependencies = [("escalation", "0007_causes")]

    operations = [
        migrations.AddField(
            model_name="communication",
            name="hop",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="told",
                to="escalation.hop",
            ),
        ),
        migrations.AddField(
            model_name="communication",
            name="is_request",
            field=models.BooleanField(default=False, verbose_name="asks AWS for an answer"),
        ),
        migrations.AddField(
            model_name="escalation",
            name="severity_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="escalationlink",
            name="end_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="escalationlink",
            name="ended_by_id",
            field=models.BigIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("resolved_at", models.DateTimeField()),
                ("restored_at", models.DateTimeField(blank=True, null=True)),
                ("resolution", models.TextField(blank=True)),
                ("reopened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reopenings",
                        to="escalation.escalation",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="escalation.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ["reopened_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reopened_at__gte", models.F("resolved_at"))),
                        name="reopening_after_the_end",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AgeRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "severity",
                    models.CharField(choices=SEVERITIES, max_length=10, unique=True, verbose_name="severity"),
                ),
                (
                    "minutes",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="minutes at this severity; empty: never"
                    ),
                ),
                ("is_automatic", models.BooleanField(default=False, verbose_name="raised without asking")),
            ],
            options={
                "ordering": ["severity"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__isnull", True), ("minutes__gte", 1), _connector="OR"),
                        name="age_rule_at_least_a_minute",
                    )
                ],
            },
        ),
    ]
