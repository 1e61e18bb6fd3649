"""What every template may ask about the portal and the person."""

from django.conf import settings


class Can:
    """Permissions as attributes: ``{% if can.run_steps %}``."""

    def __init__(self, permissions):
        self.permissions = permissions

    def __getattr__(self, name: str) -> bool:
        return name in self.permissions

    def __str__(self) -> str:
        return " ".join(sorted(self.permissions))


def portal(request) -> dict:
    """The engagement of the page, what the person may do in it, and whether AWS is simulated."""
    return {
        "engagement": getattr(request, "engagement", None),
        "role": getattr(request, "role", None),
        "can": Can(getattr(request, "permissions", frozenset())),
        "is_demo": settings.DEMO,
        "is_simulated_aws": settings.SIMULATED_AWS,
    }
