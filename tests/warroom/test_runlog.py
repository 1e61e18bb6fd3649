"""The log of a runbook stands in the order of what happened."""

from datetime import timedelta

import pytest

from warroom import runbook as verbs
from warroom.models import RunbookEntry
from warroom.panels import runlog

pytestmark = pytest.mark.django_db


def test_what_is_written_down_late_stands_where_it_happened_and_a_page_goes_on_below_it(
    engagement, tam, now, monkeypatch
):
    runbook = verbs.create_runbook(engagement=engagement, by=tam, now=now)
    RunbookEntry.objects.filter(runbook=runbook).delete()
    minutes = [(0, 0), (10, 10), (5, 20), (10, 21)]
    for number, (happened, recorded) in enumerate(minutes):
        RunbookEntry.objects.create(
            runbook=runbook, act="step.noted", code=f"A-{number}", actor_name="Kim", params={"note": "x"},
            at=now + timedelta(minutes=happened), recorded_at=now + timedelta(minutes=recorded),
        )  # fmt: skip
    monkeypatch.setattr(runlog, "PAGE", 2)
    first = runlog.entries(runbook)
    rest = runlog.entries(runbook, before=str(first["next"]))
    shown = [(one["entry"].code, one["is_late"]) for one in first["entries"] + rest["entries"]]
    assert shown == [("A-3", True), ("A-1", False), ("A-2", True), ("A-0", False)]
    assert rest["next"] is None
    assert runlog.entries(runbook, before="999999999")["entries"] == []
