"""Support cases through the API: drafted, checked, opened, answered and closed by the verbs of the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from escalation import actions
from escalation.cases import following
from escalation.models import CaseFile, CaseWrite, SupportCase
from tests import factories
from workbook.prefill import consent

pytestmark = pytest.mark.once
ACCOUNT = "111122223333"


@pytest.fixture
def tam(engagement, settings, simulator):
    settings.AWS_WRITES = True
    factories.aws_account(engagement)
    person = factories.member(engagement, "tam")
    consent.record(engagement=engagement, is_given=True, words="", by=person, now=timezone.now())
    return person


@pytest.fixture
def problem(engagement, tam):
    now = timezone.now()
    words = {"severity": "urgent", "lane": "technical", "by": tam, "now": now, "detected_at": now}
    return actions.open_escalation(
        engagement=engagement, title="Enrolment is down", symptom="No pay", **words
    )


@pytest.fixture
def call(as_user, tam, problem):
    """`call("reply", case, text="…")` posts; without words it gets."""

    def run(name="", case=None, *, by=tam, **words):
        parts = [str(case.pk)] if case else []
        base = f"/api/v1/engagements/{problem.engagement.reference}/escalations/{problem.number}/cases/"
        address = base + "".join(f"{part}/" for part in [*parts, *([name] if name else [])])
        client = as_user(by)
        return client.post(address, words, content_type="application/json") if words else client.get(address)

    return run


def case_of(call):
    drafted = call("draft").json()
    words = {key: drafted[key] for key in ("subject", "body", "severity", "language")}
    return words | {"account_id": ACCOUNT, "service": "general-info", "category": "using-aws"}


def test_a_case_is_drafted_checked_opened_answered_and_closed(call, problem, simulator):
    words = case_of(call)
    assert "Enrolment is down" in words["subject"] and call("draft").json()["hindrance"] == ""
    assert call("check", **words).json()["would_take"] is True
    assert not CaseWrite.objects.exists()
    made = call(**words, base_version=problem.version)
    assert (made.status_code, made.json()["state"], made.json()["kind"]) == (202, "recorded", "open")
    following.follow(timezone.now(), threads=1)
    case = SupportCase.objects.get()
    listed = call().json()
    assert [one["case_id"] for one in listed["cases"]] == [case.case_id]
    assert listed["writes"][0]["state"] == "done"
    assert call("reply", case, text="Here is the id").status_code == 202
    following.follow(timezone.now(), threads=1)
    assert call("resolve", case, x=1).status_code == 202
    following.follow(timezone.now(), threads=1)
    assert CaseWrite.objects.filter(state="done").count() == 3
    assert call("", case).json()["display_id"] == case.display_id
    assert isinstance(call("talk", case).json(), list)


def test_what_is_wrong_is_a_problem_by_field(call, problem):
    words = case_of(call)
    for wrong, field in (
        ({"account_id": "999999999999"}, "account_id"),
        ({"body": "x" * 8001}, "body"),
        ({"subject": "\ud800"}, "subject"),
        ({"files": ["@1", "@2", "@3", "@4"]}, "files"),
        ({"files": ["@1"]}, "files"),
        ({"language": "xx"}, "language"),
    ):
        answer = call(**words | wrong, base_version=problem.version)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [field]), wrong
    assert call("check", **words | {"category": "nosuch"}).json()["would_take"] is False
    assert call("check", **words | {"account_id": "999999999999"}).status_code == 422
    assert not CaseWrite.objects.exists()


def test_an_old_version_is_a_conflict_and_a_second_opening_is_refused(call, problem):
    words = case_of(call)
    assert call(**words, base_version=problem.version + 9).status_code == 409
    assert call(**words, base_version=problem.version).status_code == 202
    assert call(**words, base_version=problem.version).status_code == 422


def test_without_consent_nothing_is_written_down(call, engagement, problem, tam):
    words = case_of(call)
    consent.record(engagement=engagement, is_given=False, words="", by=tam, now=timezone.now())
    assert "agreed" in call("draft").json()["hindrance"]
    assert call(**words, base_version=problem.version).status_code == 422
    assert not CaseWrite.objects.exists()


def trace(name="trace.log", data=b"line 1\n"):
    return SimpleUploadedFile(name, data)


@pytest.fixture
def put(as_user, tam, problem):
    """`put(file, …)` posts files as a form does; without one, a form without a file."""

    def run(*found, by=tam):
        base = f"/api/v1/engagements/{problem.engagement.reference}/escalations/{problem.number}/cases/files/"
        return as_user(by).post(base, {"file": list(found)} if found else {"words": "x"})

    return run


def test_a_file_is_taken_up_sent_with_a_case_and_fetched_again(call, put, problem):
    taken = put(trace())
    assert (taken.status_code, taken.json()["name"], taken.json()["size"]) == (201, "trace.log", 7)
    assert [one["key"] for one in call("files").json()] == [taken.json()["key"]]
    words = case_of(call) | {"files": [taken.json()["key"]]}
    assert call(**words, base_version=problem.version).json()["files"] == ["trace.log"]
    for _turn in range(2):
        following.follow(timezone.now(), threads=1)
        SupportCase.objects.update(next_at=timezone.now())
    [sent] = call().json()["cases"][0]["files"]
    case = SupportCase.objects.get()
    assert (sent["name"], sent["is_from_aws"]) == ("trace.log", False)
    assert call("talk", case).json()[-1]["files"] == [sent]
    where = f"messages/{sent['message']}/files"
    answer = call(f"{where}/{sent['nth']}", case)
    assert b"".join(answer.streaming_content) == b"line 1\n"
    assert answer["Content-Disposition"] == 'attachment; filename="trace.log"'
    assert [call(f"{where}/{nth}", case).status_code for nth in (0, 2, 999999999)] == [404] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        [trace(data=b"x" * 5_000_001)],
        [trace("run.exe")],
        [trace(data=b"")],
        [trace("not.png", b"text")],
        [trace(), trace()],
        [],
    ],
)
def test_a_file_that_the_page_refuses_is_a_problem_of_the_field(put, wrong):
    for one in wrong:
        one.seek(0)
    answer = put(*wrong)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["file"])
    assert not CaseFile.objects.exists()


def test_who_may_not_escalate_puts_no_file_to_a_case(put, engagement):
    assert put(trace(), by=factories.member(engagement, "viewer")).status_code == 403
    assert not CaseFile.objects.exists()


def test_a_file_that_aws_does_not_give_is_said_in_words(call, problem):
    now = timezone.now()
    words = {"created_at": now, "linked_at": now, "by_name": "x", "account_id": ACCOUNT}
    case = SupportCase.objects.create(escalation=problem, case_id="case-1", **words)
    said = {"at": now, "text": "See", "is_from_aws": True, "digest": "1", "seen_at": now}
    message = case.messages.create(files=[{"id": "attachment-gone", "name": "gone.txt"}], **said)
    answer = call(f"messages/{message.pk}/files/1", case)
    assert answer.status_code == 502 and answer.json()["detail"]
