"""Pages of support cases: the draft, what AWS says of it, following one, and the talk."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from engagements.duty import Duty, role_names
from escalation import actions
from escalation.cases import draft, following, panel, telling
from escalation.models import CaseFile, CaseMessage, CaseWrite, SupportCase
from iem_portal.aws import support
from iem_portal.aws.targets import Target
from iem_portal.notifications.compose import compose
from iem_portal.notifications.models import Notification
from tests import factories
from workbook.prefill import consent

pytestmark = pytest.mark.once
ACCOUNT = "111122223333"
MIN = timedelta(minutes=1)


@pytest.fixture
def tam(engagement, settings, simulator):
    settings.AWS_WRITES = True
    factories.aws_account(engagement, name="Production")
    person = factories.member(engagement, "tam")
    now = timezone.now()
    consent.record(engagement=engagement, is_given=True, words="", by=person, now=now)
    return person


@pytest.fixture
def problem(engagement, tam):
    now = timezone.now()
    words = {"severity": "urgent", "lane": "technical", "by": tam, "now": now - MIN}
    return actions.open_escalation(
        engagement=engagement, title="Enrolment is down", symptom="Nobody can pay", detected_at=now - 2 * MIN, **words
    )  # fmt: skip


@pytest.fixture
def at(problem):
    """`at("case-new")`: the address of a page."""

    def address(name, *more):
        return reverse(f"escalation:{name}", args=[problem.engagement.reference, problem.number, *more])

    return address


@pytest.fixture
def typed(problem):
    return {
        "base_version": problem.version,
        "account_id": ACCOUNT,
        "severity": "urgent",
        "service": "general-info",
        "category": "using-aws",
        "language": "en",
        "subject": "IEM Alert - Enrolment is down",
        "body": "Since 01:20 nobody can pay.\r\nPlease call.",
        "do": "send",
    }


@pytest.fixture
def case(problem, tam):
    now = timezone.now()
    return SupportCase.objects.create(
        escalation=problem, account_id=ACCOUNT, case_id="case-1", display_id="17700", severity="normal",
        status="resolved", created_at=now, linked_at=now, by_name="x", is_primary=True,
    )  # fmt: skip


def test_the_draft_says_everything_that_is_known(as_user, tam, at):
    page = as_user(tam).get(at("case-new")).content.decode()
    assert "IEM Alert - Enrolment is down" in page
    for words in (
        "Nobody can pay",
        "What was tried",
        "General Info and Getting Started",
        "of 8,000 characters",
    ):
        assert words in page


def test_the_draft_names_who_to_call_where_and_since_when(problem, tam):
    problem.account_id, problem.region, problem.tried = ACCOUNT, "ap-northeast-2", "Restarted the task"
    people = [
        Duty(problem.engagement_id, "Baek Jihun", "incident-commander", "customer", phone="+82 10"),
        Duty(problem.engagement_id, "Lim Sojin", "Reserve", "customer", phone="+82 11"),
    ]
    known = draft.Known("IEM", "https://bridge.example/1", people, role_names(), ["17700"])
    text = draft.body(problem, known, language="en")
    wanted = [
        ACCOUNT, "ap-northeast-2", "Restarted the task", "bridge.example", "17700", "UTC",
        "Baek Jihun, Incident commander, +82 10", "Lim Sojin, Reserve, +82 11",
    ]  # fmt: skip
    assert [one for one in wanted if one not in text] == []
    assert "Baek Jihun, 인시던트 지휘자(IC), +82 10" in draft.body(problem, known, language="ko")


def test_however_long_the_texts_are_the_draft_fits(problem):
    for name in ("symptom", "impact", "resources", "tried", "workaround", "wanted"):
        setattr(problem, name, "가" * 9000)
    assert len(draft.body(problem, draft.Known("", "", [], {}, []), language="ko")) <= 8000


def test_sending_writes_it_down_and_goes_back(as_user, tam, at, typed, simulator):
    answer = as_user(tam).post(at("case-new"), typed)
    assert (answer.status_code, answer["Location"]) == (303, f"{at('detail')}#cases")
    made = CaseWrite.objects.get()
    assert made.body == "Since 01:20 nobody can pay.\nPlease call."
    assert [one["operation"] for one in simulator.calls(operation="CreateCase")] == [
        "CreateCase"
    ]  # the dry run
    assert support.read_cases(Target(ACCOUNT, "us-east-1"), since=made.recorded_at) == []


def test_checking_opens_nothing_and_says_in_which_language_aws_answers(as_user, tam, at, typed):
    page = as_user(tam).post(at("case-new"), typed | {"do": "check", "language": "ko"})
    assert page.status_code == 200 and "AWS would take this case" in page.content.decode()
    assert not CaseWrite.objects.exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [("SubscriptionRequiredException", "support plan"), ("AccessDeniedException", "support:CreateCase")],
)
def test_what_aws_would_refuse_is_said_before_and_nothing_lost(
    as_user, tam, at, typed, simulator, code, said
):
    simulator.fault({"error": code}, operation="CreateCase")
    page = as_user(tam).post(at("case-new"), typed)
    assert page.status_code == 422
    assert said in page.content.decode() and "Please call." in page.content.decode()
    assert not CaseWrite.objects.exists()


def test_an_aws_that_does_not_answer_holds_nobody_up(as_user, tam, at, typed, simulator):
    simulator.fault({"error": "ThrottlingException"}, service="support")
    page = as_user(tam).post(at("case-new"), typed)
    assert page.status_code == 303 and CaseWrite.objects.count() == 1


def test_without_an_eligible_plan_the_page_says_it_works_by_hand(as_user, tam, at, engagement):
    engagement.aws_accounts.update(account_id="555566667777")
    page = as_user(tam).get(at("case-new")).content.decode()
    assert "The support plan of this account does not include the Support API." in page
    assert "by hand" in page


@pytest.mark.parametrize(
    "bad",
    [
        {"body": "x" * 8001},
        {"body": " "},
        {"subject": ""},
        {"account_id": "999900001111"},
        {"base_version": "x"},
    ],
)
def test_bad_input_is_refused_beside_its_field(as_user, tam, at, typed, bad):
    page = as_user(tam).post(at("case-new"), typed | bad)
    assert page.status_code == 422
    assert not CaseWrite.objects.exists()


def test_a_case_is_followed_by_its_number(as_user, tam, at, problem, simulator):
    found = support.read_cases(Target(ACCOUNT, "us-east-1"))[-1]
    client = as_user(tam)
    words = {"base_version": problem.version, "account_id": ACCOUNT}
    assert client.post(at("case-link"), words | {"display_id": "1"}).status_code == 422
    number = f"{found.display_id[:4]} {found.display_id[4:]}"
    assert client.post(at("case-link"), words | {"display_id": number}).status_code == 303
    assert SupportCase.objects.get().created_at == min(found.created_at, SupportCase.objects.get().linked_at)


def test_the_talk_shows_both_sides_and_takes_an_answer(as_user, tam, at, case, problem):
    now = timezone.now()
    for is_from_aws, text in ((False, "It is down"), (True, "We <look> at it")):
        case.messages.create(at=now, by="x", text=text, is_from_aws=is_from_aws, digest=text[:5], seen_at=now)
    client = as_user(tam)
    page = client.get(at("case-talk", case.pk)).content.decode()
    assert "It is down" in page and "We &lt;look&gt; at it" in page
    assert client.post(at("case-reply", case.pk), {"reply-text": "Thanks"}).status_code == 303
    assert client.post(at("case-reply", case.pk), {"reply-text": "More"}).status_code == 422
    assert client.post(at("case-close", case.pk)).status_code == 422  # it is closed already
    assert client.post(at("case-lead", case.pk), {"lead-reason": "x"}).status_code == 422


def test_a_case_of_another_escalation_is_not_there(as_user, tam, problem, case):
    address = reverse(
        "escalation:case-talk", args=[problem.engagement.reference, problem.number + 1, case.pk]
    )
    assert as_user(tam).get(address).status_code == 404


def test_the_panel_offers_what_comes_next_in_two_queries(problem, case, rf, django_assert_num_queries):
    with django_assert_num_queries(2):
        found = panel.context(problem, rf.get("/"), timezone.now())
    assert (found["is_case_closed"], found["is_case_milder"]) == (True, True)


def test_one_turn_without_work_asks_aws_nothing(db, simulator):
    assert following.follow(timezone.now()) == 0
    assert simulator.calls() == []


@pytest.mark.parametrize("name", ["said", "closed", "failed"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_mails_about_cases_name_the_case_and_what_to_do(problem, case, name, language):
    params = telling._params(problem, "17700") | {
        "text": "We <look>",
        "said_at": {"at": "2026-11-28T16:15:00+00:00"},
        "is_waiting": True,
        "kind": "open",
        "error_message": "denied",
        "subject": "Down",
    }
    row = Notification(
        template=f"escalation/cases/mail/{name}", params=params, language=language, time_zone="UTC"
    )
    subject, body = compose(row)
    assert problem.reference in subject and "17700" in subject + body
    assert ("We <look>" in body) == (name == "said")


def log(name="trace.log", data=b"line 1\n"):
    return SimpleUploadedFile(name, data)


def test_a_file_from_the_device_goes_to_aws_with_the_case_and_can_be_fetched_again(as_user, tam, at, typed):
    assert as_user(tam).post(at("case-new"), typed | {"upload": log()}).status_code == 303
    assert CaseWrite.objects.get().file_names == ["trace.log"]
    now = timezone.now()
    for later in range(2):
        following.follow(now + later * MIN, threads=1)
    said = CaseMessage.objects.get(is_from_aws=False)
    assert [one["name"] for one in said.files] == ["trace.log"]
    address = at("case-file", said.case_id, said.pk, 1)
    assert address in as_user(tam).get(at("case-talk", said.case_id)).content.decode()
    answer = as_user(tam).get(address)
    assert b"".join(answer.streaming_content) == b"line 1\n"
    assert answer["Content-Disposition"] == 'attachment; filename="trace.log"'
    assert as_user(tam).get(at("case-file", said.case_id, said.pk, 2)).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [log("huge.log", b"x" * 5_000_001), log("run.exe"), log("empty.txt", b""), log("not.png", b"text")],
)
def test_a_file_that_aws_would_not_take_is_refused_and_nothing_that_was_typed_is_lost(
    as_user, tam, at, case, wrong
):
    wrong.seek(0)
    typed = {"reply-text": "Here is the log", "reply-upload": [log(), wrong]}
    answer = as_user(tam).post(at("case-reply", case.pk), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not CaseWrite.objects.exists()
    assert "Here is the log" in page and f"{wrong.name}: " in page
    kept = CaseFile.objects.get()
    assert f'value="{kept.key}"' in page
    assert answer.context["forms"]["reply"]["files"].value() == [kept.key]


def test_the_draft_keeps_the_files_that_came_with_it(as_user, tam, at, typed):
    answer = as_user(tam).post(at("case-new"), typed | {"do": "draft", "upload": log()})
    assert answer.context["form"]["files"].value() == [CaseFile.objects.get().key]


def test_a_file_that_aws_does_not_give_is_said_in_words_on_the_page_of_the_case(as_user, tam, at, case):
    now = timezone.now()
    words = {"at": now, "text": "See", "is_from_aws": True, "digest": "1", "seen_at": now}
    said = case.messages.create(files=[{"id": "attachment-gone", "name": "gone.txt"}], **words)
    answer = as_user(tam).get(at("case-file", case.pk, said.pk, 1))
    assert answer.status_code == 502
    assert 'role="alert"' in answer.content.decode()
