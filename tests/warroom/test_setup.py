"""Getting an account ready: External ID, role, policies, probes permission by permission, budget and ledger."""

import json
from decimal import Decimal

import pytest
from django.urls import reverse

from engagements.models import AwsAccount, TimelineEntry
from iem_portal.aws import probing
from iem_portal.aws.models import AwsCall
from tests import factories
from warroom import scope
from warroom.models import AccountProbe, AccountSetup, IssuedExternalId, PollBudget, PollTarget
from warroom.setup import accounts, budget, panel, policy, running, tiers
from warroom.setup.accounts import Wanted

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROLE = "arn:aws:iam::111122223333:role/IemPortal"


def url(name, engagement, *args):
    return reverse(f"aws:{name}", args=[engagement.reference, *args])


@pytest.fixture
def account(engagement) -> AwsAccount:
    return factories.aws_account(engagement)


@pytest.fixture
def probed(simulator, tam):
    """`probed(account)`: what the newest run of its probes found, by action."""
    simulator.warm()  # each probe has eight seconds, and a busy machine may need them to import what answers STS

    def run(account) -> dict:
        running.ask(account=account, by=tam, now=simulator.now())
        running.run_due(simulator.now)
        row = AccountProbe.objects.filter(account_id=account.account_id).first()
        assert row.status == "done" and row.finished_at
        return {"run": row} | {one["action"]: one for one in row.findings}

    return run


# --- role and External ID ------------------------------------------------------------------------------------------


def test_an_external_id_is_issued_once_and_to_one_customer_alone(account, tam, now):
    first = accounts.issue(account=account, by=tam, now=now)
    again = factories.aws_account(factories.engagement(now=now), account.account_id)
    again.engagement.customer = account.engagement.customer
    again.engagement.save()
    stranger = factories.aws_account(
        factories.engagement(now=now, customer=factories.customer("Rival")), account.account_id
    )
    assert accounts.issue(account=account, by=tam, now=now).value == first.value
    assert accounts.issue(account=again, by=tam, now=now).value == first.value
    assert accounts.issue(account=stranger, by=tam, now=now).value != first.value
    assert IssuedExternalId.objects.count() == 2 and len(first.value) == 36


def test_a_role_is_kept_with_an_external_id_of_the_portal(account, tam, now):
    accounts.save(account=account, wanted=Wanted(ROLE), version=0, by=tam, now=now)
    account.refresh_from_db()
    assert account.role_arn == ROLE and account.external_id == accounts.issued(account).value
    assert TimelineEntry.objects.filter(phrase="account.role").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("role_arn", "arn:aws:iam::999988887777:role/Other"),
        ("role_arn", "nonsense"),
        ("monitored_by", "123456789012"),
        ("health_view", "everything"),
        ("version", "1e400"),
    ],
)
def test_what_cannot_be_kept_comes_back_with_a_reason(account, tam, as_user, field, value):
    words = {"role_arn": ROLE, "monitored_by": "", "health_view": "account", "version": "0", field: value}
    answer = as_user(tam).post(url("account-save", account.engagement, account.account_id), words)
    html = answer.content.decode()
    assert answer.status_code == 422
    if field != "version":
        assert 'aria-invalid="true"' in html
    assert words["role_arn"] in html
    account.refresh_from_db()
    assert account.role_arn == ""


def test_the_slower_of_two_is_told(account, tam, as_user, now):
    accounts.save(account=account, wanted=Wanted(ROLE), version=0, by=tam, now=now)
    words = {"role_arn": "", "monitored_by": "", "health_view": "account", "version": "0"}
    answer = as_user(tam).post(url("account-save", account.engagement, account.account_id), words)
    assert answer.status_code == 409 and b'name="version" value="1"' in answer.content
    assert AccountSetup.objects.get().version == 1


def test_policies_name_what_the_portal_asks_for_and_nothing_that_writes():
    read = json.loads(policy.permissions(probing.actions(probing.READ)))
    allowed = {action for one in read["Statement"] for action in one["Action"]}
    assert {"cloudwatch:GetMetricData", "health:DescribeEvents", "support:DescribeCases"} <= allowed
    assert all(action.partition(":")[2].startswith(("Get", "List", "Describe")) for action in allowed)
    assert "health:DescribeEventsForOrganization" not in allowed
    trust = json.loads(policy.trust("arn:aws:iam::000000000000:role/x", "iem-1"))
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"sts:ExternalId": "iem-1"}}


