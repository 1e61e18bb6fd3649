"""Who is on duty, and which modules there are: read back from the workbook."""

from datetime import UTC, datetime, timedelta

import pytest

from engagements.duty import Duty, on_duty
from iem_portal.registry import modules
from tests import factories
from workbook.models import Cell, Row

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.once
def test_a_shift_covers_its_first_instant_and_not_its_last():
    duty = Duty(1, "Lim Sojin", "dba", "customer", starts_at=NOON, ends_at=NOON + HOUR)
    assert duty.covers(NOON) and not duty.covers(NOON + HOUR) and not duty.covers(NOON - HOUR)
    assert Duty(1, "Anybody", "tam", "aws").covers(NOON)


@pytest.mark.django_db
def test_who_is_on_duty_comes_with_their_deputy_in_one_query(book, django_assert_num_queries):
    hours = {
        "ct_org": "customer",
        "ct_shift_start": NOON.isoformat(),
        "ct_shift_end": (NOON + HOUR).isoformat(),
    }
    book.add("people", ct_name="Noh Taemin", ct_role="tech-lead", ct_email="Taemin@demo.example", **hours)
    book.add("people", ct_name="Lim Sojin", ct_role="dba", ct_backup="Noh Taemin", **hours)
    book.add(
        "people",
        ct_name="Kang Mirae",
        ct_role="network",
        **hours | {"ct_shift_start": (NOON + HOUR / 2).isoformat()},
    )
    pk = book.engagement.pk
    with django_assert_num_queries(1):
        found = on_duty([pk], NOON)[pk]
    assert [(one.name, one.deputy and one.deputy.name) for one in found] == [
        ("Noh Taemin", None),
        ("Lim Sojin", "Noh Taemin"),
    ]
    assert found[0].email == "taemin@demo.example"
    assert on_duty([pk], NOON + HOUR)[pk] == []


@pytest.mark.django_db
@pytest.mark.once
def test_a_number_typed_as_deputy_names_nobody_of_another_event(book, now):
    mine = book.add("people", ct_name="Lim Sojin", ct_role="dba")
    other = factories.engagement(now=now)
    words = {"created_at": now, "created_by_name": "x"}
    stranger = Row.objects.create(engagement=other, section="wb03", table="people", **words)
    written = {"version": 1, "updated_at": now, "updated_by_name": "x"}
    Cell.objects.create(row=stranger, field="ct_name", value="Rival", **written)
    for backup in (f"#{stranger.pk}", "#" + "9" * 5000):
        Cell.objects.update_or_create(row=mine, field="ct_backup", defaults=written | {"value": backup})
        assert on_duty([book.engagement.pk, other.pk], NOON)[book.engagement.pk][0].deputy is None


@pytest.mark.django_db
def test_modules_out_of_scope_are_left_out(book):
    book.add("modules", mo_name="Enrolment", mo_class="business-critical", mo_rto="30")
    book.add("modules", mo_name="Archive", mo_in_scope="no")
    [module] = modules.get("workbook").of(book.engagement.pk)
    assert (module.name, module.criticality, module.restore_min) == ("Enrolment", "business-critical", 30)
