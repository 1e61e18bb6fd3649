"""The escalations of the other folder serve here too: their mails are the ones to read."""

from tests.escalation.conftest import escalation, open_it, people, running

__all__ = ["escalation", "open_it", "people", "running"]
