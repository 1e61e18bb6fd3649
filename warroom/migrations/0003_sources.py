"""What is read of AWS: history, inbound events, accounts, budgets."""

import django.db.models.deletion
import uuid
import warroom.models.setup
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_contacts"),
        ("engagements", "0001_engagement"),
        ("warroom", "0002_runbook"),
    ]

    operations = [
        migrations.AddField(
            model_name="healthevent",
            name="actionability",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="healthevent",
            name="problem",
            field=models.CharField(blank=True, max_length=300),
        ),
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
    ]
