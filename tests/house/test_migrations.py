"""Rules about migrations: named by a person, up to date, and with a way back."""

import ast
import re

import pytest
from django.core.management import call_command

from tests.house.sources import dotted, migrations, place, tree


def test_migrations_are_named_after_what_they_do():
    nameless = [
        path.name
        for path in migrations()
        if not re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", path.name)
        or re.search(r"_auto_|_initial\.py", path.name)
    ]
    assert nameless == []


def test_every_data_migration_has_a_way_back():
    one_way = [
        place(path, call)
        for path in migrations()
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call)
        and dotted(call.func).endswith(("RunPython", "RunSQL"))
        and len(call.args) < 2
        and not {keyword.arg for keyword in call.keywords} & {"reverse_code", "reverse_sql"}
    ]
    assert one_way == []


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
