"""The acts on an escalation through the API: each does what its page does, and says no in the same words."""

from __future__ import annotations

import pytest

from escalation.models import Communication, Escalation

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def one(api):
    """A critical escalation with its case, as the TAM's call answered it."""
    words = {
        "title": "Replication stalled",
        "severity": "critical",
        "impact": "Nobody can enrol",
        "account_id": "",
    }
    made = api.tam("post", "escalations/", words)
    assert made.status_code == 201, made.content
    case = {"base_version": made.json()["version"], "case_id": "7741 5120"}
    return api.tam("post", f"escalations/{made.json()['number']}/case/", case).json()


def act(api, one, name, **words):
    """Take an act on top of the stored version; answers the response."""
    version = Escalation.objects.get(number=one["number"]).version
    return api.tam("post", f"escalations/{one['number']}/{name}/", {"base_version": version, **words})


def test_all_four_clocks_say_why_and_when_they_ran(api, one):
    clocks = api.tam("get", f"escalations/{one['number']}/clocks/").json()
    assert [clock["kind"] for clock in clocks] == ["first_response", "update", "level", "restore"]
    assert clocks[0]["why"].startswith("Due ")
    assert sum(part["percent"] for part in clocks[0]["strip"]) == pytest.approx(100)
    assert one["clocks"][0]["target_min"] == one["clock"]["target_min"] == 15


def test_another_severity_can_be_looked_at_before_it_is_set(api, one):
    found = api.tam("get", f"escalations/{one['number']}/preview/?severity=urgent").json()
    assert {change["kind"]: change["minutes"] for change in found["clocks"]}["first_response"] == 60
    assert Escalation.objects.get(number=one["number"]).severity == "critical"
    assert api.tam("get", f"escalations/{one['number']}/preview/?severity=none").status_code == 422


def test_waiting_holds_two_clocks_and_going_on_lets_them_run(api, one):
    held = act(api, one, "wait", code="information", reason="Logs are missing").json()
    assert [clock["state"] for clock in held["clocks"]] == ["running", "paused", "paused", "free"]
    assert act(api, one, "go-on").json()["clocks"][1]["state"] == "running"


def test_a_hand_over_tells_the_customer_and_management_comes_in(api, one):
    moved = act(api, one, "hand-over", level=2, owner_name="Priya", told="An engineer is on it.").json()
    assert (moved["level"], moved["owner_name"]) == (2, "Priya")
    assert Communication.objects.get().is_update
    assert act(api, one, "management", level=1, owner_name="Kang").json()["management_level"] == 1
    assert act(api, one, "management-back", level=0, reason="Works").json()["management_level"] == 0


def test_it_is_acknowledged_and_taken_and_never_snoozed_when_critical(api, one):
    assert act(api, one, "acknowledge", note="Mine").status_code == 200
    assert act(api, one, "take").status_code == 200
    refused = act(api, one, "snooze", reason="Later", until="2100-01-01T00:00:00Z")
    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")


def test_a_part_is_split_off_linked_merged_and_brought_back(api, one):
    part = act(api, one, "split", title="Only the index", reason="Another team")
    assert part.status_code == 201
    [link] = api.tam("get", f"escalations/{one['number']}/links/").json()
    assert (link["kind"], link["number"], link["other"]) == ("split", part.json()["number"], one["number"])
    merged = act(api, part.json(), "merge", into=one["number"], reason="The same after all").json()
    assert merged["resolved_at"]
    assert act(api, part.json(), "reopen", reason="It is not").json()["resolved_at"] is None


def test_facts_are_filled_in_and_a_new_objective_wants_a_reason(api, one):
    assert act(api, one, "facts", service="AWS DMS").json()["service"] == "AWS DMS"
    assert "reason" in act(api, one, "facts", restore_target_min=60).json()["errors"]
    done = act(api, one, "facts", restore_target_min=60, reason="WB05 says so").json()
    assert done["clocks"][3]["target_min"] == 60


def test_a_stale_act_is_a_conflict_with_what_is_stored(api, one):
    stale = api.tam("post", f"escalations/{one['number']}/facts/", {"base_version": 0, "service": "x"})
    assert stale.status_code == 409
    assert stale.json()["stored"]["version"] > 0
