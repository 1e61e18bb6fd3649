"""What is asked before a guest gets a link."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from workbook.guests.links import DEFAULT_DAYS, MAX_DAYS


class GuestForm(forms.Form):
    """Who the guest is, and for how long the link opens."""

    name = forms.CharField(
        label=_("Name of the guest"), max_length=80, help_text=_("Every answer of theirs carries this name.")
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("We send the link there. Empty: copy it yourself.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    days = forms.IntegerField(
        label=_("Opens for (days)"), min_value=1, max_value=MAX_DAYS, initial=DEFAULT_DAYS
    )
