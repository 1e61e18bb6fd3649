"""Lets a request through only when its view says who may call it, and that person is."""

from django.core.exceptions import PermissionDenied

from engagements import access

# Views of well-kept libraries that bring their own rules; everything else declares ours.
THIRD_PARTY = (
    "allauth.",
    "django.contrib.admin.",
    "django.views.i18n",
    "django.contrib.staticfiles",
    "rest_framework.",
    "drf_spectacular.",
)


class EngagementMiddleware:
    """Reads the view's declared rule; no declaration is a refusal, a stranger's engagement does not exist."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.engagement, request.role, request.permissions = None, None, frozenset()
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Refuse with 403 or 404, or set request.engagement, request.role and request.permissions."""
        rule = getattr(view, "access", None)
        if rule is None:
            if _brings_own_rules(view):
                return
            raise PermissionDenied("This view declares no access rule.")
        if admission := getattr(request, "admission", None):
            self._admit(request, rule, admission)
            return
        # Nobody signed in: Django's LoginRequiredMiddleware, which ran before, sends them to sign in.
        if not request.user.is_authenticated:
            return
        if rule.kind == "portal" and request.user.portal_role not in rule.portal_roles:
            raise PermissionDenied
        if rule.kind == "engagement":
            self._enter(request, rule, kwargs["reference"])

    def _admit(self, request, rule, admission: access.Admission) -> None:
        """Somebody without an account whom an earlier middleware has checked, for this engagement only."""
        request.engagement, request.permissions = admission.engagement, admission.permissions
        if rule.kind != "engagement" or rule.permission not in admission.permissions:
            raise PermissionDenied(rule.permission)

    def _enter(self, request, rule, reference: str) -> None:
        request.engagement, request.role = access.enter(request.user, reference)
        request.permissions = access.permissions_of(request.role)
        if rule.permission not in request.permissions:
            raise PermissionDenied(rule.permission)


def _brings_own_rules(view) -> bool:
    """Whether the view is a library's, or a DRF view (closed by DRF's default permission)."""
    cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
    if cls is not None and hasattr(cls, "permission_classes"):
        return True
    module = getattr(cls or view, "__module__", "")
    return module.startswith(THIRD_PARTY)
