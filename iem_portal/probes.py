"""Can this process do its work: are the database, its tables and the broker there?"""

from __future__ import annotations

import tempfile
from datetime import datetime

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis import Redis

from iem_portal.registry import Probe, probes

REDIS_TIMEOUT_S = 2


@probes.register
class Database:
    """Answers a query."""

    key = "database"
    order = 10

    def check(self, now: datetime) -> Probe:
        """Raises when the database does not answer; /readyz turns that into a failed check."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return Probe(True, connection.vendor)


@probes.register
class Migrations:
    """Every migration of the code is in the database."""

    key = "migrations"
    order = 20

    def __init__(self):
        self._is_current = False

    def check(self, now: datetime) -> Probe:
        """Asked until it is so once: tables do not go away under a running process."""
        if not self._is_current:
            executor = MigrationExecutor(connection)
            missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
            if missing:
                return Probe(False, f"{len(missing)} not applied, run migrate")
            self._is_current = True
        return Probe(True, "all applied")


@probes.register
class Broker:
    """Work can be handed over: Redis answers, or the embedded broker's folder can be written."""

    key = "broker"
    order = 30

    def check(self, now: datetime) -> Probe:
        """Raises when it cannot."""
        if settings.REDIS_URL:
            with Redis.from_url(
                settings.REDIS_URL, socket_timeout=REDIS_TIMEOUT_S, socket_connect_timeout=REDIS_TIMEOUT_S
            ) as redis:
                redis.ping()
            return Probe(True, "redis")
        with tempfile.NamedTemporaryFile(dir=settings.DATA_DIR, prefix="probe-"):
            return Probe(True, "folder")
