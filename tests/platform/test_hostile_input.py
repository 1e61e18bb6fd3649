"""Does an address answer nonsense with a refusal, never with an error of ours?"""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.urls import reverse

from tests.platform import access_table, access_world
from tests.platform.access_table import names
from tests.platform.test_access_table import TABLE, world  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
# What forms, queries and bodies of the portal call their parts.
FIELDS = names(
    """
    version base_version base_value field value row rows new columns show section table values starter action
    act do done is_done state text audience next_in_min at reason note how level owner_name lane severity
    title symptom detected_at case_id resolution channel decision is_criterion_met actual name operator
    target target_high unit criterion_class window source baseline weight is_must role email customer
    event_type starts_at ends_at time_zone regions accounts criteria team standing save page limit offset
    kind by scope phase q tiles here next language theme m1-actual m1-base_version verdict f-mt_title
    person question due_on words step
    was-mt_title v-mt_title case-base_version case-case_id case-at answer-base_version answer-at hand_over-level
    severity-severity say-text restored-at resolve-base_version criteria-TOTAL_FORMS accounts-TOTAL_FORMS
    team-TOTAL_FORMS add_row
    """
)
TEXTS = ["9" * 5000, "-1", "\u00b2", "0001-01-01T00:00:00", "9999-12-31T23:59:59", "1e999"]
SHOWN = ["9" * 40, "\u00b2"]  # a page is drawn for each, which takes longer
VALUES = [None, [], {}, True, 10**30, 1.5, "\u00b2", "0001-01-01T00:00:00+14:00", "NaN"]
# They answer for somebody else: a broker that is down, a file that AWS does not hand out.
SAYS_WHO_FAILED = {"readyz", "escalation:case-file", "support-case-file-detail"}
FORM = "application/x-www-form-urlencoded"  # as a browser sends a form
OURS = [name for name in TABLE if name not in access_table.LIBRARY]


def status(world, name: str, method: str, data, *, as_json: bool, is_drawn: bool) -> int:  # noqa: F811
    """What the administrator, who may do everything, gets for this."""
    row = TABLE[name]
    words = {key: thing[1:] if thing.startswith("=") else world.mine[thing] for key, thing in row.at.items()}
    reference = {"reference": world.engagement.reference} if row.kind == "engagement" else {}
    options = {}
    if method != "get":
        options["content_type"] = "application/json" if as_json else FORM
        data = json.dumps(data) if as_json else urlencode(data)
    with access_world.pages(are_drawn=is_drawn), transaction.atomic():
        send = getattr(world.client_of("administrator"), method)
        answer = send(reverse(name, kwargs=reference | words), data, **options)
        transaction.set_rollback(True)
    return answer.status_code


def attempts(name: str, method: str):
    """Everything nonsense at once, and for programs each wanted part by itself beside good ones.

    Parts next to each other take turns with the values, so that each value meets every second part alone.
    """
    if method == "get":
        return [dict.fromkeys(FIELDS, value) for value in SHOWN]
    row = TABLE[name]
    if name not in access_table.API:
        return [dict.fromkeys(FIELDS, value) for value in TEXTS]
    alone = [
        row.data | {part: value} for turn, part in enumerate(row.data) for value in VALUES[turn % 2 :: 2]
    ]
    return [dict.fromkeys(FIELDS, value) for value in VALUES] + alone


@pytest.mark.parametrize("name", OURS)
def test_nonsense_is_refused_without_an_error(world, name):  # noqa: F811
    for method in TABLE[name].who:
        as_json = name in access_table.API and method != "get"
        for number, data in enumerate(attempts(name, method)):
            # A form is drawn again with the first nonsense; the others are asked for their status.
            answer = status(
                world, name, method, data, as_json=as_json, is_drawn=not number or method == "get"
            )
            assert answer < 500 or name in SAYS_WHO_FAILED, (method, data)
