"""The page where AWS's side writes down that the event was announced inside AWS."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from engagements.access import Permission, requires
from warroom.models import Announcement
from warroom.views import see_other
from warroom.words.announcing import announce_inside

LONGEST_AGO = timedelta(days=3660)


class AnnouncementForm(forms.Form):
    """Where it was announced and in which words; times are read in the active zone."""

    place = forms.CharField(label=_("Where"), max_length=120, help_text=_("A channel, a list, a meeting."))
    text = forms.CharField(
        label=_("What was said"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    announced_at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave empty for now."),
    )

    def clean_announced_at(self):
        """Not in the future."""
        at, now = self.cleaned_data["announced_at"], timezone.now()
        if at and not now - LONGEST_AGO < at <= now:
            raise forms.ValidationError(_("Enter a time that has passed."))
        return at


@requires(Permission.SEE_INTERNAL)
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, reference: str) -> HttpResponse:
    """Every announcement, newest first; a post adds one."""
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        announce_inside(
            engagement=request.engagement, by=request.user, now=timezone.now(), **form.cleaned_data
        )
        return see_other("warroom:announcements", reference)
    rows = Announcement.objects.filter(engagement=request.engagement)
    context = {"form": form, "rows": rows, "tab_of": "engagements"}
    is_refused = request.method == "POST"
    return render(request, "warroom/words/announcements.html", context, status=422 if is_refused else 200)
