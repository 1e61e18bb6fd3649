"""What hangs on cells signs up once, and is drawn and counted from there."""

import pytest
from django.db import connection

from workbook import marks
from workbook.models import CellChange
from workbook.signs import Mark, Source

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_new_source_is_drawn_and_counted_from_one_line(book, monkeypatch):
    row = book.add("quotas", q_name="vCPU")
    assert not hangs_on(row)
    source = Source(lambda *_where: {(row.pk, "q_need"): Mark("na", "lock", "x")}, (CellChange,))
    monkeypatch.setattr(marks, "SOURCES", (*marks.SOURCES, source))
    assert hangs_on(row)
    found = marks.of_section(book.engagement, book.section_of("quotas"), sees_internal=False)
    assert list(found) == [(row.pk, "q_need")]


def hangs_on(row) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {marks.hanging_on(str(row.pk))}")
        return bool(cursor.fetchone()[0])
