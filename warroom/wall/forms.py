"""What is asked before a screen gets a link."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warroom.models import WallLink
from warroom.wall.links import DEFAULT_DAYS, MAX_DAYS


class WallForm(forms.Form):
    """Which screen, whose board, and for how long."""

    name = forms.CharField(
        label=_("Name of the screen"),
        max_length=80,
        help_text=_("Where it hangs, such as “Bridge room, left”."),
    )
    audience = forms.ChoiceField(
        label=_("Shows"), choices=WallLink.Audience, initial=WallLink.Audience.CUSTOMER
    )
    theme = forms.ChoiceField(
        label=pgettext_lazy("of a screen", "Ground"), choices=WallLink.Theme, initial=WallLink.Theme.DARK
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    days = forms.IntegerField(
        label=_("Opens for (days)"), min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS
    )
