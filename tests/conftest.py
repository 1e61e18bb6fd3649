"""What every test may use: settings for speed, people, an engagement, a signed-in client."""

import gc
import os
from datetime import UTC, datetime

import pytest
from django.conf import settings as django_settings
from django.db import connection
from hypothesis import HealthCheck, settings
from pytest_django.plugin import blocking_manager_key
from xdist.scheduler import LoadFileScheduling

from escalation import promises
from escalation.ladder import policies
from tests import factories, migrated
from tests.simulator_fixture import running_simulator, simulator  # noqa: F401  (fixtures)

# How long an example takes says how busy the machine is, and nothing about the code.
settings.register_profile("calm", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("calm")

# The journeys that share one portal; the one about the stream alone starts a small server of its own.
ON_ONE_PORTAL, OF_ITS_OWN = "journeys", "tests/journeys/test_live_stream.py"
# What takes longest, longest first: begun last, it would leave one processor waiting for the other.
LONGEST = (
    ON_ONE_PORTAL,
    "tests/escalation/test_exactly_once.py",
    "tests/platform/test_access_table.py",
    OF_ITS_OWN,
    "tests/live/",
    "tests/platform/test_hostile_input.py",
    "tests/demo/",
    "tests/house/",
)


class LongestFirst(LoadFileScheduling):
    """A whole file for one worker; all journeys for one that share a portal."""

    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return ON_ONE_PORTAL if file.startswith("tests/journeys/") and file != OF_ITS_OWN else file

    def _assign_work_unit(self, node) -> None:
        self.workqueue.move_to_end(min(self.workqueue, key=_turn), last=False)
        super()._assign_work_unit(node)


def _turn(scope: str) -> int:
    return next((turn for turn, start in enumerate(LONGEST) if scope.startswith(start)), len(LONGEST))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Who does what when script/test uses several workers."""
    return LongestFirst(config, log)


def pytest_configure(config):
    """One migrated database for this process and for the workers it starts."""
    folder = migrated.begin()
    if folder is not None:
        config.add_cleanup(lambda: migrated.end(folder))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Django begins its test database with a copy of the migrated one; its own migrate then finds nothing to do."""
    if connection.vendor == "postgresql":
        address = os.environ["DATABASE_URL"]
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.postgres_database(address)
        yield
        return
    with migrated.in_memory(connection.creation._get_test_db_name()):
        yield


def pytest_collection_modifyitems(config, items):
    """Each half without what is for the other: on SQLite all but PostgreSQL's own, there all that meets a database."""
    if "postgresql" not in django_settings.DATABASES["default"]["ENGINE"]:
        others = [item for item in items if item.get_closest_marker("postgres")]
    else:
        others = [item for item in items if item.get_closest_marker("once") or not _meets_a_database(item)]
    items[:] = [item for item in items if item not in set(others)]
    config.hook.pytest_deselected(items=others)


def pytest_collection_finish(session):
    """What is loaded by now stays: the collector of garbage need not look through it again and again.

    And it looks less often at what a test makes, nearly all of which is gone with the test: a tenth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _meets_a_database(item) -> bool:
    fixtures = {"db", "transactional_db", "django_db_setup", "stack"}
    marks = ("django_db", "journey", "redis", "postgres", "arena")
    return bool(fixtures & set(item.fixturenames)) or any(item.get_closest_marker(name) for name in marks)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Put back what a migration had written: a test with real transactions ends by emptying every table."""
    result = yield
    if nextitem is None:  # the test database is gone with the last test
        return result
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
        with item.config.stash[blocking_manager_key].unblock():
            promises.restore_shipped()
            policies.restore_shipped(datetime(2026, 11, 22, tzinfo=UTC))
    return result


@pytest.fixture(autouse=True)
def fast_and_quiet(settings, tmp_path):
    """Cheap password hashes and a mail folder of the test's own."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_FILE_PATH = settings.MAIL_DIR = tmp_path / "mail"
    # A client of each test would look through all static files before its first request.
    settings.WHITENOISE_AUTOREFRESH = True
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
