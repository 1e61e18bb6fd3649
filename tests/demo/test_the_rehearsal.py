"""The demo has a rehearsal of its own, so that there is something to compare the night with."""

import pytest
from django.urls import reverse

from warroom.models import Runbook

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_the_night_of_the_demo_is_compared_with_what_was_rehearsed(world, client):
    plan = world.engagement.runbooks.get(kind=Runbook.Kind.CUTOVER, rehearsal_of=None)
    copy = plan.rehearsals.get()
    assert (plan.status, copy.status, copy.steps.filter(status="planned").count()) == (
        "running",
        "completed",
        0,
    )
    client.force_login(world.people["tam"])
    page = client.get(reverse("warroom:rehearsal", args=[world.engagement.reference, copy.number]))
    assert page.status_code == 200
    rows = {row.shown.code: row for row in page.context["found"].rows}
    assert (rows["DB-02"].rehearsed.length_min, rows["DB-02"].real.length_min) == (31, 25)
    assert copy.ended_at < world.engagement.starts_at
