"""The workbook fitted to one event: sections switched by hand, and the rows of its type added once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from engagements.models import Phase, TimelineEntry
from review.models import Report
from tests import factories
from workbook import editions, rows, types
from workbook.formulas import ROW, row_number
from workbook.models import Cell, PresetUse, Row, SectionSwitch
from workbook.readiness import progress
from workbook.tailoring import seeding, switching


@pytest.fixture
def tam(book):
    return factories.member(book.engagement, "tam", name="Kim Jiwoo")


def seed(book, *, event_type, keys=None):
    book.engagement.event_type = event_type
    book.engagement.save(update_fields=["event_type"])
    sections = editions.sections(book.engagement)
    return seeding.add_rows(
        engagement=book.engagement, sections=sections, keys=keys, by=book.by, now=book.now
    )


def put(book, tam, section, is_on, reason="Because of the plan"):
    return switching.switch(
        engagement=book.engagement, section=section, is_on=is_on, reason=reason, by=tam, now=book.now
    )


def keys(book):
    return {section.key for section in editions.sections(book.engagement)}


def test_the_rows_of_a_type_are_added_once_and_told_on_the_timeline(book):
    made = seed(book, event_type="MIG")
    again = seed(book, event_type="MIG")
    assert (len(made), again) == (38, [])
    assert Row.objects.filter(section="wb13", table="steps").count() == 30
    assert TimelineEntry.objects.get(phrase="workbook.preset_rows").params == {"count": 38}


def test_a_row_that_was_deleted_is_not_offered_again(book):
    [row] = seed(book, event_type="MIG", keys=["mig-36"])
    rows.delete(engagement=book.engagement, row=row.pk, by=book.by, now=book.now)
    offered = seeding.offers(book.engagement, editions.sections(book.engagement))
    assert (len(offered), "mig-36" in {offer.row.key for offer in offered}) == (37, False)


def test_rows_come_in_the_language_of_whoever_adds_them(book):
    with translation.override("ko"):
        seed(book, event_type="DR", keys=["dr-01"])
    assert Cell.objects.get(field="pl_what").value == "재해 선언 및 시간 측정 시작"


def test_a_row_refers_to_the_module_that_came_with_it(book):
    seed(book, event_type="SAL")
    modules = {f"#{row}" for row in Row.objects.filter(table="modules").values_list("pk", flat=True)}
    assert (
        set(Cell.objects.filter(field__in=["tf_module", "bn_module"]).values_list("value", flat=True))
        <= modules
    )


def test_a_section_that_is_taken_out_keeps_its_answers_for_its_return(book, tam):
    row = book.add("vendors", tp_name="Payment gateway")
    put(book, tam, "wb20", is_on=False)
    assert "wb20" not in keys(book)
    put(book, tam, "wb20", is_on=True)
    assert "wb20" in keys(book)
    assert row.cells.get(field="tp_name").value == "Payment gateway"
    assert [switch.ended_by_name for switch in SectionSwitch.objects.order_by("pk")] == ["Kim Jiwoo", ""]


def test_a_section_that_the_type_does_not_have_is_put_in(book, tam):
    book.engagement.event_type = "DR"
    book.engagement.save(update_fields=["event_type"])
    assert "wb09" not in keys(book)
    put(book, tam, "wb09", is_on=True)
    assert "wb09" in keys(book)
    assert "wb09" in {part.section.key for part in progress(book.engagement, book.now).sections}


@pytest.mark.parametrize(
    ("section", "reason", "error"),
    [
        ("wb01", "No need", switching.UnknownSection),
        ("wb99", "No need", switching.UnknownSection),
        ("wb20", "  ", switching.BadReason),
        ("wb20", "x" * 501, switching.BadReason),
        ("wb20", "a\x00b", switching.BadReason),
    ],
)
def test_what_cannot_be_switched_is_refused(book, tam, section, reason, error):
    with pytest.raises(error):
        put(book, tam, section, is_on=False, reason=reason)
    assert not SectionSwitch.objects.exists()


def test_whoever_comes_second_is_told(book, tam):
    put(book, tam, "wb20", is_on=False)
    with pytest.raises(switching.CannotSwitch):
        put(book, tam, "wb20", is_on=False)


def test_two_who_add_the_rows_at_once_add_each_once(book, threads):
    sections = editions.sections(book.engagement)

    def add(_number):
        return len(
            seeding.add_rows(
                engagement=book.engagement, sections=sections, keys=["mig-01"], by=book.by, now=book.now
            )
        )

    assert sorted(threads(add, range(4))) == [0, 0, 0, 1]
    assert threads(lambda _number: PresetUse.objects.count(), range(1)) == [1]


def test_the_page_offers_rows_and_sections_and_keeps_a_refused_reason(
    book, tam, as_user, django_assert_max_num_queries
):
    client = as_user(tam)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("workbook:tailor", args=[book.engagement.reference])).content.decode()
    assert 'value="mig-01"' in page and 'id="s-wb25"' in page
    place = reverse("workbook:switch-section", args=[book.engagement.reference, "wb20"])
    answer = client.post(place, {"to": "off", "reason": "y" * 501})
    assert answer.status_code == 422
    assert "y" * 501 in answer.content.decode() and 'aria-invalid="true"' in answer.content.decode()


def test_the_rows_are_added_by_one_button(book, as_user):
    client = as_user(book.by)
    answer = client.post(reverse("workbook:add-preset-rows", args=[book.engagement.reference]), {"all": "1"})
    assert answer.status_code == 303
    assert PresetUse.objects.count() == 38
    line = client.get(reverse("workbook:tailor-line", args=[book.engagement.reference]))
    assert line.content.strip() == b""


def test_what_the_report_says_is_not_asked_again(book, as_user):
    Report.objects.create(engagement=book.engagement, summary="All went well", verdict="success")
    part = {part.section.key: part for part in progress(book.engagement, book.now).sections}["wb24"]
    book.engagement.phase = Phase.PLAN
    before = {part.section.key: part for part in progress(book.engagement, book.now).sections}["wb24"]
    assert part.filled - before.filled == 2
    book.engagement.phase = Phase.REVIEW
    book.engagement.save(update_fields=["phase"])
    page = as_user(book.by).get(reverse("workbook:section", args=[book.engagement.reference, "wb24"]))
    assert "All went well" in page.content.decode()


def test_a_test_is_compared_with_the_forecast_it_names(book, as_user):
    first = book.add("traffic", tf_module="Portal", tf_unit="requests/s", tf_event_peak="4000")
    book.add("traffic", tf_module="Search", tf_unit="requests/s", tf_event_peak="8000")
    book.add("tests", ts_goal="All", ts_peak="6000")
    book.add("tests", ts_goal="Portal", ts_peak="6000", ts_traffic=f"#{first.pk}")
    page = as_user(book.by).get(reverse("workbook:section", args=[book.engagement.reference, "wb14"]))
    assert "0.75×" in page.content.decode() and "1.5×" in page.content.decode()


def test_the_register_counts_scores_and_says_when_a_row_changed(book, as_user):
    row = book.add("register", rk_kind="risk", rk_title="Quota late", rk_prob="3", rk_impact="4")
    place = reverse("workbook:section", args=[book.engagement.reference, "wb15"])
    page = as_user(book.by).get(place, {"columns": "all"}).content.decode()
    assert f'id="c-{row.pk}-rk_score"' in page
    assert ">12<" in page and f">{row.pk}<" in page


def test_the_number_of_a_row_is_a_name_and_has_no_thousands(book):
    field = editions.section(book.engagement, "wb15").field("rk_id")
    assert types.type_of(field).show(row_number({ROW: 12345}), field, None) == "12345"


def test_moving_the_event_moves_its_plan(book, as_user):
    book.add("steps", pl_what="Open", pl_at="T+60")
    client, place = as_user(book.by), reverse("workbook:section", args=[book.engagement.reference, "wb13"])
    before = client.get(place).content.decode()
    book.engagement.starts_at += timedelta(hours=3)
    book.engagement.ends_at += timedelta(hours=3)
    book.engagement.save()
    after = client.get(place).content.decode()
    assert "T+1h, " in before and "T+1h, " in after
    clock = [text.split("T+1h, ")[1][:30] for text in (before, after)]
    assert clock[0] != clock[1]


def test_a_row_is_called_as_people_read_its_name(book, as_user):
    module = book.add("modules", mo_name="Portal")
    peak = book.add("peaks", pa_peak=f"#{module.pk}")
    page = as_user(book.by).get(reverse("workbook:row", args=[book.engagement.reference, "wb24", peak.pk]))
    assert '<h2 class="t-sec">Portal</h2>' in page.content.decode()
