"""Turns what a guest's letter carries sealed into the link that opens one section."""

from django import template
from django.conf import settings
from django.urls import reverse

from iem_portal.accounts import invitations

register = template.Library()


@register.simple_tag
def guest_url(sealed: str, digest: str) -> str:
    """The address that opens the section."""
    return f"{settings.BASE_URL}{reverse('guests:enter', args=[invitations.unseal(sealed, digest)])}"
