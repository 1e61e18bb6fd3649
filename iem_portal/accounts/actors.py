"""Who did it when no person did: named actors that stand beside users in every history."""

from dataclasses import dataclass

from django.utils.translation import pgettext


@dataclass(frozen=True)
class Actor:
    """A part of the portal that acts on its own; histories show its name."""

    name: str
    pk: None = None
    is_aws: bool = True

    def __str__(self) -> str:
        return self.name


#: Ends the name of somebody without an account, so that nobody takes a guest for a member.
GUEST = " (guest)"
SYSTEM_CLOCK = Actor("Clock")
SYSTEM_POLLER = Actor("AWS poller")
SYSTEM_RELAY = Actor("Relay")
SYSTEM_DEMO = Actor("Demo")
#: Somebody of the customer who answers the survey, which keeps no names.
RESPONDENT = Actor("Respondent", is_aws=False)


def shown(name: str) -> str:
    """A name of a history for the reader: the portal's own parts in their language, people as they are."""
    own = {
        SYSTEM_CLOCK.name: pgettext("actor", "Clock"),
        SYSTEM_POLLER.name: pgettext("actor", "AWS poller"),
        SYSTEM_RELAY.name: pgettext("actor", "Relay"),
        SYSTEM_DEMO.name: pgettext("actor", "Demo"),
        RESPONDENT.name: pgettext("actor", "Respondent"),
    }
    if name.endswith(GUEST):
        return f"{name.removesuffix(GUEST)} ({pgettext('person', 'guest')})"
    return own.get(name, name)
