"""One portal for every journey of a test process: starting it costs more than a story."""

import pytest
from playwright.sync_api import expect

from tests.journeys.stack import PATIENCE_MS, chromium, running

# Six processes and a browser share two cores with the rest of the suite; a wait ends as soon as it is so.
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def stack(tmp_path_factory):
    """The whole portal with its demo, as script/up starts it."""
    with running(tmp_path_factory.mktemp("portal")) as stack:
        yield stack


@pytest.fixture(scope="module")
def browser():
    """One headless browser for a file; each person gets a session of their own in it.

    Closed with the file: Playwright keeps an event loop running, beside which other tests could start none.
    """
    with chromium() as browser:
        yield browser
