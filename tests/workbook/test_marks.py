"""What hangs on cells signs up once, and is drawn and counted from there."""

import pytest

from workbook import marks
from workbook.models import Attachment, NotApplicable, Note, OpenItem, Suggestion, Thread
from workbook.signs import Mark, Source

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_every_kind_of_line_that_makes_a_mark_is_counted():
    named = {model for source in marks.SOURCES for model in source.models}
    assert named == {Thread, OpenItem, Note, Suggestion, Attachment}


def test_a_new_source_is_drawn_and_counted_from_one_line(book, monkeypatch):
    row = book.add("quotas", q_name="vCPU")
    NotApplicable.objects.create(
        engagement=book.engagement, section="wb08", row=row, field="q_need", reason="x", asked_at=book.now
    )
    section = book.section_of("quotas")
    assert not marks.may_hang_on(row.pk)
    source = Source(lambda *_where: {(row.pk, "q_need"): Mark("na", "lock", "x")}, (NotApplicable,))
    monkeypatch.setattr(marks, "SOURCES", (*marks.SOURCES, source))
    assert marks.may_hang_on(row.pk)
    assert list(marks.of_section(book.engagement, section, sees_internal=False)) == [(row.pk, "q_need")]
