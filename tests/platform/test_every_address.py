"""Does every address answer on PostgreSQL too? What the pages say is tested once; here the server takes their SQL."""

from __future__ import annotations

import pytest

from tests.platform.access_table import NOBODY
from tests.platform.test_access_table import TABLE, ask, kind, world  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
# The first of these whom an address lets in asks for it: the two sides see the most between them.
FIRST = ("tam", "customer_lead", "administrator", "viewer", "rival", NOBODY)


@pytest.mark.parametrize("name", TABLE)
def test_every_address_answers(world, name):  # noqa: F811
    row = TABLE[name]
    for method, who in row.who.items():
        role = next((role for role in FIRST if role in who), NOBODY)
        assert kind(ask(world, name, role, method, is_drawn=True)) == row.expected(role, method), method
