"""Programs that sign in with a person's token, and an engagement with one of everything."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from iem_portal.accounts import tokens
from tests import factories
from tests.platform import access_world


class Program:
    """A client that speaks JSON with one person's token, below one engagement's address."""

    def __init__(self, engagement, user=None):
        self.base = f"/api/v1/engagements/{engagement.reference}"
        key = tokens.make(user) if user else ""
        self.headers = {"Authorization": f"Token {key}"} if key else {}
        self.client = Client()

    def __call__(self, method: str, path: str, data=None):
        """``program("patch", "milestones/X/", {…})``; a path that begins with / is taken as it is."""
        address = path if path.startswith("/") else f"{self.base}/{path}"
        body = {} if method == "get" else {"content_type": "application/json"}
        return getattr(self.client, method)(address, data, headers=self.headers, **body)


@pytest.fixture
def api(engagement) -> SimpleNamespace:
    """One program per kind of person, and what there is to ask for."""
    things = access_world.things(engagement, 1, timezone.now())
    rival = factories.user(customer=factories.customer("Rival"), password=None)
    roles = ("tam", "customer_lead", "support_engineer", "viewer")
    programs = {
        role: Program(engagement, factories.member(engagement, role, password=None)) for role in roles
    }
    return SimpleNamespace(
        things=things, rival=Program(engagement, rival), nobody=Program(engagement), **programs
    )
