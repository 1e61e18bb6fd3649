"""Is the description of the API complete, free of warnings, and for signed-in people only?"""

from __future__ import annotations

import pytest
import yaml
from django.core.management import call_command

HTTP_METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def schema(tmp_path_factory) -> dict:
    """The description as the command writes it; a warning or an invalid part raises."""
    file = tmp_path_factory.mktemp("schema") / "schema.yml"
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(file))
    return yaml.safe_load(file.read_text())


def operations(schema):
    return [
        (path, method, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in HTTP_METHODS
    ]


def test_every_operation_says_in_words_what_it_does(schema):
    silent = [(path, method) for path, method, one in operations(schema) if not one.get("description")]
    assert silent == []


def test_every_operation_says_how_it_refuses(schema):
    for path, method, one in operations(schema):
        wanted = {"401", "403"} | ({"409", "422"} if method != "get" else set())
        assert wanted <= set(one["responses"]), (path, method)


def test_every_kind_of_thing_is_covered(schema):
    parts = {path.split("/")[5] for path in schema["paths"] if path.count("/") > 5}
    wanted = "criteria milestones cells watches steps escalations timeline status-updates"
    assert set(wanted.split()) <= parts


@pytest.mark.django_db
def test_the_description_is_for_people_with_an_account(client, as_user, tam):
    assert client.get("/api/v1/schema/").status_code == 401
    assert as_user(tam).get("/api/v1/schema/").status_code == 200
