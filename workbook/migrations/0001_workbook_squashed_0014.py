"""The tables of the workbook as its first fourteen migrations leave them, for databases that begin empty.

Taking every step costs a newcomer ten seconds; a database that has begun them goes on with the steps themselves.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("workbook", "0001_workbook"),
        ("workbook", "0002_templates"),
        ("workbook", "0003_talk"),
        ("workbook", "0004_suggestions"),
        ("workbook", "0005_guests"),
        ("workbook", "0006_attachments"),
        ("workbook", "0007_readiness"),
        ("workbook", "0008_imports"),
        ("workbook", "0009_quota_requests"),
        ("workbook", "0010_presence"),
        ("workbook", "0011_section_switches"),
        ("workbook", "0012_import_closed_by"),
        ("workbook", "0013_receipts"),
        ("workbook", "0014_shared_bytes"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_people"),
        ("engagements", "0001_engagement"),
    ]

    operations = [
        migrations.CreateModel(
            name="AwsReading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("choices", models.JSONField(default=dict)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("started_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_aws_readings",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("finished_at__isnull", True)),
                        fields=("engagement", "section"),
                        name="aws_read_once_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CellChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("engagement_id", models.BigIntegerField()),
                ("section", models.CharField(max_length=20)),
                ("table", models.CharField(max_length=30)),
                ("row_id", models.BigIntegerField()),
                ("field", models.CharField(blank=True, max_length=40)),
                ("version", models.PositiveIntegerField()),
                ("value_from", models.JSONField(null=True)),
                ("value_to", models.JSONField(null=True)),
                ("how", models.CharField(max_length=20)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("proposed_by_name", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [
                    models.Index(fields=["engagement_id", "section", "-at"], name="changes_of_a_section"),
                    models.Index(fields=["engagement_id", "-at"], name="changes_newest_first"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("row_id", "field", "version"), name="change_once_per_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("engagements", models.JSONField(default=list)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-day", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="digest_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Freeze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[("gate", "Gate"), ("hand", "Hand"), ("signing", "Signing")], max_length=10
                    ),
                ),
                ("from_phase", models.CharField(blank=True, max_length=10)),
                ("content", models.JSONField()),
                ("progress", models.JSONField()),
                ("scorecard", models.JSONField()),
                ("cell_count", models.PositiveIntegerField()),
                ("made_at", models.DateTimeField()),
                ("made_by_id", models.BigIntegerField(null=True)),
                ("made_by_name", models.CharField(max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_freezes",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "number"), name="freeze_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "hand"), _negated=True),
                            models.Q(("name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="freeze_by_hand_is_named",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuestLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("email", models.EmailField(blank=True, max_length=254)),
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
                "indexes": [models.Index(fields=["engagement", "section"], name="guest_links_of_a_section")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revoked_at__isnull", True), ("revoked_by_name", "")),
                            models.Q(
                                ("revoked_at__isnull", False),
                                models.Q(("revoked_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="guest_link_revoked_by_someone",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(max_length=10)),
                ("kind", models.CharField(max_length=10)),
                ("file_name", models.CharField(max_length=200)),
                ("content", models.JSONField(default=dict)),
                ("settled", models.JSONField(default=dict)),
                ("made", models.JSONField(default=dict)),
                ("notices", models.JSONField(default=list)),
                ("untouched", models.PositiveIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField()),
                ("by_name", models.CharField(max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_imports",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
                "indexes": [models.Index(fields=["engagement", "-created_at"], name="imports_of_engagement")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("state__in", ["mapping", "review"])),
                            models.Q(("ended_at__isnull", False), ("state__in", ["done", "dropped"])),
                            _connector="OR",
                        ),
                        name="import_ends_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Override",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.CharField(max_length=20)),
                ("colour", models.CharField(max_length=6)),
                ("worked_out", models.CharField(max_length=6)),
                ("reason", models.TextField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_overrides",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("engagement", "line"),
                        name="override_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_by_name", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="override_withdrawn_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="override_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("row", models.CharField(blank=True, max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("since", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
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
            options={
                "indexes": [models.Index(fields=["engagement", "seen_at"], name="presence_newest")],
                "constraints": [models.UniqueConstraint(fields=("engagement", "user"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="PresetUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=20)),
                ("row_id", models.BigIntegerField()),
                ("added_at", models.DateTimeField()),
                ("added_by_name", models.CharField(max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_preset_rows",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["key"],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "key"), name="preset_row_added_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Quiet",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "engagement"), name="quiet_once")],
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField()),
                ("reader", models.CharField(max_length=30)),
                ("digest", models.CharField(max_length=64)),
                ("result", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
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
                "indexes": [models.Index(fields=["at"], name="receipts_oldest_first")],
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "reader", "key"), name="request_done_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Row",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("table", models.CharField(max_length=30)),
                ("key", models.CharField(blank=True, max_length=20)),
                ("position", models.BigIntegerField(default=0)),
                ("version", models.PositiveIntegerField(default=1)),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(max_length=120)),
                ("deleted_at", models.DateTimeField(blank=True, null=True)),
                ("deleted_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_rows",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "pk"],
                "indexes": [
                    models.Index(
                        fields=["engagement", "section", "table", "position"], name="rows_of_a_table"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("key", ""), _negated=True),
                        fields=("engagement", "section", "table", "key"),
                        name="fixed_row_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deleted_at__isnull", True), ("deleted_by_name", "")),
                            models.Q(
                                ("deleted_at__isnull", False),
                                models.Q(("deleted_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="row_deleted_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), ("deleted_at__isnull", True), _connector="OR"),
                        name="fixed_row_is_not_deleted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionStart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("version", models.PositiveIntegerField()),
                ("started_at", models.DateTimeField()),
                ("template", models.CharField(default="standard", max_length=14)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_starts",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "section"), name="section_starts_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionState",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("submitted", "Submitted"),
                            ("reviewed", "Reviewed"),
                            ("accepted", "Accepted"),
                            ("returned", "Returned"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("moved_at", models.DateTimeField(null=True)),
                ("moved_by_name", models.CharField(blank=True, max_length=120)),
                ("words", models.TextField(blank=True)),
                ("seen_change", models.BigIntegerField(default=0)),
                ("changed_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_states",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("engagement", "section"), name="section_state_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionSwitch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("is_on", models.BooleanField()),
                ("reason", models.TextField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_switches",
                        to="engagements.engagement",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("engagement", "section"),
                        name="section_switched_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="section_switched_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at__isnull", True), ("ended_by_name", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_by_name", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="section_switch_ended_by_someone",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=14, unique=True)),
                ("name", models.JSONField()),
                ("copied_from", models.CharField(max_length=20)),
                ("created_at", models.DateTimeField()),
                ("created_by_name", models.CharField(max_length=120)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                ("retired_by_name", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "ordering": ["created_at", "pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("retired_at__isnull", True), ("retired_by_name", "")),
                            models.Q(
                                ("retired_at__isnull", False),
                                models.Q(("retired_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="template_retired_by_someone",
                    )
                ],
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
        migrations.CreateModel(
            name="AwsReadingPart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reader", models.CharField(max_length=20)),
                ("account_id", models.CharField(max_length=12)),
                ("region", models.CharField(max_length=30)),
                ("service", models.CharField(max_length=63)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField()),
                ("lease_until", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("found", models.PositiveIntegerField(default=0)),
                ("suggested", models.PositiveIntegerField(default=0)),
                ("error_kind", models.CharField(blank=True, max_length=20)),
                ("error_code", models.CharField(blank=True, max_length=80)),
                ("error_message", models.TextField(blank=True)),
                (
                    "reading",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="workbook.awsreading",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["next_at"],
                        name="aws_parts_to_read",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("reading", "reader", "account_id", "region", "service"), name="aws_part_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("error_kind", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="aws_part_fails_for_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuestVisit",
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
                        to="workbook.guestlink",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["link", "-at"], name="visits_of_a_guest_link")],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("taken_at", models.DateTimeField()),
                ("colours", models.JSONField()),
                ("percent", models.PositiveSmallIntegerField()),
                ("late", models.PositiveIntegerField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_readings",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "freeze",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reading",
                        to="workbook.freeze",
                    ),
                ),
            ],
            options={
                "ordering": ["taken_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("freeze__isnull", True)),
                        fields=("engagement", "day"),
                        name="reading_once_a_day",
                    )
                ],
            },
        ),
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
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["next_at"],
                        name="quota_increases_to_follow",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("account_id", "region", "service", "code"),
                        name="quota_increase_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["recorded", "failed"]), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="quota_increase_sent_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["recorded", "sent", "unknown", "failed"]),
                            models.Q(("request_id", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="quota_increase_known_has_id",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("question", models.TextField()),
                ("asked_id", models.BigIntegerField(null=True)),
                ("asked_name", models.CharField(max_length=120)),
                ("due_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("answered", "Answered"), ("withdrawn", "Withdrawn")],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_by_name", models.CharField(blank=True, max_length=120)),
                ("changed_at", models.DateTimeField()),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["due_at", "pk"],
                "indexes": [models.Index(fields=["engagement", "state"], name="open_items_of_a_workbook")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")), fields=("row", "field"), name="open_item_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="open_item_closed_with_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("row__isnull", False), models.Q(("field", ""), _negated=True)),
                        name="open_item_is_about_a_cell",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField()),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["engagement", "section"], name="notes_of_a_section")],
            },
        ),
        migrations.CreateModel(
            name="NotApplicable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(max_length=40)),
                ("reason", models.TextField()),
                ("asked_by_id", models.BigIntegerField(null=True)),
                ("asked_by_name", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("accepted_by_name", models.CharField(blank=True, max_length=120)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                ("ended_by_name", models.CharField(blank=True, max_length=120)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_exemptions",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exemptions",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["asked_at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("row", "field"),
                        name="not_applicable_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="not_applicable_for_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("accepted_at__isnull", True),
                            ("accepted_at__gte", models.F("asked_at")),
                            _connector="OR",
                        ),
                        name="not_applicable_asked_first",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cell",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("updated_at", models.DateTimeField()),
                ("updated_by_id", models.BigIntegerField(null=True)),
                ("updated_by_name", models.CharField(max_length=120)),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="cells", to="workbook.row"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("row", "field"), name="cell_once"),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="cell_version_from_1"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("size", models.BigIntegerField()),
                ("media_type", models.CharField(max_length=100)),
                ("sha256", models.CharField(max_length=64)),
                ("stored_as", models.CharField(max_length=300)),
                ("uploaded_at", models.DateTimeField()),
                ("uploaded_by_id", models.BigIntegerField(null=True)),
                ("uploaded_by_name", models.CharField(max_length=120)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workbook.row"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [models.Index(fields=["engagement", "section"], name="attachments_of_a_section")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("removed_at__isnull", True), ("removed_by_name", "")),
                            models.Q(
                                ("removed_at__isnull", False),
                                models.Q(("removed_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="attachment_removed_by_someone",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SectionMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("state_from", models.CharField(max_length=10)),
                ("state_to", models.CharField(max_length=10)),
                ("words", models.TextField(blank=True)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                (
                    "section_state",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="workbook.sectionstate",
                    ),
                ),
            ],
            options={
                "ordering": ["-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("section_state", "version"), name="section_move_once_per_version"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("by_name", models.CharField(max_length=120)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "section_state",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assignments",
                        to="workbook.sectionstate",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("section_state", "user"),
                        name="assigned_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("side", models.CharField(choices=[("customer", "Customer"), ("aws", "Aws")], max_length=10)),
                (
                    "result",
                    models.CharField(
                        choices=[("go", "Go"), ("conditions", "Conditions"), ("no_go", "No Go")],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True)),
                ("changes_seen", models.PositiveIntegerField(default=0)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_by_name", models.CharField(blank=True, max_length=120)),
                ("withdrawn_reason", models.TextField(blank=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_signatures",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="workbook.freeze",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("engagement", "side"),
                        name="signed_once_a_side",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_at__isnull", True), ("withdrawn_reason", "")),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_reason", ""), _negated=True),
                                models.Q(("withdrawn_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="signature_withdrawn_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("result", "go"), models.Q(("words", ""), _negated=True), _connector="OR"
                        ),
                        name="signature_with_conditions_says_them",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("table", models.CharField(max_length=30)),
                ("new_row", models.CharField(blank=True, max_length=40)),
                ("field", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("base_version", models.PositiveIntegerField(default=0)),
                ("words", models.TextField(blank=True)),
                ("source", models.CharField(choices=[("person", "Person"), ("aws", "Aws")], max_length=6)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField()),
                ("origin", models.CharField(blank=True, max_length=20)),
                ("account_id", models.CharField(blank=True, max_length=12)),
                ("region", models.CharField(blank=True, max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("withdrawn", "Withdrawn"),
                            ("superseded", "Superseded"),
                        ],
                        default="open",
                        max_length=10,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=120)),
                ("answer", models.TextField(blank=True)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="workbook_suggestions",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="suggestions",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "indexes": [
                    models.Index(fields=["engagement", "section", "state"], name="suggestions_of_section")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("new_row", ""), ("row__isnull", False)),
                            models.Q(("row__isnull", True), models.Q(("new_row", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="suggestion_for_a_row_or_new",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("decided_at__isnull", True), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                models.Q(("decided_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="suggestion_decided_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("origin", ""), ("source", "person")),
                            models.Q(("source", "aws"), models.Q(("origin", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="suggestion_of_aws_has_origin",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("row__isnull", False), ("source", "aws"), ("state", "open")),
                        fields=("row", "field"),
                        name="aws_suggests_once_per_cell",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open"), models.Q(("new_row", ""), _negated=True)),
                        fields=("engagement", "new_row", "field"),
                        name="suggested_once_per_new_row",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("row__isnull", False), ("source", "person"), ("state", "open")),
                        fields=("row", "field", "by_id"),
                        name="person_suggests_once_per_cell",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("content", models.JSONField()),
                ("edits", models.PositiveIntegerField(default=0)),
                ("edited_at", models.DateTimeField()),
                ("edited_by_name", models.CharField(max_length=120)),
                ("note", models.CharField(blank=True, max_length=400)),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("published_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="workbook.template",
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("template", "number"), name="template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at__isnull", True)),
                        fields=("template",),
                        name="template_has_one_draft",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("published_at__isnull", True), ("published_by_name", "")),
                            models.Q(
                                ("published_at__isnull", False),
                                models.Q(("published_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="template_published_by_someone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="template_version_from_1"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Thread",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.CharField(max_length=20)),
                ("field", models.CharField(blank=True, max_length=40)),
                ("opened_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("resolved_at", models.DateTimeField(null=True)),
                ("resolved_by_name", models.CharField(blank=True, max_length=120)),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="engagements.engagement",
                    ),
                ),
                (
                    "row",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="workbook.row",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["engagement", "section"], name="threads_of_a_section")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("resolved_at__isnull", True), ("resolved_by_name", "")),
                            models.Q(
                                ("resolved_at__isnull", False),
                                models.Q(("resolved_by_name", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="thread_resolved_by_someone",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("row", "field"),
                        name="open_thread_once",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True), ("row__isnull", True)),
                        fields=("engagement", "section"),
                        name="open_section_thread_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
                ("version", models.PositiveIntegerField(default=1)),
                ("deleted_at", models.DateTimeField(null=True)),
                (
                    "thread",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="workbook.thread",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Wording",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("body", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "comment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wordings",
                        to="workbook.comment",
                    ),
                ),
            ],
            options={
                "ordering": ["version"],
                "constraints": [
                    models.UniqueConstraint(fields=("comment", "version"), name="wording_once_per_version")
                ],
            },
        ),
    ]
