"""The tables of the war room as its first four migrations leave them, for databases that begin empty.

Taking every step costs a newcomer ten seconds; a database that has begun them goes on with the steps themselves.
"""

import django.db.models.deletion
import uuid
import warroom.models.setup
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("warroom", "0001_warroom"),
        ("warroom", "0002_runbook"),
        ("warroom", "0003_sources"),
        ("warroom", "0004_pulse"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0002_contacts"),
        ("engagements", "0001_engagement"),
    ]

    operations = [
        migrations.CreateModel(
            name="EventDoor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("secret", models.CharField(max_length=80)),
                ("made_at", models.DateTimeField()),
                ("made_by_name", models.CharField(max_length=120)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="event_door",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HealthEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("arn", models.CharField(max_length=400)),
                ("service", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=120)),
                ("category", models.CharField(max_length=40)),
                ("region", models.CharField(blank=True, max_length=30)),
                ("scope", models.CharField(blank=True, max_length=30)),
                ("status", models.CharField(max_length=20)),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("updated_at", models.DateTimeField(blank=True, null=True)),
                ("text", models.TextField(blank=True)),
                ("entities", models.JSONField(default=list)),
                ("first_seen_at", models.DateTimeField()),
                ("actionability", models.CharField(blank=True, max_length=40)),
                ("problem", models.CharField(blank=True, max_length=300)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="health_events",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-updated_at", "arn"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "account_id", "arn"), name="health_event_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InboundEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64)),
                ("page", models.PositiveSmallIntegerField(default=1)),
                ("pages", models.PositiveSmallIntegerField(default=1)),
                ("arn", models.CharField(max_length=400)),
                ("account_id", models.CharField(max_length=12)),
                ("detail", models.JSONField()),
                ("received_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="inbound_events",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["engagement", "received_at"], name="inbound_events_by_time")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "key", "page"), name="inbound_event_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="IssuedExternalId",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                (
                    "value",
                    models.CharField(
                        default=warroom.models.setup.new_external_id, max_length=80, unique=True
                    ),
                ),
                ("issued_at", models.DateTimeField()),
                ("issued_by_name", models.CharField(max_length=120)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="external_ids",
                        to="accounts.customer",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "account_id"), name="external_id_once_per_account"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("watch_row", models.BigIntegerField()),
                ("fingerprint", models.CharField(max_length=16)),
                ("cursor_at", models.DateTimeField(blank=True, null=True)),
                ("last_at", models.DateTimeField(blank=True, null=True)),
                ("last_value", models.FloatField(blank=True, null=True)),
                ("is_silent", models.BooleanField(default=False)),
                ("incomplete_reason", models.CharField(blank=True, max_length=200)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="metric_series",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "watch_row", "fingerprint"), name="metric_series_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PollBudget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "usd_per_day",
                    models.DecimalField(decimal_places=2, max_digits=8, verbose_name="budget a day in USD"),
                ),
                ("changed_at", models.DateTimeField()),
                ("changed_by_name", models.CharField(max_length=120)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("level_since_at", models.DateTimeField(blank=True, null=True)),
                ("spent_usd", models.DecimalField(decimal_places=6, default=0, max_digits=12)),
                ("checked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_budget",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("usd_per_day__gt", 0)), name="poll_budget_positive"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PollPulse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_pulse",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PollTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(max_length=30, verbose_name="source")),
                ("account_id", models.CharField(max_length=12, verbose_name="account ID")),
                ("region", models.CharField(max_length=30, verbose_name="Region")),
                ("is_active", models.BooleanField(default=True)),
                ("next_poll_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("cursor_at", models.DateTimeField(blank=True, null=True)),
                ("data_until", models.DateTimeField(blank=True, null=True)),
                ("last_attempt_at", models.DateTimeField(blank=True, null=True)),
                ("last_ok_at", models.DateTimeField(blank=True, null=True)),
                ("failing_since_at", models.DateTimeField(blank=True, null=True)),
                ("failures_in_a_row", models.PositiveIntegerField(default=0)),
                ("last_error_kind", models.CharField(blank=True, max_length=20)),
                ("last_error_code", models.CharField(blank=True, max_length=80)),
                ("last_error_message", models.TextField(blank=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="poll_targets",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["source", "account_id", "region"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_active", True)),
                        fields=["next_poll_at"],
                        name="poll_target_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "source", "account_id", "region"), name="poll_target_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("failing_since_at__isnull", True),
                            models.Q(("last_error_kind", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="poll_target_failing_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuotaUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("service", models.CharField(max_length=60)),
                ("code", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("unit", models.CharField(blank=True, max_length=60)),
                ("value", models.FloatField()),
                ("used", models.FloatField(blank=True, null=True)),
                ("used_at", models.DateTimeField(blank=True, null=True)),
                ("read_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quota_uses",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["service", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "account_id", "region", "service", "code"),
                        name="quota_use_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Runbook",
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
                ("title", models.JSONField(verbose_name="title")),
                ("streams", models.JSONField(default=list, verbose_name="streams")),
                ("template_key", models.CharField(max_length=30)),
                ("template_version", models.PositiveSmallIntegerField()),
                (
                    "downtime_budget_min",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="downtime budget (min)"),
                ),
                ("created_by_name", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("approvals", models.JSONField(default=list)),
                ("change_reason", models.TextField(blank=True, verbose_name="why this version")),
                ("drafted_message", models.TextField(blank=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "fail_back_min",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="fail back with data merge (min)"
                    ),
                ),
                (
                    "fix_forward_min",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="fix forward (min)"),
                ),
                ("frozen_revision", models.PositiveSmallIntegerField(default=0)),
                ("number", models.PositiveSmallIntegerField(default=1)),
                ("outage_started_at", models.DateTimeField(blank=True, null=True)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "point_of_no_return",
                    models.CharField(blank=True, max_length=20, verbose_name="point of no return"),
                ),
                ("revision", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
                (
                    "rollback_callers",
                    models.JSONField(blank=True, default=list, verbose_name="who may call the rollback"),
                ),
                (
                    "rollback_triggers",
                    models.JSONField(blank=True, default=list, verbose_name="rollback triggers"),
                ),
                (
                    "rpo_min",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="recovery point objective (min)"
                    ),
                ),
                (
                    "rto_min",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="recovery time objective (min)"
                    ),
                ),
                (
                    "safety_margin_min",
                    models.PositiveIntegerField(default=15, verbose_name="safety margin (min)"),
                ),
                ("started_at", models.DateTimeField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
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
                (
                    "t0_at",
                    models.DateTimeField(
                        blank=True, help_text="Empty: T0 of the event.", null=True, verbose_name="T0"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "window_end_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="end of the window"),
                ),
                (
                    "commander",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="commander",
                    ),
                ),
                (
                    "comms",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="communications",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy commander",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runbooks",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "rehearsal_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rehearsals",
                        to="warroom.runbook",
                    ),
                ),
                (
                    "rollback",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="undoes",
                        to="warroom.runbook",
                    ),
                ),
                (
                    "scribe",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="scribe",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "number"), name="runbook_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("on_plan", "On plan"), ("at_risk", "At risk"), ("off_plan", "Off plan")],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "audience",
                    models.CharField(
                        choices=[("all", "Everyone"), ("aws", "AWS only")],
                        default="all",
                        max_length=3,
                        verbose_name="audience",
                    ),
                ),
                ("recipients_count", models.PositiveIntegerField(default=0)),
                ("by_name", models.CharField(max_length=120)),
                ("sent_at", models.DateTimeField(verbose_name="sent")),
                ("next_due_at", models.DateTimeField(verbose_name="next update due")),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="status_updates",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "number"), name="status_update_number_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("next_due_at__gt", models.F("sent_at"))),
                        name="status_update_next_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WarRoom",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("opened_at", models.DateTimeField(verbose_name="opened")),
                ("opened_by_name", models.CharField(max_length=120)),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("closed_by_name", models.CharField(blank=True, max_length=120)),
                ("redrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="war_room",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_at__isnull", True),
                            models.Q(("closed_by_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="war_room_closed_by_someone",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountProbe",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                (
                    "status",
                    models.CharField(
                        choices=[("waiting", "Waiting"), ("running", "Running"), ("done", "Done")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("asked_by_name", models.CharField(max_length=120)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("finished_at", models.DateTimeField(blank=True, null=True)),
                ("findings", models.JSONField(default=list)),
                ("skew_s", models.FloatField(blank=True, null=True)),
                ("plan", models.CharField(blank=True, max_length=10)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_probes",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-asked_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("status", "done"), _negated=True),
                        fields=("engagement", "account_id"),
                        name="account_probe_one_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountSetup",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("monitored_by", models.CharField(blank=True, max_length=12)),
                (
                    "health_view",
                    models.CharField(
                        choices=[("account", "This account"), ("organization", "The whole organization")],
                        default="account",
                        max_length=12,
                    ),
                ),
                ("changed_at", models.DateTimeField()),
                ("changed_by_name", models.CharField(max_length=120)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account_setups",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "account_id"), name="account_setup_once"),
                    models.CheckConstraint(
                        condition=models.Q(("monitored_by", models.F("account_id")), _negated=True),
                        name="account_not_monitored_by_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=255)),
                ("kind", models.CharField(default="metric", max_length=20)),
                ("at", models.DateTimeField()),
                ("old_state", models.CharField(blank=True, max_length=20)),
                ("state", models.CharField(max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("seen_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarm_changes",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["engagement", "at"], name="alarm_changes_by_time")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "account_id", "region", "name", "at", "state"),
                        name="alarm_change_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="AlarmState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=255)),
                ("kind", models.CharField(default="metric", max_length=20)),
                ("state", models.CharField(max_length=20)),
                ("previous_state", models.CharField(blank=True, max_length=20)),
                ("reason", models.TextField(blank=True)),
                ("changed_at", models.DateTimeField(blank=True, null=True)),
                ("gone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="alarm_states",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "account_id", "region", "name"), name="alarm_state_once"
                    )
                ],
            },
        ),
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
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gate_rounds",
                        to="warroom.runbook",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("runbook", "code", "number"), name="gate_round_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("outcome", "")),
                            models.Q(("decided_at__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="gate_round_decided_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HealthWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("status", models.CharField(max_length=20)),
                ("text", models.TextField()),
                ("is_pushed", models.BooleanField(default=False)),
                ("seen_at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="words",
                        to="warroom.healthevent",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("event", "at", "status"), name="health_word_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricPoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("value", models.FloatField()),
                ("is_provisional", models.BooleanField(default=False)),
                (
                    "series",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="warroom.metricseries",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["at"], name="metric_point_by_age")],
                "constraints": [models.UniqueConstraint(fields=("series", "at"), name="metric_point_once")],
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
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="warroom.runbook",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["runbook", "code"], name="runbook_entry_by_code")],
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
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="warroom.runbook",
                    ),
                ),
            ],
            options={
                "ordering": ["revision"],
                "constraints": [
                    models.UniqueConstraint(fields=("runbook", "revision"), name="runbook_version_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("code", models.CharField(max_length=20, verbose_name="code")),
                ("stream", models.CharField(max_length=20, verbose_name="stream")),
                (
                    "kind",
                    models.CharField(
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
                ("title", models.JSONField(verbose_name="title")),
                ("instruction", models.JSONField(blank=True, default=dict, verbose_name="instruction")),
                ("criterion", models.JSONField(blank=True, default=dict, verbose_name="done when")),
                ("owner_name", models.CharField(blank=True, max_length=120, verbose_name="owner")),
                ("offset_min", models.IntegerField(verbose_name="planned start, minutes from T0")),
                ("planned_min", models.PositiveIntegerField(verbose_name="planned length (min)")),
                (
                    "is_fixed_start",
                    models.BooleanField(default=False, verbose_name="not before its planned start"),
                ),
                ("predecessors", models.JSONField(blank=True, default=list, verbose_name="waits for")),
                (
                    "downtime",
                    models.CharField(
                        choices=[
                            ("none", "None"),
                            ("starts", "Starts the downtime"),
                            ("inside", "Inside the downtime"),
                            ("ends", "Ends the downtime"),
                        ],
                        default="none",
                        max_length=6,
                        verbose_name="downtime",
                    ),
                ),
                (
                    "reversible",
                    models.CharField(
                        choices=[
                            ("yes", "Yes"),
                            ("with_loss", "Yes, with loss"),
                            ("no", "No"),
                            ("na", "Not applicable"),
                        ],
                        default="yes",
                        max_length=9,
                        verbose_name="reversible",
                    ),
                ),
                (
                    "status",
                    models.CharField(
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
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("", "Not decided"), ("go", "GO"), ("hold", "Hold"), ("stop", "No-go")],
                        default="",
                        max_length=4,
                        verbose_name="decision",
                    ),
                ),
                ("actual_start_at", models.DateTimeField(blank=True, null=True, verbose_name="started")),
                ("actual_end_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                ("start_recorded_at", models.DateTimeField(blank=True, null=True)),
                ("end_recorded_at", models.DateTimeField(blank=True, null=True)),
                ("by_name", models.CharField(blank=True, max_length=120, verbose_name="by")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=1)),
                ("checked_by_name", models.CharField(blank=True, max_length=120, verbose_name="checked by")),
                (
                    "checker_name",
                    models.CharField(blank=True, max_length=120, verbose_name="second pair of eyes"),
                ),
                ("deputy_name", models.CharField(blank=True, max_length=120, verbose_name="deputy")),
                ("deviation", models.TextField(blank=True, verbose_name="deviation")),
                ("doer_name", models.CharField(blank=True, max_length=120, verbose_name="done by")),
                ("evidence", models.TextField(blank=True, verbose_name="evidence")),
                ("fixed_start_at", models.DateTimeField(blank=True, null=True, verbose_name="not before")),
                ("gate_key", models.CharField(blank=True, max_length=10, verbose_name="gate")),
                ("is_evidence_required", models.BooleanField(default=False, verbose_name="evidence needed")),
                ("is_four_eyes", models.BooleanField(default=False, verbose_name="four eyes")),
                ("must_end_at", models.DateTimeField(blank=True, null=True, verbose_name="must end by")),
                ("notify_end", models.JSONField(blank=True, default=list, verbose_name="tell at the end")),
                (
                    "notify_start",
                    models.JSONField(blank=True, default=list, verbose_name="tell at the start"),
                ),
                ("outcome", models.CharField(blank=True, max_length=20, verbose_name="outcome")),
                (
                    "risk",
                    models.CharField(
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                        default="low",
                        max_length=6,
                        verbose_name="risk",
                    ),
                ),
                ("skip_asked_at", models.DateTimeField(blank=True, null=True)),
                ("skip_asked_name", models.CharField(blank=True, max_length=120)),
                ("skip_reason", models.TextField(blank=True)),
                (
                    "start_rule",
                    models.CharField(
                        choices=[("all", "All"), ("any", "Any")],
                        default="all",
                        max_length=3,
                        verbose_name="starts after",
                    ),
                ),
                ("undo", models.CharField(blank=True, max_length=300, verbose_name="undo")),
                (
                    "checker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="second pair of eyes",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
                (
                    "doer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "runbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="warroom.runbook",
                    ),
                ),
                (
                    "skip_asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="skip asked by",
                    ),
                ),
            ],
            options={
                "ordering": ["position"],
                "constraints": [
                    models.UniqueConstraint(fields=("runbook", "code"), name="step_code_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("actual_end_at__isnull", True),
                            ("actual_start_at__isnull", True),
                            ("actual_end_at__gte", models.F("actual_start_at")),
                            _connector="OR",
                        ),
                        name="step_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "running"), _negated=True),
                            models.Q(("actual_end_at__isnull", True), ("actual_start_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="step_running_has_only_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "done"), _negated=True),
                            models.Q(("actual_end_at__isnull", False), ("actual_start_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="step_done_has_both_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decision", ""), ("kind", "gate"), _connector="OR"),
                        name="step_decision_only_at_gate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("status__in", ["skipped", "blocked", "failed", "cancelled"]), _negated=True
                            ),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="step_stop_has_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("skip_asked_at__isnull", True),
                            models.Q(("skip_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="step_skip_asked_with_reason",
                    ),
                ],
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="votes",
                        to="warroom.gateround",
                    ),
                ),
                (
                    "voter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="voter",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
    ]
