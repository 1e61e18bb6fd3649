"""The sheet: cells, rows, and files that go out and come back as a reviewed difference."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import factories
from warroom import runbook as verbs
from warroom.models import Runbook, Step
from warroom.runbook import StepError, exchange

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def draft(engagement, tam, now):
    """A cutover that may be changed."""
    return verbs.create_runbook(engagement=engagement, by=tam, now=now)


def page(runbook, name, *args):
    return reverse(f"warroom:{name}", args=[runbook.engagement.reference, runbook.number, *args])


def step(runbook, code) -> Step:
    return Step.objects.select_related("runbook__engagement").get(runbook=runbook, code=code)


def put(runbook, code, field, text, by, now):
    one = step(runbook, code)
    return verbs.set_cell(step=one, version=one.version, by=by, now=now, field=field, text=text)


@pytest.mark.parametrize(
    ("field", "text", "kept"),
    [
        ("planned_min", "25", 25),
        ("offset_min", "−90", -90),
        ("predecessors", "app-03 SS+5; DB-02", ["APP-03 SS+5", "DB-02"]),
        ("is_four_eyes", "no", False),
        ("risk", "High", "high"),
        ("notify_end", "Users, business", ["users", "business"]),
        ("title", "서비스 중지", {"en": "서비스 중지", "ko": "서비스 중지"}),
        ("criterion", "", {}),
    ],
)
def test_a_cell_keeps_what_was_meant(draft, tam, now, field, text, kept):
    assert getattr(put(draft, "DB-03", field, text, tam, now), field) == kept


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("planned_min", "1e400"), ("planned_min", "-5"), ("offset_min", "9" * 400), ("predecessors", "a b"),
        ("stream", "nowhere"), ("title", " "), ("code", "A B"), ("fixed_start_at", "soon"),
        ("fixed_start_at", "9999-12-31T23:59"), ("undo", "x" * 301), ("nothing", "x"), ("title", "a\x00b"),
        ("is_four_eyes", "perhaps"), ("notify_start", "everybody"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_refused_at_its_cell(draft, tam, now, field, text):
    with pytest.raises(StepError) as error:
        put(draft, "DB-03", field, text, tam, now)
    assert error.value.field == field


def test_an_instant_is_typed_in_the_zone_of_the_event_and_an_owner_found_in_the_team(draft, tam, now):
    kept = put(draft, "DB-03", "fixed_start_at", "2026-11-29T02:00", tam, now)
    assert kept.fixed_start_at.isoformat() == "2026-11-28T17:00:00+00:00"
    assert put(draft, "DB-03", "owner_name", tam.name.upper(), tam, now).owner_id == tam.pk
    assert put(draft, "DB-03", "owner_name", "Vendor on call", tam, now).owner_id is None


def test_a_new_code_is_carried_into_what_waits_for_it(draft, tam, now):
    put(draft, "G3", "code", "gate-x", tam, now)
    assert step(draft, "NET-01").predecessors == ["GATE-X"]
    assert Runbook.objects.get(pk=draft.pk).point_of_no_return == "GATE-X"
    with pytest.raises(StepError, match="used already"):
        put(draft, "GATE-X", "code", "DB-01", tam, now)


def test_rows_are_added_copied_moved_and_removed(draft, tam, now):
    made = verbs.add_step(runbook=draft, by=tam, now=now, after="DB-03")
    assert (made.code, made.predecessors, made.position) == (
        "DB-06",
        ["DB-03"],
        step(draft, "DB-03").position + 1,
    )
    copy = verbs.add_step(runbook=draft, by=tam, now=now, copy_of="DB-03")
    assert (copy.code, copy.title) == ("DB-07", step(draft, "DB-03").title)
    verbs.move_step(step=step(draft, "DB-01"), by=tam, now=now, places=-100)
    assert draft.steps.first().code == "DB-01"
    gone = step(draft, "DB-02")
    verbs.delete_step(step=gone, version=gone.version, by=tam, now=now)
    assert step(draft, "DB-03").predecessors == ["DB-01"]
    positions = list(draft.steps.values_list("position", flat=True))
    assert len(set(positions)) == len(positions) == 31


def test_a_step_that_has_begun_is_not_rewritten(draft, tam, now):
    one = step(draft, "PRE-04")
    verbs.start_step(step=one, version=one.version, by=tam, now=now)
    with pytest.raises(StepError, match="begun"):
        put(draft, "PRE-04", "planned_min", "5", tam, now)


def test_the_page_saves_a_cell_and_says_what_is_wrong_beside_it(draft, tam, as_user):
    client, url = as_user(tam), page(draft, "sheet-cell", "DB-03")
    saved = client.post(url, {"version": "1", "planned_min": "33"}, headers={"X-Sheet": "1"})
    assert saved.status_code == 200 and b'value="33"' in saved.content
    stale = client.post(url, {"version": "1", "planned_min": "44"}, headers={"X-Sheet": "1"})
    assert stale.status_code == 409 and b'value="44"' in stale.content
    wrong = client.post(url, {"version": "2", "planned_min": "x<y"}, headers={"X-Sheet": "1"})
    assert wrong.status_code == 422 and b"aria-invalid" in wrong.content and b"x&lt;y" in wrong.content
    assert client.post(url, {"version": "2", "planned_min": "44"}).status_code == 303
    assert step(draft, "DB-03").planned_min == 44


def test_without_script_every_text_that_was_not_taken_stays_where_it_was_typed(draft, tam, as_user):
    client, url = as_user(tam), page(draft, "sheet-cell", "DB-03")
    words = {"version": "1", "planned_min": "soon", "undo": "Call Kim", "risk": "huge"}
    answer = client.post(url, words)
    shown = answer.content.decode()
    assert answer.status_code == 422 and 'value="soon"' in shown and step(draft, "DB-03").undo == "Call Kim"
    stale = client.post(url, {"version": "1", "planned_min": "44", "undo": "Call Lee"}).content.decode()
    assert 'value="44"' in stale and 'value="Call Lee"' in stale and step(draft, "DB-03").undo == "Call Kim"


def test_rows_are_added_by_the_page_and_a_viewer_only_reads(draft, tam, as_user):
    assert as_user(tam).post(page(draft, "sheet-rows"), {"act": "add", "code": "DB-03"}).status_code == 303
    viewer = as_user(factories.member(draft.engagement, "viewer"))
    assert b"<input form" not in viewer.get(page(draft, "sheet")).content
    assert viewer.post(page(draft, "sheet-rows"), {"act": "add"}).status_code == 403


@pytest.mark.parametrize("write", [exchange.as_xlsx, exchange.as_csv])
def test_a_file_comes_back_as_it_went(draft, tam, now, write):
    put(draft, "DB-03", "title", "=1+1 and <b>", tam, now)
    found = exchange.compare(draft, io.BytesIO(write(draft)))
    assert found == {"changes": [], "added": [], "missing": [], "problems": []}


def test_no_cell_of_a_file_is_a_formula(draft, tam, now):
    put(draft, "DB-03", "undo", '=cmd|"/c calc"!A1', tam, now)
    assert b"'=cmd" in exchange.as_csv(draft)


def test_a_changed_file_is_reviewed_and_then_taken(draft, tam, as_user):
    lines = exchange.as_csv(draft).decode("utf-8-sig").splitlines()
    lines = [line for line in lines if not line.startswith("OPS-03")]
    lines = [line.replace("DB-01,", "DB-01,Now ", 1) if line.startswith("DB-01,") else line for line in lines]
    lines.append("NEW-01,Tell the bank")
    file = SimpleUploadedFile("run.csv", "\n".join(lines).encode())
    client, url = as_user(tam), page(draft, "run-import")
    review = client.post(url, {"file": file})
    assert review.context["cell_count"] == 1 and len(review.context["diff"]["added"]) == 1
    assert draft.steps.count() == 30
    assert client.post(url, {"wanted": review.context["wanted"] + "x"}).status_code == 422
    assert client.post(url, {"wanted": review.context["wanted"], "removes": "1"}).status_code == 303
    assert set(draft.steps.values_list("code", flat=True)) >= {"NEW-01"} and draft.steps.count() == 30


def test_a_row_changed_meanwhile_takes_nothing_of_the_file(draft, tam, now):
    lines = (
        exchange.as_csv(draft).decode("utf-8-sig").replace("Snapshot of target", "Two snapshots of target")
    )
    wanted = exchange.compare(draft, io.BytesIO(lines.encode()))
    put(draft, "DB-04", "planned_min", "11", tam, now)
    with pytest.raises(verbs.StepConflict):
        exchange.apply(runbook=draft, wanted=wanted, removes=False, by=tam, now=now)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"no,keys\n1,2\n", b"\xff\xfe\x00\x00" * 20])
def test_a_file_that_is_none_of_ours_is_refused_in_words(draft, tam, as_user, content):
    answer = as_user(tam).post(page(draft, "run-import"), {"file": SimpleUploadedFile("x.xlsx", content)})
    assert answer.status_code == 422 and b"banner-bad" in answer.content
