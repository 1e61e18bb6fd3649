"""The pages: what they show, who may change what, and that no typed text is lost."""

import pytest
from django.urls import reverse

from tests import factories
from workbook import rows
from workbook.models import Cell, CellChange, Row

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def url(book, name, *args):
    return reverse(f"workbook:{name}", args=[book.engagement.reference, *args])


def post(client, book, row, field, value, base=0, section="wb08"):
    data = {"row": row, "field": field, "value": value, "base_version": base}
    return client.post(url(book, "save-cell", section), data)


def form(**answers):
    """A row posted as a form: what stood there, what was typed, and the version, by field."""
    data = {}
    for key, (was, text, version) in answers.items():
        data |= {f"was-{key}": was, f"f-{key}": text, f"v-{key}": str(version)}
    return data


@pytest.mark.parametrize("section", ["", "wb01", "wb02", "wb08", "wb12"])
def test_every_section_opens(book, as_user, section):
    answer = as_user(book.by).get(url(book, "section", section) if section else url(book, "index"))
    assert answer.status_code == 200


@pytest.mark.parametrize("section", ["wb01", "wb02", "wb08", "wb12"])
def test_a_section_opens_in_twelve_queries_however_many_rows(
    book, as_user, django_assert_max_num_queries, section
):
    for number in range(300):
        row = Row.objects.create(
            engagement=book.engagement, section="wb08", table="quotas", position=number, created_at=book.now,
            created_by_name="A",
        )  # fmt: skip
        Cell.objects.create(row=row, field="q_name", value=f"Quota {number}", updated_at=book.now)
    book.add("metrics", mt_title="Lag")
    book.add("alarms", al_ref="lag")
    client = as_user(book.by)
    with django_assert_max_num_queries(12):
        answer = client.get(url(book, "section", section) + "?rows=all")
    assert ("Quota 299" in answer.content.decode()) == (section == "wb08")


def test_a_saved_cell_answers_with_the_row_as_it_is_now(book, as_user):
    row = book.add("quotas", q_applied="1000", q_usage="10").pk
    answer = post(as_user(book.by), book, row, "q_need", "1,850")
    cells = {cell["id"]: cell for cell in answer.json()["cells"]}
    assert (answer.status_code, answer.json()["outcome"]) == (200, "saved")
    assert cells[f"c-{row}-q_need"]["edit"] == "1850"
    assert "short of 850" in cells[f"c-{row}-q_gap"]["html"]
    assert cells[f"c-{row}-q_request_value"]["html"] == '<span class="cell-v">2,220</span>'


def test_a_value_that_does_not_fit_answers_422_in_words(book, as_user):
    row = book.add("quotas").pk
    answer = post(as_user(book.by), book, row, "q_need", "a lot")
    assert answer.status_code == 422
    assert answer.json() == {"outcome": "invalid", "message": "Write a number only, for example 38."}


def test_a_conflict_answers_409_with_both_values(book, as_user, tam):
    row = book.add("quotas").pk
    book.save("q_need", "10", row=row)
    book.save("q_need", "600", row=row, base=1, by=tam)
    answer = post(as_user(book.by), book, row, "q_need", "540", base=1)
    assert answer.status_code == 409
    assert answer.json()["shown"] == {"mine": "540", "theirs": "600", "base": "10"}
    assert answer.json()["version"] == 2
    assert tam.name in answer.json()["html"]


def test_a_deleted_row_answers_409_and_says_so(book, as_user):
    row = book.add("quotas").pk
    rows.delete(engagement=book.engagement, row=row, by=book.by, now=book.now)
    answer = post(as_user(book.by), book, row, "q_need", "1")
    assert (answer.status_code, answer.json()["outcome"]) == (409, "gone")


def test_what_people_type_is_never_markup(book, as_user):
    row = book.add("quotas", q_name="<script>alert(1)</script>").pk
    page = as_user(book.by).get(url(book, "section", "wb08")).content.decode()
    assert "<script>alert(1)" not in page
    answer = post(as_user(book.by), book, row, "q_name", '"><img src=x>', base=1)
    assert "<img" not in "".join(cell["html"] for cell in answer.json()["cells"])


