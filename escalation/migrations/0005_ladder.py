"""Who is told when, pages and their acknowledgements; the shipped rules as the portal's first version."""

import json
from datetime import UTC, datetime
from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

DATA = Path(__file__).parent.parent / "data" / "ladder_policies.json"


def seed(apps, schema_editor):
    """Write the shipped rules; administrators save newer versions from then on."""
    table = json.loads(DATA.read_text(encoding="utf-8"))
    body = {"rules": table["rules"], "terms": table["terms"]}
    apps.get_model("escalation", "LadderPolicy").objects.create(
        version=1, body=body, saved_at=datetime(2026, 11, 22, tzinfo=UTC), by_name="IEM Portal"
    )


class Migration(migrations.Migration):
    """Who is told when, pages and their acknowledgements."""

    dependencies = [("engagements", "0001_engagement"), ("escalation", "0004_objectives")]

    operations = [
        migrations.CreateModel(
            name="Drill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("note", models.TextField(blank=True)),
                ("started_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drills",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-started_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DrillPage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("rule", models.CharField(max_length=40)),
                ("channels", models.CharField(max_length=60)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "drill",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="escalation.drill",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LadderPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("body", models.JSONField(default=dict)),
                ("saved_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ladder_policies",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "ladder policies",
                "ordering": ["engagement", "-version"],
            },
        ),
        migrations.CreateModel(
            name="Mute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="from")),
                ("ends_at", models.DateTimeField(verbose_name="until")),
                ("reason", models.TextField(verbose_name="reason")),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="mutes",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-starts_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("fact", models.CharField(max_length=60)),
                ("receiver", models.CharField(max_length=40)),
                ("kind", models.CharField(blank=True, max_length=20)),
                ("stage", models.CharField(max_length=10)),
                ("user_id", models.BigIntegerField(blank=True, null=True)),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("rule", models.CharField(max_length=40)),
                ("channels", models.CharField(blank=True, max_length=60)),
                ("paged_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("held_until", models.DateTimeField(blank=True, null=True)),
                ("bundled_at", models.DateTimeField(blank=True, null=True)),
                ("satisfied_at", models.DateTimeField(blank=True, null=True)),
                ("satisfied_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pages",
                        to="escalation.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ["paged_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
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
                            ("acknowledge", "Acknowledged"),
                            ("snooze", "Snoozed"),
                            ("take", "Taken over"),
                        ],
                        max_length=12,
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("role", models.CharField(blank=True, max_length=30)),
                ("note", models.TextField(blank=True)),
                ("at", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("holds_until", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("end_reason", models.CharField(blank=True, max_length=20)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="escalation.escalation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [
                    models.Index(fields=["escalation", "-holds_until"], name="acknowledgement_holds")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "snooze"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="acknowledgement_snooze_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("at"))),
                        name="acknowledgement_ends_after_it_began",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="drill",
            constraint=models.UniqueConstraint(fields=("engagement", "number"), name="drill_number_once"),
        ),
        migrations.AddConstraint(
            model_name="drillpage",
            constraint=models.UniqueConstraint(fields=("drill", "user_id"), name="drill_person_once"),
        ),
        migrations.AddConstraint(
            model_name="ladderpolicy",
            constraint=models.UniqueConstraint(fields=("engagement", "version"), name="ladder_version_once"),
        ),
        migrations.AddConstraint(
            model_name="ladderpolicy",
            constraint=models.UniqueConstraint(
                condition=models.Q(("engagement__isnull", True)),
                fields=("version",),
                name="ladder_portal_version_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="mute",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="mute_ends_after_start"
            ),
        ),
        migrations.AddConstraint(
            model_name="mute",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="mute_has_reason"
            ),
        ),
        migrations.AddIndex(
            model_name="page",
            index=models.Index(
                condition=models.Q(("bundled_at__isnull", True), ("held_until__isnull", False)),
                fields=["held_until"],
                name="page_held",
            ),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.UniqueConstraint(fields=("fact", "receiver"), name="page_once"),
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
