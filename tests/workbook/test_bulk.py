"""Many cells saved at once by the rule of one: what fits is kept, what does not is said, nobody is overwritten."""

import pytest

from tests import factories
from workbook import bulk
from workbook.bulk import Edit
from workbook.models import Cell, CellChange, Row

pytestmark = pytest.mark.django_db


@pytest.fixture
def sheet(book):
    """Plans and saves edits of the quota sheet: ``sheet.save([Edit(…)])``."""
    return Sheet(book, "quotas")


class Sheet:
    def __init__(self, book, table):
        self.book, self.section = book, book.section_of(table)
        self.place = {
            "engagement": book.engagement,
            "section": self.section,
            "table": self.section.table(table),
        }

    def plan(self, edits):
        return bulk.plan(**self.place, edits=edits)

    def save(self, edits, by=None, how=CellChange.How.PASTED):
        return bulk.save(**self.place, edits=edits, by=by or self.book.by, now=self.book.now, how=how)


def kinds(outcomes):
    return [outcome.kind for outcome in outcomes]


def values(row):
    return dict(Cell.objects.filter(row=row).values_list("field", "value"))


def test_a_plan_says_what_would_change_and_writes_nothing(book, sheet):
    row = book.add("quotas", q_need="5").pk
    [change, same, bad, locked, unknown, gone] = sheet.plan(
        [
            Edit("q_usage", "1,200", row),
            Edit("q_need", "5.0", row),
            Edit("q_applied", "lots", row),
            Edit("q_gap", "OK", row),
            Edit("nonsense", "1", row),
            Edit("q_need", "1", 987654),
        ]
    )
    assert (change.kind, change.shown_from, change.shown_to) == ("changed", "", "1,200")
    assert (same.kind, same.shown_from) == ("same", "5")
    assert (bad.kind, bad.shown_to) == ("invalid", "lots")
    assert "number" in bad.message
    assert kinds([locked, unknown, gone]) == ["locked", "unknown", "gone"]
    assert values(row) == {"q_need": "5", "q_margin": "20"}


def test_what_fits_is_saved_beside_what_does_not(book, sheet):
    row = book.add("quotas").pk
    outcomes = sheet.save([Edit("q_usage", "1", row), Edit("q_need", "x", row), Edit("q_applied", "3", row)])
    assert kinds(outcomes) == ["changed", "invalid", "changed"]
    assert values(row) == {"q_margin": "20", "q_usage": "1", "q_applied": "3"}


def test_every_cell_is_in_the_history_with_the_way_it_came(book, sheet):
    row = book.add("quotas", q_need="5").pk
    sheet.save([Edit("q_need", "6", row), Edit("q_usage", "1", row)])
    lines = CellChange.objects.filter(row_id=row, how="pasted").order_by("field")
    assert [(line.field, line.version, line.value_from, line.value_to, line.by_name) for line in lines] == [
        ("q_need", 2, "5", "6", "Lim Sojin"),
        ("q_usage", 1, None, "1", "Lim Sojin"),
    ]


def test_an_emptied_cell_counts_as_empty(book, sheet):
    row = book.add("quotas", q_need="5", q_usage="4").pk
    sheet.save([Edit("q_need", "", row), Edit("q_usage", "7", row)])
    assert list(Cell.objects.filter(row=row, value__isnull=True).values_list("field", flat=True)) == [
        "q_need"
    ]
    assert CellChange.objects.filter(field="q_need", value_to__isnull=True, version=2).exists()


def test_a_cell_that_somebody_changed_since_is_not_overwritten(book, sheet, tam):
    row = book.add("quotas", q_need="5").pk
    book.save("q_need", "6", row=row, base=1, by=tam)
    [refused] = sheet.save([Edit("q_need", "7", row, base_version=1)])
    assert (refused.kind, refused.shown_from, refused.version) == ("conflict", "6", 2)
    assert refused.theirs_by == tam.name
    assert kinds(sheet.save([Edit("q_need", "7", row)])) == ["changed"]


def test_long_texts_of_two_people_merge(book, tam):
    form = Sheet(book, book.section_of("ev_purpose").table_of["ev_purpose"].key)
    book.save("ev_purpose", "We move. It is at night.")
    book.save("ev_purpose", "We move house. It is at night.", base=1, by=tam)
    [merged] = form.save([Edit("ev_purpose", "We move. It is at dawn.", "form", base_version=1)])
    assert (merged.kind, merged.version) == ("merged", 3)
    assert Cell.objects.get(field="ev_purpose").value == "We move house. It is at dawn."
    assert CellChange.objects.get(field="ev_purpose", version=3).how == "merged"


