"""What an ASGI server runs: the live streams and the limit on bodies in front of Django."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iem_portal.settings")
django_application = get_asgi_application()

from django.conf import settings  # noqa: E402  (the apps must be loaded first)

from iem_portal.bodies import BodyLimit  # noqa: E402
from iem_portal.live.route import LiveRoute  # noqa: E402

application = LiveRoute(
    BodyLimit(django_application, settings.DATA_UPLOAD_MAX_MEMORY_SIZE, settings.UPLOAD_LIMITS),
    redis_url=settings.REDIS_URL,
)
