"""Suggesting a value or a row, taking it back, accepting and declining it."""

import pytest
from django.urls import reverse

from iem_portal.notifications.models import Notification
from tests import factories
from workbook.cells import UnknownField
from workbook.models import Cell, CellChange, Row, Suggestion
from workbook.suggestions import deciding, making
from workbook.suggestions.deciding import NoWords
from workbook.suggestions.making import NothingNew
from workbook.types import InvalidValue

BOTH = frozenset({"person", "aws"})


@pytest.fixture
def quota(book):
    """A row of the quota sheet that holds 640 in force."""
    return book.add("quotas", q_name="vCPU", q_service="ec2", q_code="L-1216C47A", q_applied="640")


@pytest.fixture
def viewer(engagement):
    return factories.member(engagement, "viewer", name="Shin Ara")


@pytest.fixture
def suggest(book, quota, viewer):
    def make(value, *, field="q_applied", by=viewer, words=""):
        return making.suggest(
            engagement=book.engagement,
            section=book.section_of("quotas"),
            row=quota.pk,
            field=field,
            value=value,
            words=words,
            by=by,
            now=book.now,
        )

    return make


@pytest.fixture
def accept(book, tam):
    def run(*made, seen=None, sources=BOTH, by=tam):
        return deciding.accept(
            engagement=book.engagement,
            section=book.section_of("quotas"),
            seen=seen or {one.pk: one.base_version for one in made},
            sources=sources,
            by=by,
            now=book.now,
        )

    return run


def held(row, field="q_applied"):
    return Cell.objects.get(row=row, field=field).value


def test_a_suggestion_writes_nothing(suggest, quota):
    made = suggest("700")
    assert (held(quota), made.value, made.base_version) == ("640", "700", 1)


def test_accepting_keeps_both_names(suggest, accept, quota, tam, viewer):
    made = suggest("700")
    [decided] = accept(made)
    made.refresh_from_db()
    change = CellChange.objects.get(row_id=quota.pk, field="q_applied", version=2)
    assert (decided.outcome.kind, held(quota), made.state) == ("changed", "700", "accepted")
    assert (change.by_name, change.proposed_by_name, change.how) == (tam.name, "Shin Ara", "suggested")


def test_a_value_that_changed_since_it_was_seen_stays(suggest, accept, quota, book):
    made = suggest("700")
    book.save("q_applied", "800", row=quota.pk, base=1)
    [decided] = accept(made)
    made.refresh_from_db()
    assert (decided.outcome.kind, held(quota), made.state) == ("conflict", "800", "open")


def test_who_has_seen_the_newer_value_may_replace_it(suggest, accept, quota, book):
    made = suggest("700")
    book.save("q_applied", "800", row=quota.pk, base=1)
    accept(made, seen={made.pk: 2})
    assert held(quota) == "700"


def test_the_newest_word_of_a_person_counts(suggest, viewer):
    first, second = suggest("700"), suggest("710")
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "open")


def test_what_the_cell_holds_already_is_no_suggestion(suggest):
    with pytest.raises(NothingNew):
        suggest("640")


@pytest.mark.parametrize("value", ["many", "-3", "1e400"])
def test_what_does_not_fit_is_refused_at_once(suggest, value):
    with pytest.raises(InvalidValue):
        suggest(value)
    assert not Suggestion.objects.exists()


def test_worked_out_values_cannot_be_suggested(suggest):
    with pytest.raises(UnknownField):
        suggest("700", field="q_request_value")


def test_people_take_back_only_their_own(suggest, book, tam, viewer):
    made = suggest("700")
    words = {"engagement": book.engagement, "pk": made.pk, "now": book.now}
    assert making.withdraw(**words, by=tam) == 0
    assert making.withdraw(**words, by=viewer) == 1
    assert making.withdraw(**words, by=viewer) == 0


def test_a_person_learns_by_mail_why_not(suggest, book, tam, viewer, quota):
    made = suggest("700")
    words = {
        "engagement": book.engagement,
        "section": book.section_of("quotas"),
        "chosen": [made.pk],
        "sources": BOTH,
        "by": tam,
        "now": book.now,
    }
    with pytest.raises(NoWords):
        deciding.decline(**words)
    assert deciding.decline(**words, answer="AWS says 640.") == 1
    letter = Notification.objects.get()
    assert (letter.address, letter.params["answer"]) == (viewer.email, "AWS says 640.")
    assert held(quota) == "640"


def test_a_contributor_decides_nothing_of_people(suggest, accept, quota):
    made = suggest("700")
    assert accept(made, sources=frozenset({"aws"})) == []
    assert held(quota) == "640"