def test_new_rows_are_added_with_their_defaults(book, sheet):
    outcomes = sheet.save(
        [Edit("q_need", "5", None, "a"), Edit("q_need", "6", None, "b"), Edit("q_margin", "50", None, "b")]
    )
    first, second = Row.objects.order_by("position")
    assert [outcome.row_id for outcome in outcomes] == [first.pk, second.pk, second.pk]
    assert values(first) == {"q_need": "5", "q_margin": "20"}
    assert values(second) == {"q_need": "6", "q_margin": "50"}


def test_a_row_of_which_nothing_fits_is_not_added(book, sheet):
    assert kinds(sheet.save([Edit("q_need", "x", None, "a"), Edit("q_usage", "", None, "a")])) == [
        "invalid",
        "same",
    ]
    assert not Row.objects.exists()


def test_a_fixed_row_is_made_when_it_is_first_written(book):
    form = Sheet(book, book.section_of("ev_purpose").table_of["ev_purpose"].key)
    assert kinds(form.save([Edit("ev_purpose", "Move.", "form"), Edit("ev_name", "x", "form")])) == [
        "changed",
        "locked",
    ]


def test_an_end_is_measured_against_the_start_beside_it(book):
    windows = Sheet(book, "windows")
    outcomes = windows.save(
        [
            Edit("win_end", "2026-11-28 23:00", None, "a"),
            Edit("win_start", "2026-11-28 22:00", None, "a"),
            Edit("win_end", "2026-11-28 21:00", None, "b"),
            Edit("win_start", "2026-11-28 22:00", None, "b"),
        ]
    )
    assert kinds(outcomes) == ["changed", "changed", "invalid", "changed"]


def test_the_first_of_two_values_for_one_cell_counts(book, sheet):
    row = book.add("quotas").pk
    assert kinds(sheet.save([Edit("q_need", "1", row), Edit("q_need", "2", row)])) == ["changed", "invalid"]
    assert values(row)["q_need"] == "1"


def test_a_row_of_another_engagement_is_gone(book, sheet):
    row = book.add("quotas").pk
    place = {**sheet.place, "engagement": factories.engagement()}
    outcomes = bulk.save(**place, edits=[Edit("q_need", "1", row)], by=book.by, now=book.now, how="pasted")
    assert kinds(outcomes) == ["gone"]


@pytest.mark.parametrize(
    "value", ["\x00", "\ud800", "1e400", 10**400, {"a": 1}, [[1], 2], float("nan"), True]
)
def test_hostile_values_are_refused_in_words(book, sheet, value):
    row = book.add("quotas").pk
    [outcome] = sheet.save([Edit("q_need", value, row)])
    assert outcome.kind == "invalid"
    assert outcome.message


def test_a_thousand_cells_take_at_most_twelve_queries_a_hundred(book, sheet, django_assert_max_num_queries):
    fields = ["q_usage", "q_need", "q_applied", "q_default", "q_unit"]
    old = [book.add("quotas", q_need="1").pk for _ in range(100)]
    edits = [Edit(field, str(row + 1000), row) for row in old for field in fields]
    edits += [Edit(field, "7", None, str(number)) for number in range(100) for field in fields]
    with django_assert_max_num_queries(120):
        assert set(kinds(sheet.save(edits))) == {"changed"}
    with django_assert_max_num_queries(4):
        assert set(kinds(sheet.plan(edits[:500]))) == {"same"}


@pytest.mark.django_db(transaction=True)
def test_writers_of_blocks_that_overlap_lose_nothing(book, threads):
    sheet = Sheet(book, "quotas")
    old = [book.add("quotas").pk for _ in range(4)]

    def write(number):
        edits = [Edit("q_need", str(number), row, base_version=0) for row in old]
        edits.append(Edit("q_need", str(number), None, "mine"))
        return sheet.save(edits) if number % 2 else [book.save("q_usage", str(number), row=old[0])]

    results = threads(write, range(1, 9))
    [lines] = threads(lambda _none: list(CellChange.objects.filter(field="q_need")), [None])
    written = [
        o for outcomes in results for o in outcomes if isinstance(o, bulk.Outcome) and o.kind == "changed"
    ]
    assert len(written) == len(lines) == 4 + 4
    assert {(line.row_id, line.value_to) for line in lines} == {(o.row_id, o.shown_to) for o in written}