@pytest.mark.parametrize("role", ["viewer", "account_manager"])
def test_who_may_only_look_sees_no_editor_and_saves_nothing(book, as_user, role):
    row = book.add("quotas").pk
    client = as_user(factories.member(book.engagement, role))
    page = client.get(url(book, "section", "wb08")).content.decode()
    assert "ed-q_need" not in page
    assert "Read only" in page
    assert "data-editor" not in client.get(url(book, "section", "wb01")).content.decode()
    assert post(client, book, row, "q_need", "1").status_code == 403


@pytest.mark.parametrize("name", ["index", "progress", "section", "changes", "history"])
def test_another_customer_gets_404(book, as_user, rival, name):
    args = [] if name in {"index", "progress"} else ["wb08"]
    assert as_user(rival).get(url(book, name, *args)).status_code == 404


def test_a_row_of_another_engagement_cannot_be_read_or_changed(book, as_user):
    foreign = factories.engagement()
    row = book.add("quotas", q_name="Secret").pk
    client = as_user(factories.member(foreign, "customer_lead"))
    here = foreign.reference
    assert client.get(reverse("workbook:row", args=[here, "wb08", row])).status_code == 404
    assert client.post(reverse("workbook:change-row", args=[here, "wb08", row, "delete"])).status_code == 404
    assert client.get(reverse("workbook:changes", args=[here, "wb08"]), {"rows": row}).json()["cells"] == []
    assert b"Secret" not in client.get(reverse("workbook:history", args=[here, "wb08"]), {"row": row}).content
    data = {"row": row, "field": "q_need", "value": "1", "base_version": 0}
    assert client.post(reverse("workbook:save-cell", args=[here, "wb08"]), data).status_code == 409


def test_an_unknown_section_does_not_exist(book, as_user):
    assert as_user(book.by).get(url(book, "section", "wb77")).status_code == 404


def test_a_row_saves_as_one_form_without_a_script(book, as_user):
    row = book.add("quotas").pk
    data = {
        "f-q_need": "540",
        "was-q_need": "",
        "v-q_need": "0",
        "f-q_margin": "20",
        "was-q_margin": "20",
        "v-q_margin": "1",
    }
    answer = as_user(book.by).post(url(book, "save-row", "wb08", row), data)
    assert answer.status_code == 303
    assert Cell.objects.get(row=row, field="q_need").value == "540"
    assert Cell.objects.get(row=row, field="q_margin").version == 1