def test_the_board_needs_no_permission_that_the_policy_lacks(night, poll, watch, simulator):
    poll()
    names = {
        "cloudwatch": "cloudwatch",
        "health": "health",
        "support": "support",
        "service-quotas": "servicequotas",
    }
    asked = {(call["service"], call["operation"]) for call in simulator.calls()}
    needed = {f"{names[service]}:{operation}" for service, operation in asked if service in names}
    assert needed <= set(probing.actions(probing.READ))


# --- probes --------------------------------------------------------------------------------------------------------


def test_everything_allowed_says_so(account, probed, simulator):
    found = probed(account)
    run = found.pop("run")
    assert {one["verdict"] for one in found.values()} == {"yes"}
    assert (run.plan, abs(run.skew_s) < 60) == ("enterprise", True)
    assert AwsCall.objects.filter(engagement_id=account.engagement_id).exists()
    assert not [one for one in simulator.calls(operation="CreateCase") if "error" not in one], (
        "nothing is opened"
    )


@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("DescribeAlarmHistory", "cloudwatch:DescribeAlarmHistory"),
        ("DescribeAffectedEntities", "health:DescribeAffectedEntities"),
        ("ListServiceQuotas", "servicequotas:ListServiceQuotas"),
        ("CreateCase", "support:CreateCase"),
    ],
)
def test_a_missing_permission_is_named_and_the_others_stay_known(
    account, probed, simulator, operation, action
):
    simulator.fault({"error": "AccessDeniedException", "status": 403}, operation=operation)
    found = probed(account)
    run = found.pop("run")
    assert found[action]["verdict"] == "no" and run.findings
    assert {one["verdict"] for name, one in found.items() if name != action} == {"yes"}
    shown = panel.progress(account.engagement, account.account_id, simulator.now())
    assert shown["missing"] == [action]
    assert action in next(row.why for row in shown["rows"] if row.action == action)


def test_what_aws_could_not_answer_is_unknown_not_no(account, probed, simulator):
    simulator.fault({"error": "InternalFailure", "status": 500}, operation="DescribeAlarms")
    assert probed(account)["cloudwatch:DescribeAlarms"]["verdict"] == "unknown"


def test_a_role_that_cannot_be_assumed_leaves_everything_unknown(engagement, probed, tam, now, simulator):
    account = factories.aws_account(engagement, "222233334444", role_arn="arn:aws:iam::222233334444:role/x")
    found = probed(account)
    found.pop("run")
    assert found.pop(probing.IDENTITY)["verdict"] == "no"
    assert {one["verdict"] for one in found.values()} == {"unknown"}
    words = panel.progress(engagement, account.account_id, simulator.now())["rows"][0].why
    assert "trust policy" in words


def test_an_account_without_a_plan_is_told_so(engagement, probed, simulator):
    account = factories.aws_account(engagement, "555566667777")
    found = probed(account)
    assert found["run"].plan == "basic" and found["health:DescribeEvents"]["kind"] == "plan"
    shown = panel.progress(engagement, account.account_id, simulator.now())
    assert shown["plan"]["look"] == "bad"


@pytest.mark.parametrize(
    ("date", "look"),
    [("Sun, 22 Nov 2020 10:00:00 GMT", "bad"), ("", "ok")],
)
def test_a_clock_that_is_wrong_is_seen_in_the_answer(account, probed, simulator, date, look):
    if date:
        simulator.fault({"header": {"Date": date}}, operation="GetCallerIdentity")
    probed(account)
    assert panel.progress(account.engagement, account.account_id, simulator.now())["skew"]["look"] == look


@pytest.mark.parametrize(
    ("seconds", "look"), [(59, "ok"), (60, "watch"), (-239, "watch"), (240, "bad"), (-900, "bad")]
)
def test_a_clock_is_warned_of_at_one_minute_and_red_at_four(seconds, look):
    assert panel.skew_words(AccountProbe(skew_s=seconds))["look"] == look


def test_a_run_that_a_worker_left_behind_is_run_again(account, tam, simulator):
    now = simulator.now()
    running.ask(account=account, by=tam, now=now)
    AccountProbe.objects.update(status="running", lease_until=now)
    assert running.run_due(simulator.now) == 1
    assert AccountProbe.objects.get().status == "done"


def test_one_run_at_a_time(account, tam, now):
    running.ask(account=account, by=tam, now=now)
    with pytest.raises(running.TooSoon):
        running.ask(account=account, by=tam, now=now)


def test_the_page_shows_progress_and_then_what_was_found(
    account, tam, as_user, simulator, django_assert_max_num_queries
):
    client, where = as_user(tam), url("account", account.engagement, account.account_id)
    assert b"Nobody has checked yet" in client.get(where).content
    assert client.post(url("account-probe", account.engagement, account.account_id)).status_code == 303
    assert b"0 of " in client.get(where).content
    running.run_due(simulator.now)
    with django_assert_max_num_queries(12):
        html = client.get(where).content.decode()
    assert "cloudwatch:GetMetricData" in html and "Critical cases can be opened" in html


