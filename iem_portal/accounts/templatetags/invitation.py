"""Turns what an invitation's letter carries into words: the link and the last day."""

from datetime import datetime

from django import template

from iem_portal.accounts import invitations

register = template.Library()


@register.simple_tag
def join_link(sealed: str, digest: str) -> str:
    """The address that opens the invitation."""
    return invitations.join_link(sealed, digest)


@register.filter
def instant(iso: str) -> datetime:
    """An ISO text of a message's params as an aware instant, for the ``date`` filter."""
    return datetime.fromisoformat(iso)
