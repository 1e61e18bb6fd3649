"""Which version of the wall this process shows, so that a screen that hangs for days reloads after an upgrade."""

from __future__ import annotations

import hashlib
from functools import lru_cache

from django.conf import settings

#: What a screen has loaded, and what draws on it. Everything else comes with each push.
PATTERNS = (
    "static/css/*.css",
    "static/js/wall.js",
    "static/js/live.js",
    "static/js/live/*.js",
    "templates/warroom/wall/*.html",
)


@lru_cache(maxsize=1)
def release() -> str:
    """A digest of the wall's own files, read once per process."""
    found = hashlib.sha256()
    for pattern in PATTERNS:
        for path in sorted(settings.BASE_DIR.glob(pattern)):
            found.update(path.name.encode() + b"\0" + path.read_bytes())
    return found.hexdigest()[:16]
