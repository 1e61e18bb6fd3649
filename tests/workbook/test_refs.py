"""References: kept by the row's number, shown by its name, followed through renaming and deleting."""

import pytest
from django.utils import translation

from tests import factories
from workbook import history, rows, types
from workbook.catalogue import Field
from workbook.models import Cell
from workbook.reading import Reader
from workbook.titles import Title, Titles
from workbook.types import Setting

pytestmark = pytest.mark.django_db


def kept(row, field):
    return Cell.objects.get(row=row, field=field).value


def shown(book, field, value):
    """The value as a reader sees it now, and what is odd about it."""
    spec = book.section_of(field).field(field)
    setting = Setting.of(book.engagement)
    return types.show(spec, value, setting), types.doubt(spec, value, setting)


def test_a_name_that_fits_one_row_becomes_the_row(book):
    module = book.add("modules", mo_name="Portal")
    row = book.add("traffic", tf_module="  pORTAL ")
    assert kept(row, "tf_module") == f"#{module.pk}"
    assert shown(book, "tf_module", kept(row, "tf_module")) == ("Portal", "")


def test_renaming_a_row_renames_it_everywhere(book):
    module = book.add("modules", mo_name="Portal")
    row = book.add("traffic", tf_module="Portal")
    book.save("mo_name", "Student portal", row=module.pk, base=1)
    assert shown(book, "tf_module", kept(row, "tf_module")) == ("Student portal", "")


def test_a_deleted_row_keeps_its_name_and_says_so(book):
    module = book.add("modules", mo_name="Portal")
    row = book.add("traffic", tf_module="Portal")
    rows.delete(engagement=book.engagement, row=module.pk, by=book.by, now=book.now)
    assert shown(book, "tf_module", kept(row, "tf_module")) == ("Portal", "deleted")
    other = book.add("traffic", tf_module="Portal")
    assert kept(other, "tf_module") == "Portal"
    assert shown(book, "tf_module", "Portal") == ("Portal", "not in the list")


def test_an_unknown_name_is_kept_as_typed_and_two_of_one_name_stay_a_name(book):
    row = book.add("traffic", tf_module="Something new")
    assert kept(row, "tf_module") == "Something new"
    for _shift in range(2):
        book.add("people", ct_name="Lim Sojin")
    module = book.add("modules", mo_owner="Lim Sojin")
    assert kept(module, "mo_owner") == "Lim Sojin"
    assert shown(book, "mo_owner", "Lim Sojin") == ("Lim Sojin", "")


def test_a_member_of_the_team_is_no_stranger_without_a_row(book):
    assert shown(book, "mo_owner", book.by.name) == (book.by.name, "")
    assert shown(book, "mo_owner", "Nobody") == ("Nobody", "not in the list")


def test_a_row_of_another_engagement_or_kind_is_only_a_text(book):
    module = book.add("modules", mo_name="Portal")
    elsewhere = factories.engagement()
    spec = book.section_of("tf_module").field("tf_module")
    assert types.show(spec, f"#{module.pk}", Setting.of(elsewhere)) == f"#{module.pk}"
    assert shown(book, "mo_owner", f"#{module.pk}")[0] == f"#{module.pk}"


def test_rows_named_by_other_rows_carry_their_names(book):
    book.add("modules", mo_name="Portal")
    traffic = book.add("traffic", tf_module="Portal", tf_unit="requests/s")
    with translation.override("ko"):
        row = book.add("metrics", mt_title="Requests", mt_expected="Portal · 초당 요청(RPS)")
    assert kept(row, "mt_expected") == f"#{traffic.pk}"
    assert shown(book, "mt_expected", kept(row, "mt_expected"))[0] == "Portal · Requests per second"


def test_an_account_is_found_by_its_name_or_number():
    titles = Titles({"account": (Title(7, ("Production", "111122223333")),)})
    spec = Field("x", "ref", {"en": "X", "ko": "X"}, -1, ("CL",), options={"to": "account"})
    for typed in ("production", "111122223333", "Production · 111122223333", "#7"):
        assert types.clean(spec, typed, Setting(titles=titles)) == "#7"


def test_several_names_are_several_rows(book):
    first, second = (book.add("modules", mo_name=name) for name in ("Portal", "Seats, Seoul"))
    row = book.add("modules", mo_name="Sign-in", mo_downstream="Seats, Seoul, Portal, Queue")
    assert kept(row, "mo_downstream") == [f"#{second.pk}", f"#{first.pk}", "Queue"]
    assert shown(book, "mo_downstream", kept(row, "mo_downstream")) == (
        "Seats, Seoul, Portal, Queue",
        "not in the list",
    )


def test_the_picker_offers_each_row_once_and_the_team(book):
    book.add("people", ct_name="Noh Taemin")
    book.add("people", ct_name=book.by.name)
    spec = book.section_of("mo_owner").field("mo_owner")
    offered = [value for value, _words in types.type_of(spec).suggestions(spec, Setting.of(book.engagement))]
    assert offered == ["Noh Taemin", book.by.name]


def test_a_doubtful_name_is_marked_in_words_too(book):
    row = book.add("traffic", tf_module="<b>Something</b>")
    section = book.section_of("traffic")
    reader = Reader(book.engagement, section, {(section.key, "traffic"): [(row.pk, "")]})
    html = reader.row(str(row.pk))[1].cell("tf_module").html
    assert "not in the list" in html
    assert "&lt;b&gt;Something" in html


def test_names_cost_two_queries_however_many_rows(book, django_assert_max_num_queries):
    for number in range(12):
        book.add("modules", mo_name=f"Module {number}")
    spec = book.section_of("tf_module").field("tf_module")
    setting = Setting.of(book.engagement)
    with django_assert_max_num_queries(3):
        for number in range(12):
            types.show(spec, types.clean(spec, f"Module {number}", setting), setting)


def test_the_history_calls_rows_by_the_names_behind_their_references(book):
    book.add("modules", mo_name="Portal")
    row = book.add("traffic", tf_module="Portal")
    book.save("tf_ramp", "15", row=row.pk)
    assert history.lines(book.engagement, book.section_of("traffic"))[0].place == "Portal"


def test_the_history_calls_a_check_by_its_words(book):
    book.save("ar_answer", "yes", row="ar01")
    place = history.lines(book.engagement, book.section_of("checks"))[0].place
    assert place.startswith("Every tier runs in at least two Availability Zones")
