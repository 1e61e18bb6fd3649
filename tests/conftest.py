"""What every test may use: settings for speed, people, an engagement, a signed-in client."""

from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key

from escalation import promises
from tests import factories
from tests.simulator_fixture import running_simulator, simulator  # noqa: F401  (fixtures)

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL, leave out what the run on SQLite has said already: tests to which the database is nothing."""
    if "postgresql" not in django_settings.DATABASES["default"]["ENGINE"]:
        return
    said = [item for item in items if item.get_closest_marker("once") or not _meets_a_database(item)]
    items[:] = [item for item in items if item not in set(said)]
    config.hook.pytest_deselected(items=said)


def _meets_a_database(item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "stack"}
    marks = ("django_db", "journey", "redis", "postgres", "arena")
    return bool(fixtures & set(item.fixturenames)) or any(item.get_closest_marker(name) for name in marks)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Put back what a migration had written: a test with real transactions ends by emptying every table."""
    result = yield
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
        with item.config.stash[blocking_manager_key].unblock():
            promises.restore_shipped()
    return result


@pytest.fixture(autouse=True)
def fast_and_quiet(settings, tmp_path):
    """Cheap password hashes and a mail folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_FILE_PATH = settings.MAIL_DIR = tmp_path / "mail"
    settings.STORAGES = {
        **django_settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def now() -> datetime:
    """The instant every verb of the test is told: a Saturday night in Seoul, mid cutover."""
    return datetime(2026, 11, 28, 16, 15, tzinfo=UTC)


@pytest.fixture
def engagement(db, now):
    """A migration in its execute phase with one member of each role."""
    return factories.engagement(now=now)


@pytest.fixture
def tam(engagement):
    """The TAM of the engagement."""
    return factories.member(engagement, "tam")


@pytest.fixture
def customer_lead(engagement):
    """The customer's lead of the engagement."""
    return factories.member(engagement, "customer_lead")


@pytest.fixture
def rival(db):
    """A person of another customer, who must see nothing."""
    return factories.user(customer=factories.customer("Rival"))


@pytest.fixture
def as_user(client):
    """Sign the test client in as somebody: ``as_user(tam).get(…)``."""

    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in
