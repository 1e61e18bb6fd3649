"""One portal and one browser for every journey of a test process: starting them costs more than a story."""

import pytest

from tests.journeys.stack import chromium, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The whole portal with its demo, as script/up starts it."""
    with running(tmp_path_factory.mktemp("portal")) as stack:
        yield stack


@pytest.fixture(scope="session")
def browser():
    """One headless browser; each person gets a session of their own in it."""
    with chromium() as browser:
        yield browser
