"""Which headers and which language, zone every answer gets, whoever gives it."""

from zoneinfo import ZoneInfo

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from iem_portal.texts import can_be_kept

# No inline script or style anywhere: what a page may load, it loads from us.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
# Asked every few seconds by machines; they must not touch the database for a reader's wishes.
MACHINE_PATHS = frozenset({"/healthz", "/readyz", "/metrics"})
# Its instants are read and written in UTC, whoever asks.
API_PATH = "/api/"


class ContentSecurityPolicyMiddleware:
    """Puts the policy on every answer, errors included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        return response


class ReadableTextMiddleware:
    """Refuses an address or a form with a text that no database keeps: 400, as no page of ours sends one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Raise BadRequest; bodies of the API are read by its serializers."""
        fields = (*request.GET.lists(), *request.POST.lists())
        texts = (request.path, *(text for name, values in fields for text in (name, *values)))
        if not all(map(can_be_kept, texts)):
            raise BadRequest("a text with a NUL")


class SignInMiddleware(LoginRequiredMiddleware):
    """Django's net, except where a middleware before it has let somebody in without an account."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        """None lets the request through; else the way to the sign-in page."""
        if getattr(request, "admission", None):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


class LanguageAndTimeZoneMiddleware:
    """Speaks the reader's language and counts in their zone: from the account, else cookie and browser."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language, zone = ("en", None) if request.path in MACHINE_PATHS else wishes(request)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def wishes(request) -> tuple[str, ZoneInfo | None]:
    """The reader's language code and zone; a visitor has no zone and sees UTC, and so does a program."""
    user = request.user
    if user.is_authenticated:
        is_program = request.path.startswith(API_PATH)
        return user.language, None if is_program else ZoneInfo(user.time_zone)
    return translation.get_language_from_request(request), None
