"""Short ways to save cells and add rows in tests of the workbook."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace

import pytest
from django.db import connection, connections

from tests import factories
from workbook import editions, rows
from workbook.cells import save_cell


@pytest.fixture
def book(engagement, now):
    """The workbook of the engagement with a writer: ``book.save("q_need", 5, row=…)``, ``book.add("quotas")``."""
    writer = factories.member(engagement, "customer_contributor", name="Lim Sojin")

    def section_of(field_or_table):
        for section in editions.sections(engagement):
            if section.field(field_or_table) or section.table(field_or_table):
                return section
        raise LookupError(field_or_table)

    def save(field, value, *, row="form", base=0, by=writer):
        return save_cell(
            engagement=engagement,
            section=section_of(field).key,
            row=row,
            field=field,
            value=value,
            base_version=base,
            by=by,
            now=now,
        )

    def add(table, **values):
        section = section_of(table)
        return rows.add(
            engagement=engagement,
            section=section,
            table=section.table(table),
            by=writer,
            now=now,
            values=values,
        )

    return SimpleNamespace(
        engagement=engagement, now=now, by=writer, save=save, add=add, section_of=section_of
    )


@pytest.fixture
def threads(transactional_db, tmp_path):
    """Runs a function in threads that share one real database: ``threads(write, range(20))`` gives the results.

    SQLite's test database lives in memory, where threads lock each other out at once; a copy on disk
    behaves as in production.
    """
    name = connection.settings_dict["NAME"]

    def run(function, arguments):
        if connection.vendor == "sqlite" and "memory" in name:
            copy = str(tmp_path / "copy.sqlite3")
            if connection.settings_dict["NAME"] != copy:
                connection.cursor().execute("VACUUM INTO %s", [copy])
                connection.settings_dict["NAME"] = copy
        with ThreadPoolExecutor(max_workers=20) as pool:
            return list(pool.map(partial(_and_close, function), arguments))

    yield run
    connection.settings_dict["NAME"] = name


def _and_close(function, argument):
    try:
        return function(argument)
    finally:
        connections.close_all()
