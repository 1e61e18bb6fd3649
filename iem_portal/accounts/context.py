"""What does the shell around every page need to know: the hour, the theme, where the reader is."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAIN_NAV = (
    ("engagements:portfolio", _("Engagements"), "engagements"),
    ("escalation:mine", _("Escalations"), "escalation"),
    ("review:index", _("Reports"), "review"),
)
THEME_COOKIE = "iem_theme"


def shell(request: HttpRequest) -> dict:
    """Context processor for base.html. ``now`` is an aware UTC instant; a view's own ``now`` wins over it."""
    user = getattr(request, "user", None)
    is_known = bool(user and user.is_authenticated)
    return {
        "now": timezone.now(),
        "reader_zone": timezone.get_current_timezone_name(),
        "theme": user.theme if is_known else request.COOKIES.get(THEME_COOKIE, "auto"),
        "has_single_keys": user.has_single_keys if is_known else True,
        "main_nav": main_nav(request) if is_known else [],
    }


def initials(name: str) -> str:
    """Two letters for the round mark beside a name: "Seo Yuna" gives SY, "백지훈" gives 백지."""
    words = name.split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[:2].upper()


def main_nav(request: HttpRequest) -> list[dict]:
    """The links of the top bar; a page inside one engagement that is no escalation and no report is Engagements."""
    here = getattr(request.resolver_match, "app_name", "").partition(":")[0]
    if getattr(request, "engagement", None) and here not in {app for _name, _label, app in MAIN_NAV}:
        here = "engagements"
    return [
        {"url": reverse(name), "label": label, "is_current": app == here} for name, label, app in MAIN_NAV
    ]
