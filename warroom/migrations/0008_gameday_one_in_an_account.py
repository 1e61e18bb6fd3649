"""One game day at a time in an AWS account, whichever events share it."""

from django.db import migrations, models


def end_the_older(apps, schema_editor):
    """Where two events had begun one each, only the newest is played: the older ended as it began."""
    days = apps.get_model("warroom", "GameDay").objects.filter(ended_at=None).order_by("-began_at", "-pk")
    played = {}
    for day in days:
        newest = played.setdefault(day.account_id, day)
        if newest is not day:
            day.ended_at = newest.began_at
            day.save(update_fields=["ended_at"])


class Migration(migrations.Migration):
    dependencies = [
        ("warroom", "0007_gameday"),
    ]

    operations = [
        migrations.RunPython(end_the_older, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="gameday",
            constraint=models.UniqueConstraint(
                models.F("account_id"),
                condition=models.Q(("ended_at", None)),
                name="gameday_one_in_an_account",
            ),
        ),
    ]
