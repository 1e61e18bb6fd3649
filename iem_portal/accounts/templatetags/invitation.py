"""Turns what an invitation's letter carries sealed into the link that opens it."""

from django import template

from iem_portal.accounts import invitations

register = template.Library()


@register.simple_tag
def join_link(sealed: str, digest: str) -> str:
    """The address that opens the invitation."""
    return invitations.join_link(sealed, digest)


@register.simple_tag
def unsealed(sealed: str, digest: str) -> str:
    """A secret of the outbox in the open, for the one message that carries it."""
    return invitations.unseal(sealed, digest)
