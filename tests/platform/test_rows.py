"""Writing many rows at once writes what the ORM would have written."""

from datetime import timedelta

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.forms.models import model_to_dict

from iem_portal import rows
from iem_portal.notifications.models import Notification


def message(number, now, **fields):
    shared = {"severity": {"en": "Critical", "ko": "심각"}, "number": number}
    defaults = {"channel": "email", "address": f"{number}@example.com", "params": shared, "template": "t"}
    later = now + timedelta(seconds=number % 7)
    return Notification(key=f"k{number}", created_at=now, next_try_at=later, **(defaults | fields))


def stored(order):
    return [model_to_dict(row, exclude=["id"]) for row in Notification.objects.order_by(order)]


def test_it_writes_what_bulk_create_writes(db, now):
    hostile = ["'; %s", "a\tb\r\nc\\n", "\\N", "\\.", ""]
    made = [
        message(number, now, user_id=number or None, last_error=text, params={"said": text, "한글": None})
        for number, text in enumerate(hostile)
    ]
    rows.insert(made)
    ours = stored("pk")
    Notification.objects.all().delete()
    Notification.objects.bulk_create(made)
    assert ours == stored("pk")


def test_a_broken_constraint_is_an_error(db, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert([message(1, now), message(1, now)])


def test_a_text_that_is_too_long_is_refused_and_not_cut_short(db, now):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has no limit of a text's length")
    for others in ([], [message(2, now)]):
        with pytest.raises(DataError), transaction.atomic():
            rows.insert([message(1, now, channel="c" * 21), *others])


def test_nothing_to_write_is_nothing_done(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        rows.insert([])
