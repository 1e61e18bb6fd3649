"""Support cases: opened, followed and answered from an escalation."""
