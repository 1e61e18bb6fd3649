"""Channels besides e-mail."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Channels besides e-mail."""

    dependencies = [("notifications", "0002_autovacuum")]

    operations = [
        migrations.CreateModel(
            name="Hook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("engagement_id", models.BigIntegerField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("slack", "Slack"),
                            ("teams", "Microsoft Teams"),
                            ("webhook", "Signed webhook"),
                            ("events", "PagerDuty or Opsgenie"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "audience",
                    models.CharField(choices=[("aws", "AWS"), ("customer", "Customer")], max_length=10),
                ),
                ("name", models.CharField(max_length=80)),
                ("url", models.TextField()),
                ("secret", models.CharField(blank=True, max_length=200)),
                ("what", models.JSONField(default=list)),
                ("language", models.CharField(default="en", max_length=2)),
                ("time_zone", models.CharField(default="UTC", max_length=64)),
                ("is_active", models.BooleanField(default=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(max_length=120)),
                ("removed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="LinkUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("notification_id", models.BigIntegerField()),
                ("user_id", models.BigIntegerField()),
                ("act", models.CharField(max_length=60)),
                ("about", models.CharField(max_length=60)),
                ("used_at", models.DateTimeField()),
                ("result", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="NotificationAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "outcome",
                    models.CharField(
                        choices=[("later", "Tried again later"), ("never", "Given up")], max_length=5
                    ),
                ),
                ("words", models.TextField()),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="notification",
            name="about",
            field=models.CharField(blank=True, default="", max_length=60),
        ),
        migrations.AddField(
            model_name="notification",
            name="fallbacks",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="notification",
            name="fell_to",
            field=models.CharField(blank=True, default="", max_length=200),
        ),
        migrations.AddField(
            model_name="notification",
            name="label",
            field=models.CharField(blank=True, default="", max_length=160),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("about", ""), _negated=True), fields=["about"], name="notification_about"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False)),
                fields=["engagement_id", "-dead_at"],
                name="notification_dead",
            ),
        ),
        migrations.AddConstraint(
            model_name="linkuse",
            constraint=models.UniqueConstraint(
                fields=("notification_id", "user_id", "act"), name="link_used_once"
            ),
        ),
        migrations.AddField(
            model_name="notificationattempt",
            name="notification",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tries",
                to="notifications.notification",
            ),
        ),
    ]
