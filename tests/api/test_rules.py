"""What every address of the API does alike: who is refused and how, pages, UTC."""

from __future__ import annotations

import re

import pytest

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
READ = ["", "criteria/", "milestones/", "cells/?section=wb12", "watches/", "steps/", "status-updates/",
        "escalations/", "timeline/"]  # fmt: skip
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d")


def leaves(value):
    """Every single value inside JSON."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from leaves(one)
    else:
        yield value


def is_problem(answer, status: int) -> bool:
    body = answer.json()
    return (
        answer.status_code == body["status"] == status
        and answer["Content-Type"].startswith("application/problem+json")
        and {"type", "title", "detail", "errors"} <= set(body)
    )


def test_without_a_token_the_answer_says_how_to_sign_in(api):
    answers = {path: api.nobody("get", path) for path in READ}
    wrong = [path for path, answer in answers.items() if not is_problem(answer, 401)]
    mute = [path for path, answer in answers.items() if answer["WWW-Authenticate"] != "Token"]
    assert (wrong, mute) == ([], [])


def test_another_customers_engagement_is_not_there(api):
    assert [path for path in READ if not is_problem(api.rival("get", path), 404)] == []


def test_instants_are_utc_whatever_the_zone_of_the_reader(api):
    found = [(path, one) for path in READ for one in leaves(api.tam("get", path).json())]
    instants = [(path, one) for path, one in found if isinstance(one, str) and INSTANT.match(one)]
    assert len({path for path, _one in instants}) > 4
    assert [each for each in instants if not each[1].endswith("Z")] == []


def test_the_session_of_a_page_reads_utc_too(api, engagement, as_user):
    client = as_user(factories.member(engagement, "sa", time_zone="Asia/Seoul"))
    body = client.get(f"/api/v1/engagements/{engagement.reference}/escalations/").json()
    assert body["results"][0]["declared_at"].endswith("Z")
    assert body["results"][0]["detected_at"].endswith("Z")


def test_an_instant_without_a_zone_is_read_as_utc(api):
    words = {"title": "Errors", "severity": "high", "detected_at": "2026-01-05T03:00:00"}
    assert api.tam("post", "escalations/", words).json()["detected_at"] == "2026-01-05T03:00:00Z"


def test_a_viewer_writes_nothing(api):
    asked = [
        ("patch", "", {"name": "x"}), ("post", "criteria/", {}), ("patch", "milestones/MS-1/", {}),
        ("patch", "cells/form:ev_purpose/", {}), ("post", "steps/S-1/start/", {}), ("post", "status-updates/", {}),
        ("post", "escalations/", {}), ("post", "escalations/1/answer/", {}), ("post", "timeline/", {}),
    ]  # fmt: skip
    assert [each for each in asked if not is_problem(api.viewer(*each), 403)] == []


def test_a_mistake_is_named_by_its_field(api):
    mistakes = [
        ("criteria/", {"name": "x", "target": "many"}, "target"),
        ("steps/S-1/start/", {}, "base_version"),
        ("steps/S-1/block/", {"base_version": 1, "reason": ""}, "reason"),
        ("status-updates/", {"state": "on_plan", "text": ""}, "text"),
        ("escalations/", {"title": "x", "severity": "awful"}, "severity"),
        ("escalations/1/case/", {"base_version": 1}, "case_id"),
        ("timeline/", {"text": ""}, "text"),
        ("workbook-rows/", {"section": "wb12", "table": "nothing"}, "table"),
    ]
    answers = [(path, field, api.tam("post", path, data)) for path, data, field in mistakes]
    assert [path for path, _field, answer in answers if not is_problem(answer, 422)] == []
    assert [path for path, field, answer in answers if not answer.json()["errors"].get(field)] == []


def test_what_is_no_object_is_refused(api):
    criterion = f"criteria/{api.things['criterion']}/"
    for data in ("[]", '"words"', "{", "null"):
        assert api.tam("post", "timeline/", data).status_code in (400, 422), data
        assert api.tam("patch", criterion, data).status_code in (400, 422), data


def test_lists_come_in_pages(api):
    for number in range(3):
        api.tam("post", "timeline/", {"text": f"Note {number}"})
    page = api.tam("get", "timeline/?limit=2").json()
    assert (len(page["results"]), page["previous"]) == (2, None)
    following = api.tam("get", page["next"].partition("testserver")[2]).json()
    assert page["count"] == following["count"] >= 4
    assert {one["id"] for one in page["results"]}.isdisjoint(one["id"] for one in following["results"])


def test_a_page_is_never_longer_than_five_hundred(api):
    page = api.tam("get", "milestones/?limit=100000").json()
    assert page["count"] == len(page["results"])
    from iem_portal.paging import Pages

    assert Pages.max_limit == 500
