"""The metric rows read back as what the board watches, with what is wrong said in words."""

import pytest

from tests import factories
from workbook import rows
from workbook.watches import alarm_matrix, watches

pytestmark = pytest.mark.django_db
METRIC = {
    "mt_title": "Lag", "mt_account": "111122223333", "mt_region": "ap-northeast-2", "mt_namespace": "AWS/DMS",
    "mt_metric": "CDCLatencyTarget", "mt_dims": "Task=enrol-db", "mt_stat": "Maximum", "mt_crit": "30",
    "mt_module": "Database",
}  # fmt: skip


def test_a_complete_row_is_a_watch(book):
    factories.aws_account(book.engagement)
    row = book.add("metrics", **METRIC)
    [watch] = watches(book.engagement)
    assert (watch.row_id, watch.period_s, watch.crit, watch.warn, watch.direction) == (
        row.pk,
        60,
        30.0,
        None,
        "above",
    )
    assert watch.dimensions == (("Task", "enrol-db"),)
    assert watch.problems == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"mt_stat": ""}, "statistic missing"),
        ({"mt_period": ""}, "period missing"),
        ({"mt_account": "999999999999"}, "account is not part of the engagement"),
        ({"mt_metric": "SEARCH(CPU)"}, "SEARCH is not supported in an expression"),
    ],
)
def test_a_row_that_cannot_be_read_says_why(book, change, problem):
    factories.aws_account(book.engagement)
    book.add("metrics", **METRIC | change)
    [watch] = watches(book.engagement)
    assert watch.problems == (problem,)


def test_watches_follow_the_order_of_the_sheet_and_forget_deleted_rows(book):
    first, second = (book.add("metrics", **METRIC | {"mt_title": title}) for title in ("One", "Two"))
    rows.move(engagement=book.engagement, row=second.pk, after=None, by=book.by, now=book.now)
    assert [watch.title for watch in watches(book.engagement)] == ["Two", "One"]
    rows.delete(engagement=book.engagement, row=first.pk, by=book.by, now=book.now)
    assert [watch.title for watch in watches(book.engagement)] == ["Two"]


def test_watches_take_two_queries(book, django_assert_max_num_queries):
    for _number in range(20):
        book.add("metrics", **METRIC)
    with django_assert_max_num_queries(2):
        watches(book.engagement)


def test_the_alarm_matrix_says_what_is_missing(book):
    book.add("alarms", al_ref="portal-5xx", al_sev="urgent", al_escal_min="10")
    [row] = alarm_matrix(book.engagement)
    assert (row.ref, row.severity, row.escalate_after_min) == ("portal-5xx", "urgent", 10)
    assert row.problems == ("first responder missing", "playbook missing")
