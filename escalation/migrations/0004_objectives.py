"""The shipped objectives of the update and level clocks, hours of work by country, and reasons of waiting."""

import json
from pathlib import Path

from django.db import migrations, models

import escalation.models.targets

DATA = Path(__file__).parent.parent / "data" / "objectives.json"


def seed(apps, schema_editor):
    """Write the shipped rows; administrators edit them from then on."""
    table = json.loads(DATA.read_text(encoding="utf-8"))
    objective = apps.get_model("escalation", "Objective")
    held = table["held_while_waiting"]
    updates = [("update", severity, None, minutes) for severity, minutes in table["update"].items()]
    levels = [
        ("level", severity, level, minutes)
        for severity, row in table["level"].items()
        for level, minutes in enumerate(row)
    ]
    objective.objects.bulk_create(
        objective(kind=kind, severity=severity, level=level, minutes=minutes, is_held_while_waiting=held)
        for kind, severity, level, minutes in updates + levels
    )


def empty(apps, schema_editor):
    """Take the rows out again."""
    apps.get_model("escalation", "Objective").objects.all().delete()


class Migration(migrations.Migration):
    """The shipped objectives of the update and level clocks."""

    dependencies = [("escalation", "0003_four_clocks")]

    operations = [
        migrations.CreateModel(
            name="WorkingHours",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("country", models.CharField(max_length=2, unique=True, verbose_name="country code")),
                (
                    "segments",
                    models.CharField(
                        max_length=100,
                        validators=[escalation.models.targets.check_hours],
                        verbose_name="hours of a working day",
                    ),
                ),
            ],
            options={"ordering": ["country"], "verbose_name_plural": "working hours"},
        ),
        migrations.AddField(
            model_name="escalation",
            name="waiting_code",
            field=models.CharField(
                blank=True,
                choices=[
                    ("information", "Information from the customer"),
                    ("test", "Test or confirmation by the customer"),
                    ("change", "Change on the customer's side"),
                    ("third-party", "A third party"),
                    ("window", "An agreed time"),
                    ("other", "Other reason"),
                ],
                max_length=20,
            ),
        ),
        migrations.RemoveConstraint(model_name="clockevent", name="clock_event_stage_once"),
        migrations.AddConstraint(
            model_name="clockevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["warned", "breached", "repeated"])),
                fields=("clock", "cycle", "stage"),
                name="clock_event_stage_once",
            ),
        ),
        migrations.RunPython(seed, empty),
    ]
