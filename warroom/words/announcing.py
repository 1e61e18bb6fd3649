"""That the event was announced inside AWS: where, when, in which words. AWS's side alone keeps and reads it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from engagements import access, timeline
from engagements.access import Permission, requires
from engagements.models import Engagement, TimelineEntry
from warroom.models import Announcement
from warroom.views import see_other

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


def announce_inside(
    *, engagement: Engagement, place: str, text: str, by, now: datetime, announced_at: datetime | None = None
) -> Announcement:
    """Keep that the event was announced inside AWS, and say so on AWS's side of the timeline."""
    access.check(by, engagement, Permission.SEE_INTERNAL)
    at = announced_at or now
    with transaction.atomic():
        kept = Announcement.objects.create(
            engagement=engagement, place=place, text=text, announced_at=at, recorded_at=now, by_name=by.name
        )
        timeline.record(
            engagement,
            "event.announced",
            by=by,
            now=now,
            at=at,
            kind=TimelineEntry.Kind.COMMUNICATION,
            audience=TimelineEntry.Audience.AWS,
            params={"place": place},
            text=text,
            subject_type="announcement",
            subject_id=kept.pk,
        )
    return kept


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
    context = {"form": form, "rows": Announcement.objects.filter(engagement=request.engagement)}
    is_refused = request.method == "POST"
    return render(request, "warroom/words/announcements.html", context, status=422 if is_refused else 200)
