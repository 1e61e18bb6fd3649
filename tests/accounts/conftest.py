"""What the sign-in tests share: real mail files and rate limits that start at zero."""

import pytest
from django.core.cache import cache

from iem_portal.demo import mailbox


@pytest.fixture(autouse=True)
def no_tries_yet():
    """Rate limits live in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture
def mails(settings):
    """The mails on disk, newest first, as a function."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH.mkdir(parents=True, exist_ok=True)
    return lambda: mailbox.newest(settings.EMAIL_FILE_PATH)
