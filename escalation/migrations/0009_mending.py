"""Waits that know which case began them, cases that are looked for by their number, files that go to AWS Support."""

import django.db.models.deletion
from django.db import migrations, models


def name_the_cases(apps, schema_editor):
    """A wait that goes on now, and that a case has begun, is that case's."""
    found = apps.get_model("escalation", "SupportCase").objects.filter(
        has_wait=True, escalation__waiting_since__isnull=False
    )
    escalations = apps.get_model("escalation", "Escalation").objects
    for pk, escalation_id in found.values_list("pk", "escalation"):
        escalations.filter(pk=escalation_id).update(waiting_case=pk)


class Migration(migrations.Migration):
    dependencies = [("escalation", "0008_path")]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="waiting_case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="escalation.supportcase",
            ),
        ),
        migrations.AddField(
            model_name="supportcase",
            name="is_sought",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="casewrite",
            name="files",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(name_the_cases, migrations.RunPython.noop),
    ]
