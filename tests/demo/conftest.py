"""A portal with and without a demo."""

import shutil
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings

from iem_portal.demo import seeding


@pytest.fixture
def demo(settings, tmp_path):
    """DEMO on, with a data directory of the test's own."""
    settings.DEMO = True
    settings.ROOT_URLCONF = "tests.demo.urls_on"
    settings.DATA_DIR = tmp_path
    settings.EMAIL_FILE_PATH.mkdir(parents=True, exist_ok=True)
    return settings


@pytest.fixture
def no_demo(settings):
    """DEMO off."""
    settings.DEMO = False
    settings.ROOT_URLCONF = "tests.demo.urls_off"
    return settings


ARRIVED_AT = datetime(2026, 11, 28, 15, 15, 20, tzinfo=UTC)


@pytest.fixture
def arrived_at() -> datetime:
    """When the newcomer arrives."""
    return ARRIVED_AT


@pytest.fixture(scope="module")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The seeded demo, made once for a file; what a test changes is rolled back by the test's own transaction."""
    folder = tmp_path_factory.mktemp("demo")
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    options = {"DEMO": True, "DATA_DIR": folder, "PASSWORD_HASHERS": hashers}
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(**options):
        yield seeding.seed(ARRIVED_AT).world, folder
        transaction.set_rollback(True)


@pytest.fixture
def world(seeded, db, demo):
    """The seeded demo."""
    world, folder = seeded
    shutil.copy(folder / "demo.json", demo.DATA_DIR)
    return world
