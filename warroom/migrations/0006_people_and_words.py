"""Roll calls, hand-over notes, drafts, marks on the timeline, links of stakeholders, and what is quiet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0001_engagement"),
        ("warroom", "0005_wall_and_charts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="statusupdate",
            name="words",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("place", models.CharField(max_length=120, verbose_name="where")),
                ("text", models.TextField(verbose_name="text")),
                ("announced_at", models.DateTimeField(verbose_name="announced")),
                ("recorded_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-announced_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="RollCall",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("occasion", models.CharField(max_length=80, verbose_name="for")),
                ("expected", models.JSONField(default=list)),
                ("opened_at", models.DateTimeField()),
                ("opened_by_name", models.CharField(max_length=120)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roll_calls",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="RollAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("user_id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="warroom.rollcall",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="StakeholderLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("language", models.CharField(max_length=5)),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(max_length=120)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_by_name", models.CharField(blank=True, max_length=120)),
                ("opened_count", models.PositiveIntegerField(default=0)),
                ("last_opened_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="UpdateDraft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.JSONField(default=dict)),
                ("drafted", models.JSONField(default=dict)),
                ("state", models.CharField(blank=True, max_length=8)),
                ("audience", models.CharField(blank=True, max_length=3)),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EntryMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("star", "Starred for the report"),
                            ("unstar", "Star taken away"),
                            ("text", "Corrected"),
                        ],
                        max_length=6,
                    ),
                ),
                ("text", models.TextField(blank=True)),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="marks",
                        to="engagements.timelineentry",
                    ),
                ),
            ],
            options={
                "ordering": ["entry", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("entry", "number"), name="entry_mark_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "text"), _negated=True),
                            models.Q(
                                models.Q(("text", ""), _negated=True), models.Q(("reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="correction_has_text_and_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExpectedAlarm",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("runbook_number", models.PositiveSmallIntegerField()),
                ("step_code", models.CharField(max_length=20)),
                ("alarm_name", models.CharField(max_length=255)),
                ("reason", models.CharField(max_length=300)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="expected_alarms",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("engagement", "runbook_number", "step_code", "alarm_name"),
                        name="alarm_expected_once_a_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_by_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="expected_alarm_ended_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="note")),
                (
                    "audience",
                    models.CharField(
                        choices=[("all", "Everyone"), ("aws", "AWS only")], default="all", max_length=3
                    ),
                ),
                ("from_id", models.BigIntegerField(blank=True, null=True)),
                ("from_name", models.CharField(max_length=120)),
                ("to_id", models.BigIntegerField()),
                ("to_name", models.CharField(max_length=120)),
                ("written_at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "number"), name="handover_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_at__isnull", True),
                            ("taken_at__gte", models.F("written_at")),
                            _connector="OR",
                        ),
                        name="handover_taken_after_writing",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HealthMute",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=120)),
                ("reason", models.CharField(max_length=300)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="health_mutes",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("engagement", "code"),
                        name="health_code_muted_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True),
                            models.Q(("ended_by_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="health_mute_ended_by_someone",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="rollcall",
            constraint=models.UniqueConstraint(fields=("engagement", "number"), name="roll_call_number_once"),
        ),
        migrations.AddConstraint(
            model_name="rollcall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_at__isnull", True)),
                fields=("engagement",),
                name="one_open_roll_call",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollcall",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_at__isnull", True),
                    models.Q(("closed_by_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="roll_call_closed_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollanswer",
            constraint=models.UniqueConstraint(fields=("call", "user_id"), name="here_once_a_roll_call"),
        ),
        migrations.AddConstraint(
            model_name="stakeholderlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("revoked_at__isnull", True),
                    models.Q(("revoked_by_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="stakeholder_link_revoked_by_someone",
            ),
        ),
        migrations.AddConstraint(
            model_name="updatedraft",
            constraint=models.UniqueConstraint(
                fields=("engagement", "user"), name="one_update_draft_a_person"
            ),
        ),
    ]
