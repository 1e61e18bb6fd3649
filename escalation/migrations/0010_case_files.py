"""Files put to a case, files that AWS sent with a message, and old steps inside AWS that customers could read."""

import django.db.models.deletion
from django.db import migrations, models

# The levels inside AWS, as steps of before they were kept apart named them on the timeline.
INSIDE = {"Internal ticket", "Service team"}
MARK = "hidden_by"
NAME = "escalation.0010"


def hide(apps, schema_editor):
    """Steps between levels inside AWS are AWS's own: the customer hears only that it went in, and came back."""
    entries = apps.get_model("engagements", "TimelineEntry").objects
    found = entries.filter(phrase="escalation.handed_over", audience="all")
    for pk, params in found.values_list("pk", "params").iterator():
        level = params.get("level")
        if isinstance(level, dict) and level.get("en") in INSIDE:
            entries.filter(pk=pk).update(audience="aws", params=params | {MARK: NAME})


def show(apps, schema_editor):
    """As it was, for those that `hide` changed."""
    entries = apps.get_model("engagements", "TimelineEntry").objects
    found = entries.filter(phrase="escalation.handed_over", audience="aws")
    for pk, params in found.values_list("pk", "params").iterator():
        if params.get(MARK) == NAME:
            kept = {key: value for key, value in params.items() if key != MARK}
            entries.filter(pk=pk).update(audience="all", params=kept)


class Migration(migrations.Migration):
    dependencies = [("escalation", "0009_mending")]

    operations = [
        migrations.AddField(
            model_name="casemessage",
            name="files",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.CreateModel(
            name="CaseFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("stored_as", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField()),
                ("by_id", models.BigIntegerField(blank=True, null=True)),
                ("by_name", models.CharField(max_length=120)),
                (
                    "escalation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="case_files",
                        to="escalation.escalation",
                    ),
                ),
            ],
            options={"ordering": ["-pk"]},
        ),
        migrations.RunPython(hide, show),
    ]