def test_a_form_with_a_mistake_saves_the_rest_and_keeps_the_text(book, as_user):
    row = book.add("quotas").pk
    data = {
        "f-q_need": "a lot",
        "was-q_need": "",
        "v-q_need": "0",
        "f-q_unit": "vCPU",
        "was-q_unit": "",
        "v-q_unit": "0",
    }
    answer = as_user(book.by).post(url(book, "save-row", "wb08", row), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="a lot"' in page
    assert 'aria-invalid="true" aria-describedby="e-q_need h-q_need"' in page
    assert "Write a number only" in page
    assert Cell.objects.get(row=row, field="q_unit").value == "vCPU"


def test_a_form_that_meets_another_edit_shows_both_and_can_insist(book, as_user, tam):
    book.save("ev_confidential", "nda", by=tam)
    data = form(ev_confidential=("", "restricted", 0))
    client = as_user(book.by)
    answer = client.post(url(book, "save-row", "wb01", "form"), data)
    assert answer.status_code == 409
    assert f"Meanwhile {tam.name} saved: Under NDA" in answer.content.decode()
    assert 'name="v-ev_confidential" value="1"' in answer.content.decode()
    client.post(url(book, "save-row", "wb01", "form"), data | {"v-ev_confidential": "1"})
    assert Cell.objects.get(field="ev_confidential").value == "restricted"


def test_answers_of_the_engagement_are_locked_with_a_way_home(book, as_user):
    page = as_user(book.by).get(url(book, "section", "wb01")).content.decode()
    assert "f-ev_name" not in page
    assert reverse("engagements:edit", args=[book.engagement.reference]) in page


def test_starter_rows_are_added_with_their_values_in_the_first_account(book, as_user):
    factories.aws_account(book.engagement)
    answer = as_user(book.by).post(url(book, "add-row", "wb08", "quotas"), {"starter": ["0", "2"]})
    assert answer.status_code == 303
    assert list(Cell.objects.filter(field="q_code").values_list("value", flat=True)) == [
        "L-1216C47A",
        "L-0263D0A3",
    ]
    assert set(Cell.objects.filter(field="q_account").values_list("value", flat=True)) == {"111122223333"}
    assert Cell.objects.filter(field="q_region", value="ap-northeast-2").count() == 2


def test_an_empty_row_is_added_by_one_button(book, as_user):
    as_user(book.by).post(url(book, "add-row", "wb12", "alarms"))
    assert Row.objects.get().table == "alarms"


@pytest.mark.parametrize(("verb", "left"), [("delete", 1), ("duplicate", 3), ("up", 2), ("down", 2)])
def test_a_row_is_changed_from_its_page(book, as_user, verb, left):
    row, _other = book.add("quotas").pk, book.add("quotas")
    assert as_user(book.by).post(url(book, "change-row", "wb08", row, verb)).status_code == 303
    assert Row.objects.filter(deleted_at=None).count() == left


def test_a_row_moves_down_and_up_again(book, as_user):
    first, second = book.add("quotas").pk, book.add("quotas").pk
    client = as_user(book.by)
    client.post(url(book, "change-row", "wb08", first, "down"))
    assert list(Row.objects.values_list("pk", flat=True)) == [second, first]
    client.post(url(book, "change-row", "wb08", first, "up"))
    assert list(Row.objects.values_list("pk", flat=True)) == [first, second]


def test_an_earlier_value_is_brought_back_and_the_later_one_stays_in_the_history(book, as_user):
    row = book.add("quotas").pk
    book.save("q_need", "10", row=row)
    book.save("q_need", "99", row=row, base=1)
    line = CellChange.objects.get(row_id=row, field="q_need", version=1)
    as_user(book.by).post(url(book, "restore-cell", "wb08", line.pk))
    assert Cell.objects.get(row=row, field="q_need").value == "10"
    assert (
        list(CellChange.objects.filter(field="q_need").values_list("how", flat=True).order_by("version"))[-1]
        == "restored"
    )


def test_the_history_says_who_from_what_to_what(book, as_user):
    row = book.add("quotas", q_name="vCPU").pk
    book.save("q_need", "10", row=row)
    book.save("q_need", "1200", row=row, base=1)
    page = (
        as_user(book.by).get(url(book, "history", "wb08"), {"row": row, "field": "q_need"}).content.decode()
    )
    assert "Lim Sojin" in page
    assert "1,200</ins>" in page
    assert "10</del>" in page


def test_deleted_rows_are_listed_with_a_way_back(book, as_user):
    row = book.add("quotas", q_name="vCPU").pk
    rows.delete(engagement=book.engagement, row=row, by=book.by, now=book.now)
    page = as_user(book.by).get(url(book, "history", "wb08")).content.decode()
    assert "Deleted rows" in page
    assert url(book, "change-row", "wb08", row, "restore") in page


def test_only_rows_that_need_action_are_shown_on_demand(book, as_user):
    book.add("windows", win_kind="rehearsal", win_title="Fine", win_start="2026-11-20 10:00",
             win_end="2026-11-20 12:00", win_attendance="none")  # fmt: skip
    book.add("windows", win_kind="cutover", win_title="Open end")
    page = as_user(book.by).get(url(book, "section", "wb02"), {"show": "action"}).content.decode()
    assert "Open end" in page
    assert ">Fine<" not in page


def test_the_page_is_in_the_readers_language(book, as_user):
    reader = factories.member(book.engagement, "customer_lead", language="ko")
    book.add("quotas")
    page = as_user(reader).get(url(book, "section", "wb08")).content.decode()
    assert "서비스 한도(Limit) 및 용량 요청" in page
    assert "피크 예상" in page


def test_changes_of_others_come_as_cells_rows_and_gone_rows(book, as_user):
    kept, gone, new = (book.add("quotas", q_name=name).pk for name in ("Kept", "Gone", "New"))
    rows.delete(engagement=book.engagement, row=gone, by=book.by, now=book.now)
    query = {"rows": f"{kept},{gone}", "new": new}
    answer = as_user(book.by).get(url(book, "changes", "wb08"), query).json()
    assert f"c-{kept}-q_name" in {cell["id"] for cell in answer["cells"]}
    assert answer["gone"] == [str(gone)]
    assert [row["row"] for row in answer["new"]] == [str(new)]
    assert 'role="row"' in answer["new"][0]["html"]


def test_the_live_tile_carries_names_and_versions_but_no_values(book):
    from iem_portal.registry import tiles

    row = book.add("quotas", q_name="Secret plan").pk
    html = tiles.get("workbook").render(book.engagement.pk, audience="customer", now=book.now)
    assert f'data-row="{row}"' in html
    assert "Secret plan" not in html


AS_DATA = {"HTTP_ACCEPT": "application/json"}


def test_row_verbs_answer_a_sheet_with_what_to_draw(book, as_user):
    first, second = book.add("quotas", q_name="One").pk, book.add("quotas", q_name="Two").pk
    client = as_user(book.by)
    down = client.post(url(book, "change-row", "wb08", first, "down"), **AS_DATA).json()
    assert down["order"] == {"quotas": [str(second), str(first)]}
    gone = client.post(url(book, "change-row", "wb08", first, "delete"), **AS_DATA).json()
    assert (gone["gone"], gone["order"]) == ([str(first)], {"quotas": [str(second)]})
    back = client.post(url(book, "change-row", "wb08", first, "restore"), **AS_DATA).json()
    assert "One" in back["new"][0]["html"]
    added = client.post(url(book, "add-row", "wb08", "quotas"), **AS_DATA).json()
    assert added["order"]["quotas"][-1] == added["row"] == added["new"][0]["row"]


def test_saving_a_question_without_a_script_goes_on_to_the_next_open_one(book, as_user):
    book.save("ev_audience", "Students")
    data = {"f-ev_purpose": "Move.", "was-ev_purpose": "", "v-ev_purpose": "0", "go": "ev_purpose"}
    answer = as_user(book.by).post(url(book, "save-row", "wb01", "form"), data)
    assert answer.status_code == 303
    assert answer["Location"].endswith("#c-form-ev_impact")


def test_only_open_questions_are_shown_when_asked_for(book, as_user):
    book.save("ev_purpose", "Move.")
    page = as_user(book.by).get(url(book, "section", "wb01") + "?show=open").content.decode()
    assert 'id="c-form-ev_impact"' in page
    assert 'id="c-form-ev_purpose"' not in page
    assert "1 of" in page


def test_a_conflict_of_long_texts_shows_both_by_sentences_and_offers_to_keep_both(book, as_user, tam):
    book.save("ev_purpose", "We move. At night.")
    book.save("ev_purpose", "We run. At night.", base=1, by=tam)
    data = {"row": "form", "field": "ev_purpose", "value": "We fly. At night.", "base_version": 1}
    answer = as_user(book.by).post(url(book, "save-cell", "wb01"), data)
    words = answer.json()
    assert (answer.status_code, words["is_own"]) == (409, False)
    assert words["edit"]["both"] == "We run. At night. We fly. "
    assert "We fly. </ins>" in words["html"]
    assert 'data-choose="both"' in words["html"]


def test_the_list_of_sections_loads_its_states(book, as_user):
    page = as_user(book.by).get(url(book, "nav") + "?section=wb01").content.decode()
    assert 'id="wb-part-state" hx-swap-oob="true"' in page
    assert page.count("<li>") == page.count('class="nm"') > 3


def test_a_conflict_is_ones_own_only_when_nobody_else_wrote_since(book, as_user, tam):
    row = book.add("quotas").pk
    book.save("q_need", "10", row=row, by=tam)
    book.save("q_need", "20", row=row, base=1)
    client = as_user(book.by)
    assert post(client, book, row, "q_need", "30", base=0).json()["is_own"] is False
    assert post(client, book, row, "q_need", "30", base=1).json()["is_own"] is True


def test_a_row_is_not_changed_under_the_name_of_whoever_signed_in_since(book, as_user):
    row = book.add("quotas").pk
    place = url(book, "change-row", "wb08", row, "delete")
    answer = as_user(book.by).post(place, headers={"X-Reader": "999", "Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (401, {"outcome": "signed-out"})
    assert Row.objects.get(pk=row).deleted_at is None
