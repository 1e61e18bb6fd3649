"""Who did it when no person did: named actors that stand beside users in every history."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A part of the portal that acts on its own; histories show its name."""

    name: str
    pk: None = None
    is_aws: bool = True

    def __str__(self) -> str:
        return self.name


SYSTEM_CLOCK = Actor("Clock")
SYSTEM_POLLER = Actor("AWS poller")
SYSTEM_RELAY = Actor("Relay")
SYSTEM_DEMO = Actor("Demo")
