"""The escalations of the other folder serve here too, their mails are the ones to read; and a receiving system."""

import pytest

from tests.escalation.conftest import escalation, open_it, people, running
from tests.notifications import receiver as receiving

__all__ = ["escalation", "open_it", "people", "running"]


@pytest.fixture
def receiver(settings):
    """A system inside our own network that the operator has allowed."""
    receiver, server = receiving.start()
    settings.WEBHOOK_ALLOWED_HOSTS = [f"127.0.0.1:{receiver.port}"]
    yield receiver
    receiver.gate.set()
    server.shutdown()
    server.server_close()
