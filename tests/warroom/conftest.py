"""A runbook in the making for the war room's tests."""

import pytest

from iem_portal.accounts.actors import SYSTEM_DEMO
from warroom.models import Runbook
from warroom.runbook import create_runbook


@pytest.fixture
def runbook(engagement, now) -> Runbook:
    """The cutover's runbook, fresh from the template."""
    return create_runbook(engagement=engagement, by=SYSTEM_DEMO, now=now)