# --- budget and ledger ---------------------------------------------------------------------------------------------


def spend(engagement, usd, now):
    AwsCall.objects.create(
        at=now,
        engagement_id=engagement.pk,
        account_id="111122223333",
        region="ap-northeast-2",
        service="cloudwatch",
        operation="GetMetricData",
        calls=1,
        attempts=1,
        usd=Decimal(usd),
    )


@pytest.mark.parametrize(
    ("spent", "level"),
    [("9.99", 0), ("10", 1), ("11", 2), ("12.5", 3), ("15", 4), ("20", 5)],
)
def test_each_level_begins_at_its_share(spent, level):
    assert tiers.level_of(Decimal(spent), Decimal(10)) == level


def test_over_budget_the_fast_tier_goes_first_and_the_alarms_last(night, poll, watch, simulator, tam):
    watch(
        "Sessions",
        namespace="Garamsoop/Portal",
        metric="ActiveSessions",
        dims=[["Service", "portal"]],
        stat="Average",
        period=10,
    )
    budget.set_budget(engagement=night, usd_per_day=Decimal(10), by=tam, now=simulator.now())
    poll()
    seen = []
    for usd in ("10", "1", "2", "2.5", "5"):
        spend(night, usd, simulator.now())
        poll(minutes=1)
        seen.append(set(PollTarget.objects.filter(is_active=True).values_list("source", flat=True)))
    assert seen[0] == {"metrics", "alarms", "health"} == seen[1]
    assert seen[2] == {"alarms", "health"} == seen[3]
    assert seen[4] == {"health"}
    asked = len(simulator.calls(service="cloudwatch"))
    poll(minutes=5)
    assert len(simulator.calls(service="cloudwatch")) == asked, "nothing that costs is asked any more"
    told = TimelineEntry.objects.filter(phrase__startswith="budget.level").order_by("pk")
    assert [one.phrase[-1] for one in told] == ["1", "2", "3", "4", "5"]


def test_what_is_shown_as_spent_is_what_was_asked_on_the_wire(night, poll, watch, simulator):
    watch("Another", metric="CDCLatencySource")
    for _ in range(4):
        poll(minutes=1)
    poll(seconds=58)  # the budget is looked at each minute, before anything is read
    found = PollBudget.objects.get()
    since, until = budget.day_of(found.checked_at).timestamp(), found.checked_at.timestamp()
    calls = simulator.calls(service="cloudwatch")
    usd = sum(call.get("metrics", 1) for call in calls if since <= call["at"] < until) * 0.00001
    assert len(calls) >= 8 and float(found.spent_usd) == pytest.approx(usd, rel=0.01)


def test_a_new_day_reads_everything_again(night, poll, simulator, tam):
    budget.set_budget(engagement=night, usd_per_day=Decimal(1), by=tam, now=simulator.now())
    spend(night, "2", simulator.now())
    poll()
    assert not PollTarget.objects.filter(is_active=True, source="metrics").exists()
    poll(minutes=24 * 60)
    assert PollTarget.objects.filter(is_active=True, source="metrics").exists()
    assert PollBudget.objects.get().level == 0


def test_a_higher_budget_counts_at_once(night, poll, simulator, tam):
    spend(night, "30", simulator.now())
    poll()
    assert scope.scope_of(type(night).objects.select_related("poll_budget").get(pk=night.pk)).level == 2
    assert (
        budget.set_budget(engagement=night, usd_per_day=Decimal(50), by=tam, now=simulator.now()).level == 0
    )


@pytest.mark.parametrize("usd", ["0", "-1", "1e400", "nan", "x", "123456789", ""])
def test_an_absurd_budget_is_refused_beside_its_field(engagement, tam, as_user, usd):
    answer = as_user(tam).post(url("budget", engagement), {"usd_per_day": usd})
    assert answer.status_code == 422 and b'aria-invalid="true"' in answer.content


def test_the_ledger_shows_what_was_asked_by_day(night, poll, tam, as_user, django_assert_max_num_queries):
    poll()
    spend(factories.engagement(), "7", night.starts_at)
    client = as_user(tam)
    with django_assert_max_num_queries(12):
        html = client.get(url("ledger", night)).content.decode()
    assert "cloudwatch GetMetricData" in html and "health DescribeEvents" in html
    assert "Set the budget" in html
