"""The runbook's header, steps, gates and log, as the war room needs them."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def carry_over(apps, schema_editor):
    """Number the runbooks there are within their engagement; those that were begun are running."""
    Runbook, Step = apps.get_model("warroom", "Runbook"), apps.get_model("warroom", "Step")
    count = {}
    for runbook in Runbook.objects.order_by("engagement_id", "pk"):
        count[runbook.engagement_id] = count.get(runbook.engagement_id, 0) + 1
        begun = Step.objects.filter(runbook=runbook, actual_start_at__isnull=False)
        runbook.number = count[runbook.engagement_id]
        if first := begun.order_by("actual_start_at").first():
            runbook.status, runbook.started_at = "running", first.actual_start_at
        runbook.save(update_fields=["number", "status", "started_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("warroom", "0001_warroom"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="GateRound",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("gate_key", models.CharField(blank=True, max_length=10)),
                ("number", models.PositiveSmallIntegerField()),
                ("questions", models.JSONField(default=list)),
                ("outcomes", models.JSONField(default=list)),
                ("roles", models.JSONField(default=list)),
                ("default_outcome", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField()),
                ("asked_by_name", models.CharField(max_length=120)),
                ("deadline_at", models.DateTimeField(blank=True, null=True, verbose_name="decide by")),
                ("inputs", models.JSONField(default=list)),
                ("outcome", models.CharField(blank=True, max_length=20, verbose_name="outcome")),
                ("conditions", models.TextField(blank=True, verbose_name="conditions")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("ask_again_at", models.DateTimeField(blank=True, null=True, verbose_name="ask again at")),
                ("weight_percent", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="GateVote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=40, verbose_name="role")),
                (
                    "answer",
                    models.CharField(
                        choices=[("go", "GO"), ("no", "No-go"), ("abstain", "Abstain")],
                        max_length=7,
                        verbose_name="vote",
                    ),
                ),
                ("comment", models.TextField(blank=True, verbose_name="comment")),
                ("confirmed", models.JSONField(default=list)),
                ("voter_name", models.CharField(max_length=120)),
                ("voted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RunbookEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=20)),
                ("act", models.CharField(max_length=30)),
                ("params", models.JSONField(default=dict)),
                ("actor_id", models.BigIntegerField(blank=True, null=True)),
                ("actor_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="RunbookVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("revision", models.PositiveSmallIntegerField()),
                ("reason", models.TextField(blank=True)),
                ("content", models.JSONField()),
                ("approvals", models.JSONField(default=list)),
                ("frozen_at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["revision"],
            },
        ),
        migrations.AlterModelOptions(
            name="runbook",
            options={"ordering": ["number"]},
        ),
        migrations.RemoveConstraint(
            model_name="runbook",
            name="runbook_once_per_kind",
        ),
        migrations.RemoveConstraint(
            model_name="step",
            name="step_stop_has_reason",
        ),
        migrations.AddField(
            model_name="runbook",
            name="approvals",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="runbook",
            name="change_reason",
            field=models.TextField(blank=True, verbose_name="why this version"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="commander",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="commander",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="comms",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="communications",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="deputy commander",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="drafted_message",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="runbook",
            name="ended_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="runbook",
            name="fail_back_min",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="fail back with data merge (min)"
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="fix_forward_min",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="fix forward (min)"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="frozen_revision",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="runbook",
            name="number",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="runbook",
            name="outage_started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="runbook",
            name="paused_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="runbook",
            name="point_of_no_return",
            field=models.CharField(blank=True, max_length=20, verbose_name="point of no return"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="rehearsal_of",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rehearsals",
                to="warroom.runbook",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="revision",
            field=models.PositiveSmallIntegerField(default=1, verbose_name="version"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="rollback",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="undoes",
                to="warroom.runbook",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="rollback_callers",
            field=models.JSONField(blank=True, default=list, verbose_name="who may call the rollback"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="rollback_triggers",
            field=models.JSONField(blank=True, default=list, verbose_name="rollback triggers"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="rpo_min",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="recovery point objective (min)"
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="rto_min",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="recovery time objective (min)"
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="safety_margin_min",
            field=models.PositiveIntegerField(default=15, verbose_name="safety margin (min)"),
        ),
        migrations.AddField(
            model_name="runbook",
            name="scribe",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="scribe",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="started_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="runbook",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("approved", "Approved"),
                    ("rehearsing", "Rehearsing"),
                    ("ready", "Ready"),
                    ("running", "Running"),
                    ("paused", "Paused"),
                    ("completed", "Completed"),
                    ("rolled_back", "Rolled back"),
                    ("aborted", "Aborted"),
                ],
                default="draft",
                max_length=12,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="t0_at",
            field=models.DateTimeField(
                blank=True, help_text="Empty: T0 of the event.", null=True, verbose_name="T0"
            ),
        ),
        migrations.AddField(
            model_name="runbook",
            name="version",
            field=models.PositiveIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="runbook",
            name="window_end_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="end of the window"),
        ),
        migrations.AddField(
            model_name="step",
            name="checked_by_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="checked by"),
        ),
        migrations.AddField(
            model_name="step",
            name="checker",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="second pair of eyes",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="checker_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="second pair of eyes"),
        ),
        migrations.AddField(
            model_name="step",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="deputy",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="deputy_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="deputy"),
        ),
        migrations.AddField(
            model_name="step",
            name="deviation",
            field=models.TextField(blank=True, verbose_name="deviation"),
        ),
        migrations.AddField(
            model_name="step",
            name="doer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="done by",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="doer_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="done by"),
        ),
        migrations.AddField(
            model_name="step",
            name="evidence",
            field=models.TextField(blank=True, verbose_name="evidence"),
        ),
        migrations.AddField(
            model_name="step",
            name="fixed_start_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="not before"),
        ),
        migrations.AddField(
            model_name="step",
            name="gate_key",
            field=models.CharField(blank=True, max_length=10, verbose_name="gate"),
        ),
        migrations.AddField(
            model_name="step",
            name="is_evidence_required",
            field=models.BooleanField(default=False, verbose_name="evidence needed"),
        ),
        migrations.AddField(
            model_name="step",
            name="is_four_eyes",
            field=models.BooleanField(default=False, verbose_name="four eyes"),
        ),
        migrations.AddField(
            model_name="step",
            name="must_end_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="must end by"),
        ),
        migrations.AddField(
            model_name="step",
            name="notify_end",
            field=models.JSONField(blank=True, default=list, verbose_name="tell at the end"),
        ),
        migrations.AddField(
            model_name="step",
            name="notify_start",
            field=models.JSONField(blank=True, default=list, verbose_name="tell at the start"),
        ),
        migrations.AddField(
            model_name="step",
            name="outcome",
            field=models.CharField(blank=True, max_length=20, verbose_name="outcome"),
        ),
        migrations.AddField(
            model_name="step",
            name="owner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="risk",
            field=models.CharField(
                choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                default="low",
                max_length=6,
                verbose_name="risk",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="skip_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="step",
            name="skip_asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="skip asked by",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="skip_asked_name",
            field=models.CharField(blank=True, max_length=120),
        ),
        migrations.AddField(
            model_name="step",
            name="skip_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="step",
            name="start_rule",
            field=models.CharField(
                choices=[("all", "All"), ("any", "Any")],
                default="all",
                max_length=3,
                verbose_name="starts after",
            ),
        ),
        migrations.AddField(
            model_name="step",
            name="undo",
            field=models.CharField(blank=True, max_length=300, verbose_name="undo"),
        ),
        migrations.AlterField(
            model_name="runbook",
            name="kind",
            field=models.CharField(
                choices=[
                    ("cutover", "Cutover"),
                    ("event-day", "Event day"),
                    ("rollback", "Rollback"),
                    ("fail-back", "Fail-back"),
                    ("scale-up", "Scale-up"),
                    ("scale-down", "Scale-down"),
                    ("dr", "Disaster recovery"),
                ],
                default="cutover",
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="decision",
            field=models.CharField(
                blank=True,
                choices=[("", "Not decided"), ("go", "GO"), ("hold", "Hold"), ("stop", "No-go")],
                default="",
                max_length=4,
                verbose_name="decision",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="kind",
            field=models.CharField(
                choices=[
                    ("task", "Task"),
                    ("check", "Check"),
                    ("gate", "Decision gate"),
                    ("communication", "Communication"),
                    ("wait", "Wait"),
                    ("milestone", "Milestone"),
                    ("automation", "Automation"),
                    ("aws_action", "AWS action"),
                    ("vendor_action", "Vendor action"),
                ],
                default="task",
                max_length=15,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="step",
            name="status",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("running", "Running"),
                    ("done", "Done"),
                    ("skipped", "Skipped"),
                    ("blocked", "Blocked"),
                    ("failed", "Failed"),
                    ("cancelled", "Cancelled"),
                ],
                default="planned",
                max_length=9,
                verbose_name="status",
            ),
        ),
        migrations.RunPython(carry_over, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="runbook",
            constraint=models.UniqueConstraint(fields=("engagement", "number"), name="runbook_number_once"),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status__in", ["skipped", "blocked", "failed", "cancelled"]), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="step_stop_has_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="step",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("skip_asked_at__isnull", True),
                    models.Q(("skip_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="step_skip_asked_with_reason",
            ),
        ),
        migrations.AddField(
            model_name="gateround",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="gateround",
            name="runbook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="gate_rounds", to="warroom.runbook"
            ),
        ),
        migrations.AddField(
            model_name="gatevote",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="votes", to="warroom.gateround"
            ),
        ),
        migrations.AddField(
            model_name="gatevote",
            name="voter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="voter",
            ),
        ),
        migrations.AddField(
            model_name="runbookentry",
            name="runbook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="warroom.runbook"
            ),
        ),
        migrations.AddField(
            model_name="runbookversion",
            name="runbook",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="warroom.runbook"
            ),
        ),
        migrations.AddConstraint(
            model_name="gateround",
            constraint=models.UniqueConstraint(fields=("runbook", "code", "number"), name="gate_round_once"),
        ),
        migrations.AddConstraint(
            model_name="gateround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decided_at__isnull", True), ("outcome", "")),
                    models.Q(("decided_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                    _connector="OR",
                ),
                name="gate_round_decided_with_outcome",
            ),
        ),
        migrations.AddIndex(
            model_name="runbookentry",
            index=models.Index(fields=["runbook", "code"], name="runbook_entry_by_code"),
        ),
        migrations.AddConstraint(
            model_name="runbookversion",
            constraint=models.UniqueConstraint(fields=("runbook", "revision"), name="runbook_version_once"),
        ),
    ]
