import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("workbook", "0008_imports"),
    ]

    operations = [
        migrations.CreateModel(
            name="QuotaIncrease",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("service", models.CharField(max_length=63)),
                ("code", models.CharField(max_length=128)),
                ("name", models.CharField(max_length=255)),
                ("applied", models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                ("desired", models.DecimalField(decimal_places=4, max_digits=24)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("recorded_at", models.DateTimeField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("recorded", "Recorded"),
                            ("sent", "Sent"),
                            ("unknown", "Unknown"),
                            ("failed", "Failed"),
                            ("PENDING", "Pending"),
                            ("CASE_OPENED", "Case Opened"),
                            ("APPROVED", "Approved"),
                            ("DENIED", "Denied"),
                            ("NOT_APPROVED", "Not Approved"),
                            ("CASE_CLOSED", "Case Closed"),
                            ("INVALID_REQUEST", "Invalid Request"),
                        ],
                        default="recorded",
                        max_length=15,
                    ),
                ),
                ("request_id", models.CharField(blank=True, max_length=80)),
                ("case_id", models.CharField(blank=True, max_length=80)),
                ("granted", models.DecimalField(decimal_places=4, max_digits=24, null=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("error_kind", models.CharField(blank=True, max_length=20)),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("error_message", models.TextField(blank=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota_increases",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quota_increases",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="WriteConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_given", models.BooleanField()),
                ("words", models.TextField(blank=True)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="write_consents",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.AddIndex(
            model_name="quotaincrease",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)),
                fields=["next_at"],
                name="quota_increases_to_follow",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotaincrease",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("account_id", "region", "service", "code"),
                name="quota_increase_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotaincrease",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["recorded", "failed"]), ("sent_at__isnull", False), _connector="OR"
                ),
                name="quota_increase_sent_is_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="quotaincrease",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["recorded", "sent", "unknown", "failed"]),
                    models.Q(("request_id", ""), _negated=True),
                    _connector="OR",
                ),
                name="quota_increase_known_has_id",
            ),
        ),
    ]