def test_a_new_row_is_taken_as_a_whole(book, viewer, accept):
    section = book.section_of("quotas")
    made = making.suggest_row(
        engagement=book.engagement,
        section=section,
        table=section.table("quotas"),
        values={"q_name": "VPCs per Region", "q_service": "vpc", "q_need": "12", "q_unit": ""},
        by=viewer,
        now=book.now,
    )
    accept(made[0])
    row = Row.objects.get(cells__field="q_name", cells__value="VPCs per Region")
    assert dict(row.cells.values_list("field", "value")) == {
        "q_name": "VPCs per Region",
        "q_service": "vpc",
        "q_need": "12",
        "q_margin": "20",
    }
    assert set(Suggestion.objects.values_list("state", flat=True)) == {"accepted"}


def test_two_suggestions_for_one_cell_are_shown_as_a_conflict(suggest, tam, viewer, as_user, book):
    suggest("700"), suggest("720", by=tam)
    address = reverse("workbook:suggestions", args=[book.engagement.reference, "wb08"])
    page = as_user(tam).get(address).content.decode()
    assert page.count("Several values are suggested.") == 2


def test_the_page_takes_few_queries_however_much_is_suggested(
    book, viewer, tam, as_user, django_assert_max_num_queries
):
    section = book.section_of("quotas")
    for number in range(12):
        row = book.add("quotas", q_name=f"Quota {number}")
        for field in ("q_applied", "q_usage", "q_need"):
            making.suggest(
                engagement=book.engagement, section=section, row=row.pk, field=field, value=str(number + 1),
                by=viewer, now=book.now,
            )  # fmt: skip
    client = as_user(tam)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("workbook:suggestions", args=[book.engagement.reference, "wb08"]))
    assert page.content.decode().count('name="pick"') == 36


def test_accepting_all_leaves_out_what_changed(suggest, quota, tam, as_user, book):
    made = suggest("700")
    other = suggest("300", field="q_usage")
    book.save("q_applied", "800", row=quota.pk, base=1)
    address = reverse("workbook:decide-suggestions", args=[book.engagement.reference, "wb08"])
    data = {"verb": "accept-clear", f"seen-{made.pk}": "2", f"seen-{other.pk}": "0"}
    assert as_user(tam).post(address, data).status_code == 303
    assert (held(quota), held(quota, "q_usage")) == ("800", "300")


def test_suggesting_beside_the_cell_keeps_what_was_typed(quota, viewer, as_user, book):
    address = reverse("workbook:suggest", args=[book.engagement.reference, "wb08"])
    data = {"row": quota.pk, "field": "q_applied", "value": "lots", "words": "The console says so"}
    answer = as_user(viewer).post(address, data, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="lots"' in page and "The console says so" in page and 'aria-invalid="true"' in page


def test_a_suggestion_is_a_sign_on_its_cell(suggest, tam, as_user, book):
    suggest("700")
    page = as_user(tam).get(reverse("workbook:section", args=[book.engagement.reference, "wb08"]))
    assert "1 suggestion" in page.content.decode()


def test_a_viewer_suggests_a_row_by_the_page(viewer, as_user, book):
    address = reverse("workbook:suggest-row", args=[book.engagement.reference, "wb08", "quotas"])
    client = as_user(viewer)
    assert client.get(address).status_code == 200
    refused = client.post(address, {"f-q_name": "Streams", "f-q_need": "many"})
    assert refused.status_code == 422 and 'value="Streams"' in refused.content.decode()
    assert client.post(address, {"f-q_name": "Streams", "f-q_need": "12"}).status_code == 303
    assert Suggestion.objects.filter(new_row__startswith="person-").count() == 2


@pytest.mark.parametrize("row", ["9" * 40, "\x00", "form", "²"])
def test_hostile_rows_are_not_found(viewer, as_user, book, row):
    address = reverse("workbook:suggest", args=[book.engagement.reference, "wb08"])
    answer = as_user(viewer).post(address, {"row": row, "field": "q_applied", "value": "1"})
    assert answer.status_code in {400, 404, 422}


def test_a_new_row_of_one_engagement_takes_no_suggestions_of_another_one(book, accept):
    def proposed(engagement, field, value):
        return Suggestion.objects.create(
            engagement=engagement, section="wb08", table="quotas", new_row="aws-same-account", field=field,
            value=value, source="aws", origin="quotas", by_name="AWS poller", made_at=book.now,
        )  # fmt: skip

    elsewhere = proposed(factories.engagement(), "q_name", "vCPU")
    accept(proposed(book.engagement, "q_name", "vCPU"))
    elsewhere.refresh_from_db()
    assert (elsewhere.row_id, elsewhere.new_row, elsewhere.state) == (None, "aws-same-account", "open")
