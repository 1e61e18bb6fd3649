"""A portal with and without a demo."""

from datetime import UTC, datetime

import pytest

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


@pytest.fixture
def arrived_at() -> datetime:
    """When the newcomer arrives."""
    return datetime(2026, 11, 28, 15, 15, 20, tzinfo=UTC)


@pytest.fixture
def world(db, demo, arrived_at):
    """The seeded demo."""
    return seeding.seed(arrived_at).world
