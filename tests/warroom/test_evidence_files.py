"""Files that prove a step: taken, named in the log, handed out as a download, and refused when they are hostile."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engagements.models import TimelineEntry
from warroom import runbook as verbs
from warroom.models import RunbookEntry, Step
from workbook.attachments import files

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


@pytest.fixture
def draft(engagement, tam, now):
    """A cutover whose first step wants evidence."""
    made = verbs.create_runbook(engagement=engagement, by=tam, now=now)
    Step.objects.filter(runbook=made, code="PRE-01").update(is_evidence_required=True, criterion={})
    return made


def address(runbook, action="evidence", code="PRE-01"):
    return reverse("warroom:step", args=[runbook.engagement.reference, runbook.number, code, action])


def of(runbook) -> Step:
    return Step.objects.get(runbook=runbook, code="PRE-01")


def download(runbook, nth=1):
    return reverse(
        "warroom:evidence-file", args=[runbook.engagement.reference, runbook.number, "PRE-01", nth]
    )


def stored(runbook) -> list[str]:
    """The names of the files that lie in the store for steps of this engagement."""
    try:
        return files.store().listdir(f"{runbook.engagement.reference}/steps")[1]
    except FileNotFoundError:
        return []


def test_a_file_proves_a_step_and_is_named_in_log_and_timeline(draft, tam, customer_lead, as_user):
    upload = SimpleUploadedFile("../../ttl\x1b.png", PNG)
    assert as_user(tam).post(address(draft), {"version": "1", "file": upload}).status_code == 303
    kept = of(draft).evidence_files[0]
    assert (kept["name"], kept["size"], kept["kind"], kept["by"]) == ("ttl.png", 28, "image/png", tam.name)
    assert RunbookEntry.objects.get(act="step.evidence").params["evidence"] == "ttl.png"
    assert TimelineEntry.objects.get(phrase="step.evidence").params["evidence"] == "ttl.png"
    got = as_user(customer_lead).get(download(draft))
    assert (got.content, got["Content-Type"]) == (PNG, "image/png")
    assert got["Content-Disposition"].startswith("attachment") and "sandbox" in got["Content-Security-Policy"]
    assert as_user(tam).get(download(draft, 2)).status_code == 404


def test_a_step_that_wants_evidence_is_done_with_a_file(draft, tam, now, as_user):
    words = {"status": "running", "actual_start_at": now - timedelta(days=99), "is_four_eyes": False}
    Step.objects.filter(runbook=draft, code="PRE-01").update(version=2, **words)
    client = as_user(tam)
    assert client.post(address(draft, "finish"), {"version": "2"}).status_code == 422
    words = {"version": "2", "file": SimpleUploadedFile("ttl.txt", b"60"), "evidence": "All records"}
    assert client.post(address(draft, "finish"), words).status_code == 303
    assert (of(draft).status, of(draft).evidence, len(of(draft).evidence_files)) == ("done", "All records", 1)
    page = client.get(reverse("warroom:runbook", args=[draft.engagement.reference]))
    assert download(draft) in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.exe", b"MZ"), ("a.png", b"<script>"), ("a.txt", b"a\x00b"), ("a.pdf", b""), ("noending", b"x")],
)
def test_a_hostile_file_is_refused_beside_the_field_and_the_words_stay(draft, tam, as_user, name, content):
    words = {"version": "1", "evidence": "Seen by two", "file": SimpleUploadedFile(name, content)}
    answer = as_user(tam).post(address(draft), words)
    form = answer.context["form"]
    assert (answer.status_code, form["evidence"].value()) == (422, "Seen by two")
    assert form.errors["file"] and b'enctype="multipart/form-data"' in answer.content
    assert of(draft).evidence_files == []


def test_nothing_is_no_evidence(draft, tam, as_user):
    answer = as_user(tam).post(address(draft), {"version": "1"})
    assert (answer.status_code, "evidence" in answer.context["form"].errors) == (422, True)


def test_a_slower_upload_leaves_no_file_behind(draft, tam, now, as_user):
    verbs.note_step(step=of(draft), version=1, by=tam, now=now, note="Seen")
    upload = SimpleUploadedFile("late.txt", b"late")
    answer = as_user(tam).post(address(draft), {"version": "1", "evidence": "Late words", "file": upload})
    assert answer.status_code == 409 and b"Late words" in answer.content
    assert answer.context["form"].errors["file"] == ["Choose the file again."]
    assert of(draft).evidence_files == []
    assert stored(draft) == []


def test_the_api_names_the_files_and_not_where_they_lie(draft, tam, now, as_user):
    upload = SimpleUploadedFile("ttl.png", PNG)
    verbs.add_evidence(step=of(draft), version=1, by=tam, now=now, file=upload)
    steps = as_user(tam).get(f"/api/v1/engagements/{draft.engagement.reference}/steps/").json()
    found = next(one for one in steps if one["code"] == "PRE-01")["evidence_files"]
    assert [(one["nth"], one["name"], one["size"], one["by"]) for one in found] == [
        (1, "ttl.png", len(PNG), tam.name)
    ]
    assert "stored_as" not in found[0]
