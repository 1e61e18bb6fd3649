"""Finds wrong settings at start and says what to do about them."""

from django.conf import settings
from django.core.checks import Warning, register


@register
def demo_on_a_public_address(app_configs, **kwargs) -> list[Warning]:
    """A demo shows its mail, sign-in codes included, to everybody, and its passwords are public."""
    if not (settings.DEMO and settings.IS_HTTPS):
        return []
    hint = "Set DEMO=0: its people have public passwords and its mail is everybody's."
    return [Warning(f"DEMO is on at {settings.BASE_URL}.", hint=hint, id="iem_portal.W001")]
