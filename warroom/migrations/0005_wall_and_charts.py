"""Read-only links of the wall, the order of tiles, lines of criteria on charts, and what accounts publish."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("engagements", "0001_engagement"),
        ("warroom", "0004_pulse"),
    ]

    operations = [
        migrations.CreateModel(
            name="BoardLayout",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("order", models.JSONField(default=list)),
                ("hidden", models.JSONField(default=list)),
                ("changed_by_name", models.CharField(blank=True, max_length=120)),
                ("changed_at", models.DateTimeField(null=True)),
                (
                    "engagement",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="board_layout",
                        to="engagements.engagement",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WallLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                (
                    "audience",
                    models.CharField(
                        choices=[("customer", "What the customer sees"), ("staff", "What AWS sees")],
                        default="customer",
                        max_length=8,
                    ),
                ),
                (
                    "theme",
                    models.CharField(
                        choices=[("dark", "Dark"), ("light", "Light")], default="dark", max_length=5
                    ),
                ),
                ("language", models.CharField(max_length=5)),
                ("token_digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(max_length=120)),
                ("expires_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by_name", models.CharField(blank=True, max_length=120)),
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
            name="WallVisit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(choices=[("opened", "Opened"), ("refused", "Refused")], max_length=10),
                ),
                ("at", models.DateTimeField()),
                ("address", models.GenericIPAddressField(null=True)),
                (
                    "link",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="warroom.walllink",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CriterionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("watch_row", models.BigIntegerField()),
                ("added_by_name", models.CharField(max_length=120)),
                ("added_at", models.DateTimeField()),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.successcriterion",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("watch_row", "criterion"), name="criterion_line_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="MetricListing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("namespace", models.CharField(max_length=255)),
                ("metrics", models.JSONField(default=list)),
                ("is_cut", models.BooleanField(default=False)),
                ("read_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "account_id", "region", "namespace"), name="metric_listing_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="walllink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("revoked_at__isnull", True), ("revoked_by_name", "")),
                    models.Q(("revoked_at__isnull", False), models.Q(("revoked_by_name", ""), _negated=True)),
                    _connector="OR",
                ),
                name="wall_link_revoked_by_someone",
            ),
        ),
        migrations.AddIndex(
            model_name="wallvisit",
            index=models.Index(fields=["link", "-at"], name="visits_of_a_wall"),
        ),
    ]
