"""Two people who open at the same second get two numbers."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from engagements.actions import open_engagement
from engagements.models import Engagement
from tests import factories


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_references_are_unique_when_several_open_at_once(now):
    opener, customer = factories.user(portal_role="tam"), factories.customer()

    def opened(number: int) -> str:
        try:
            return open_engagement(
                by=opener, now=now, customer=customer, name=f"Event {number}", event_type="SAL",
                starts_at=now + timedelta(days=60), ends_at=now + timedelta(days=61), time_zone="Asia/Seoul",
            ).reference  # fmt: skip
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        references = list(pool.map(opened, range(8)))
    assert len(set(references)) == 8
    assert Engagement.objects.count() == 8
