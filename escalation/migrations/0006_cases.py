"""Support cases and what was written to them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Support cases and what was written to them."""

    dependencies = [("escalation", "0005_ladder")]

    operations = [
        migrations.CreateModel(
            name="SupportCase",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("case_id", models.CharField(max_length=80)),
                ("display_id", models.CharField(blank=True, max_length=40)),
                ("subject", models.CharField(blank=True, max_length=400)),
                ("severity", models.CharField(blank=True, max_length=20)),
                ("status", models.CharField(blank=True, max_length=40)),
                ("service", models.CharField(blank=True, max_length=100)),
                ("category", models.CharField(blank=True, max_length=100)),
                ("language", models.CharField(blank=True, max_length=5)),
                ("created_at", models.DateTimeField()),
                ("is_primary", models.BooleanField(default=False)),
                ("has_wait", models.BooleanField(default=False)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.CharField(blank=True, max_length=20)),
                ("problem_text", models.TextField(blank=True)),
                ("last_said_at", models.DateTimeField(blank=True, null=True)),
                ("is_last_from_aws", models.BooleanField(default=False)),
                ("last_text", models.CharField(blank=True, max_length=300)),
                ("linked_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("next_at", models.DateTimeField(blank=True, null=True)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cases",
                        to="escalation.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ["-is_primary", "-created_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseWrite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("open", "Open a case"),
                            ("reply", "Reply"),
                            ("resolve", "Resolve the case"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("sent", "Sent"),
                            ("unknown", "Unknown"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="recorded",
                        max_length=10,
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("subject", models.CharField(blank=True, max_length=400)),
                ("body", models.TextField(blank=True)),
                ("request", models.JSONField(default=dict)),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(blank=True, null=True)),
                ("times_sent", models.PositiveSmallIntegerField(default=0)),
                ("looks", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("error_kind", models.CharField(blank=True, max_length=20)),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("error_message", models.TextField(blank=True)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_writes",
                        to="escalation.escalation",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="writes",
                        to="escalation.supportcase",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="CaseMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField()),
                ("is_from_aws", models.BooleanField()),
                ("digest", models.CharField(max_length=32)),
                ("seen_at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="escalation.supportcase",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="supportcase",
            index=models.Index(
                condition=models.Q(("next_at__isnull", False)),
                fields=["next_at"],
                name="support_cases_to_read",
            ),
        ),
        migrations.AddConstraint(
            model_name="supportcase",
            constraint=models.UniqueConstraint(fields=("escalation", "case_id"), name="support_case_once"),
        ),
        migrations.AddConstraint(
            model_name="supportcase",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_primary", True)),
                fields=("escalation",),
                name="support_case_one_primary",
            ),
        ),
        migrations.AddIndex(
            model_name="casewrite",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["next_at"], name="case_writes_to_send"
            ),
        ),
        migrations.AddConstraint(
            model_name="casewrite",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("escalation", "kind"),
                name="case_write_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="casewrite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["recorded", "failed"]), ("sent_at__isnull", False), _connector="OR"
                ),
                name="case_write_sent_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="casemessage",
            constraint=models.UniqueConstraint(fields=("case", "at", "digest"), name="case_message_once"),
        ),
    ]
