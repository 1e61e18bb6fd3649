"""What does the shell around every page need to know: who reads, in which theme, and whether AWS is simulated?"""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MAIN_NAV = (
    ("engagements:portfolio", _("Engagements"), frozenset({"engagements"})),
    ("escalation:mine", _("Escalations"), frozenset({"escalation"})),
    ("review:index", _("Reports"), frozenset({"review"})),
)
THEME_COOKIE = "iem_theme"


def shell(request: HttpRequest) -> dict:
    """Context processor for base.html. ``now`` is an aware UTC instant; a view's own ``now`` wins over it."""
    user = getattr(request, "user", None)
    is_known = bool(user and user.is_authenticated)
    return {
        "SIMULATED_AWS": settings.SIMULATED_AWS,
        "DEMO": settings.DEMO,
        "now": timezone.now(),
        "theme": user.theme if is_known else request.COOKIES.get(THEME_COOKIE, "auto"),
        "single_keys": user.single_keys if is_known else True,
        "user_initials": initials(user.name) if is_known else "",
        "main_nav": main_nav(request) if is_known else [],
    }


def initials(name: str) -> str:
    """Two letters for an avatar: "Seo Yuna" gives SY, "백지훈" gives 백지."""
    words = name.split()
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return name[:2].upper()


def main_nav(request: HttpRequest) -> list[dict]:
    """The links of the top bar; inside one engagement every page belongs to Engagements."""
    match = request.resolver_match
    app = match.app_name if match else ""
    if getattr(request, "engagement", None) is not None:
        app = "engagements"
    return [
        {"url": reverse(name), "label": label, "is_current": app in apps}
        for name, label, apps in MAIN_NAV
    ]
