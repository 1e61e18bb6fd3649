"""Paging: each page once, dated at its deadline, to whoever is there now; quiet that drops nothing; drills."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from engagements.duty import Duty
from escalation import acts, engine
from escalation.actions import acknowledge, answered, case_opened, merge, resolved, snooze
from escalation.ladder import drill, editing, holdback, policies
from escalation.models import Acknowledgement, DrillPage, LadderPolicy, Objective, Page
from iem_portal.notifications import destinations, hooks
from iem_portal.notifications.channels import events
from iem_portal.notifications.compose import dress
from iem_portal.notifications.errors import ActRefused
from iem_portal.notifications.models import Notification
from iem_portal.registry import rosters
from tests import factories

MIN = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def only_the_first_answer(request, db):
    if "with_levels" not in request.fixturenames:
        Objective.objects.all().delete()


@pytest.fixture
def with_levels():
    """Keep the objectives of the team: update and level clocks run too."""


@pytest.fixture
def on_shift(engagement):
    """Put people on duty: ``with on_shift(person, deputy=other)``."""

    def roster(*people, deputy=None):
        class Shifts:
            key = "test"

            def shifts(self, engagements):
                second = deputy and Duty(engagement.pk, deputy.name, "x", "y", deputy.email)
                return [
                    Duty(engagement.pk, one.name, "x", "y", one.email.upper(), deputy=second)
                    for one in people
                ]

        return rosters.temporarily(Shifts())

    return roster


def keys(stage):
    return set(Notification.objects.filter(key__contains=f":{stage}:user").values_list("user_id", flat=True))


def test_wish_25_after_an_outage_of_hours_every_page_is_there_once_and_dated_at_its_deadline(running, now):
    engine.run_due(now + 600 * MIN)
    engine.run_due(now + 600 * MIN)
    dated = Page.objects.filter(user_id__isnull=False).exclude(stage="opened").order_by("paged_at")
    stages = dict(dated.values_list("stage", "paged_at"))
    assert {stage: at - now for stage, at in stages.items()} == {
        "warn50": 7.5 * MIN, "warn80": 12 * MIN, "breach": 15 * MIN,
        "again1": 30 * MIN, "again2": 45 * MIN, "again3": 60 * MIN, "again4": 75 * MIN,
    }  # fmt: skip
    assert dated.count() == Notification.objects.filter(key__startswith="clock:").count()


def test_whoever_is_on_duty_now_is_told_and_their_deputy_hears_when_the_channel_is_dead(
    running, engagement, on_shift, now
):
    night = factories.member(engagement, "customer_contributor")
    deputy = factories.member(engagement, "customer_contributor")
    with on_shift(night, deputy=deputy):
        engine.run_due(now + 15 * MIN)
        engine.run_due(now + 30 * MIN)
    breach = Notification.objects.get(key__contains=f":breach:user:{night.pk}:")
    assert [one["address"] for one in breach.fallbacks] == [deputy.email]
    assert deputy.pk not in keys("breach")
    assert {night.pk, deputy.pk} <= keys("again1")


def test_a_name_on_the_roster_opens_nothing(running, engagement, on_shift, rival, now):
    with on_shift(rival, deputy=rival):
        engine.run_due(now + 600 * MIN)
        drill.start(engagement=engagement, by=factories.member(engagement, "tam"), now=now)
    assert not Notification.objects.filter(address__iexact=rival.email).exists()
    assert not Notification.objects.filter(fallbacks__icontains=rival.email).exists()


def test_time_inside_aws_is_told_to_aws_alone_and_shown_to_aws_alone(
    with_levels, running, people, on_shift, as_user, now
):
    running.level, running.owner_name = 3, people["customer_lead"].name
    running.save(update_fields=["level", "owner_name"])
    with on_shift(people["customer_lead"]):
        engine.run_due(now + 120 * MIN)
    told = Page.objects.filter(kind="level", user_id__isnull=False)
    assert told.filter(user_id=people["tam"].pk).exists()
    assert not told.filter(user_id=people["customer_lead"].pk).exists()


def test_wish_31_everybody_who_was_told_hears_that_it_is_over_and_nobody_else(running, people, now):
    engine.run_due(now + 7.5 * MIN)
    answered(escalation=running, how="case", by=people["tam"], now=now + 8 * MIN)
    resolved(escalation=running, resolution="Restarted", by=people["tam"], now=now + 9 * MIN)
    clear = Notification.objects.filter(template="escalation/mail/all_clear")
    told = set(Page.objects.exclude(stage="over").values_list("user_id", flat=True))
    assert set(clear.values_list("user_id", flat=True)) == told
    assert people["account_manager"].pk not in told


@pytest.fixture
def high(open_it, people, now):
    """One of four hours, so outside the 15-minute class."""
    found = open_it(severity="high")
    return case_opened(escalation=found, case_id="7741", by=people["tam"], now=now)


def test_wish_37_a_mute_holds_from_now_on_for_clocks_that_run_and_wish_30_one_message_tells_it_after(
    high, engagement, people, now
):
    words = {"engagement": engagement, "by": people["tam"], "reason": "Planned switch-over"}
    editing.mute(starts_at=now, ends_at=now + 250 * MIN, now=now + MIN, **words)
    engine.run_due(now + 240 * MIN)
    assert keys("warn50") == keys("breach") == set()
    assert holdback.send_due(now + 249 * MIN) == 0
    assert holdback.send_due(now + 250 * MIN) == 4
    assert holdback.send_due(now + 251 * MIN) == 0
    bundle = Notification.objects.get(key__startswith="bundle:", user_id=people["tam"].pk)
    assert [line["at"]["at"] for line in bundle.params["lines"]] == [
        (now + minutes * MIN).isoformat() for minutes in (120, 192, 240)
    ]


def test_wish_36_a_mute_never_silences_the_15_minute_class(running, engagement, people, now):
    words = {"engagement": engagement, "by": people["tam"], "reason": "Planned switch-over"}
    editing.mute(starts_at=now, ends_at=now + 250 * MIN, now=now, **words)
    engine.run_due(now + 15 * MIN)
    assert people["tam"].pk in keys("breach")


def test_a_mute_that_ends_early_lets_out_what_it_held(high, engagement, people, now):
    words = {"engagement": engagement, "by": people["tam"]}
    agreed = editing.mute(starts_at=now, ends_at=now + 900 * MIN, now=now, reason="Rehearsal", **words)
    engine.run_due(now + 120 * MIN)
    editing.end_mute(mute=agreed, by=people["tam"], now=now + 121 * MIN)
    assert holdback.send_due(now + 121 * MIN) == 3
    engine.run_due(now + 192 * MIN)
    assert people["tam"].pk in keys("warn80")


def test_wish_35_a_message_acknowledges_takes_over_and_opens(running, people, rival, now):
    about = f"escalation:{running.pk}"
    for act in (acts.Acknowledge(), acts.Take(), acts.Open()):
        assert act.describe(about, people["tam"])["title"] == "ESC-01 Replication stalled"
        assert act.describe(about, rival) is None
    acts.Acknowledge().do(about, people["tam"], now=now)
    acts.Take().do(about, people["support_engineer"], now=now + MIN)
    running.refresh_from_db()
    assert running.owner_name == people["support_engineer"].name
    assert Acknowledgement.objects.filter(ended_at=None).count() == 2
    with pytest.raises(ActRefused):
        acts.Take().do(about, rival, now=now + MIN)


def test_an_edit_of_the_rules_changes_what_opens_from_then_on_and_the_old_version_stays(
    running, engagement, people, open_it, now
):
    base = policies.in_force(engagement)
    body = {"rules": [{"stage": "opened", "who": ["role:viewer"]}], "terms": []}
    words = {"engagement": engagement, "body": body, "now": now}
    with pytest.raises(PermissionDenied):
        editing.save(by=people["support_engineer"], base=base.pk, **words)
    editing.save(by=people["tam"], base=base.pk, **words)
    with pytest.raises(editing.StalePolicy):
        editing.save(by=people["tam"], base=base.pk, **words)
    engine.run_due(now + 7.5 * MIN)
    assert people["tam"].pk in keys("warn50")
    second = open_it(title="Second")
    assert set(second.pages.values_list("name", flat=True)) == {people["viewer"].name}
    editing.withdraw(engagement=engagement, by=people["tam"], now=now)
    assert policies.in_force(engagement) == base
    assert LadderPolicy.objects.count() == 3


def test_a_drill_pages_everybody_on_the_path_as_a_test_and_notes_who_answered(
    engagement, people, on_shift, as_user, now
):
    guest = factories.user(customer=engagement.customer, name="Not a member")
    with on_shift(people["customer_lead"], guest):
        found = drill.start(engagement=engagement, by=people["tam"], now=now, note="Rehearsal")
        page = as_user(people["customer_lead"]).get(reverse("escalation:drills", args=[engagement.reference]))
    assert "Not a member" in page.content.decode()
    assert people["viewer"].pk not in set(found.pages.values_list("user_id", flat=True))
    assert set(Notification.objects.values_list("template", flat=True)) == {"escalation/mail/drill"}
    with pytest.raises(ValidationError):
        drill.start(engagement=engagement, by=people["tam"], now=now + timedelta(seconds=59))
    about = f"drill:{found.pk}"
    assert acts.Acknowledge().describe(about, people["viewer"]) is None
    acts.Acknowledge().do(about, people["tam"], now=now + MIN)
    acts.Acknowledge().do(about, people["tam"], now=now + 2 * MIN)
    assert DrillPage.objects.get(user_id=people["tam"].pk).answered_at == now + MIN
    assert drill.latest(engagement)[1:] == (1, found.pages.count())
    assert drill.answers(found)[-1].state == "answered"


def test_the_rules_page_speaks_in_sentences_and_its_forms_keep_what_was_typed(
    engagement, people, as_user, django_assert_max_num_queries
):
    client = as_user(people["tam"])
    with django_assert_max_num_queries(12):
        page = client.get(reverse("escalation:ladder", args=[engagement.reference])).content.decode()
    assert "Technical account manager, Support engineer, Customer lead · by e-mail" in page
    address = reverse("escalation:ladder-edit", args=[engagement.reference])
    form = client.get(address).context
    data = {"base": form["base"]}
    for formset in (form["lines"], form["terms"]):
        data |= {f"{formset.prefix}-TOTAL_FORMS": formset.total_form_count()}
        data |= {f"{formset.prefix}-INITIAL_FORMS": formset.initial_form_count()}
        for line in formset.forms:
            values = {name: line.get_initial_for_field(field, name) for name, field in line.fields.items()}
            data |= {line.add_prefix(name): value for name, value in values.items() if value}
    data |= {f"terms-{number}-again_min": "0" for number in (4,)} | {"terms-4-again_times": "0"}
    wrong = client.post(address, data | {"terms-0-quiet": "22:00-07:00"})
    assert wrong.status_code == 422
    assert "never quiet" in wrong.content.decode()
    assert client.post(address, data | {"drill_days": "0"}).status_code == 422
    assert client.post(address, data | {"terms-0-ack_min": "20", "drill_days": "7"}).status_code == 302
    saved = policies.in_force(engagement)
    assert (saved.version, saved.body["terms"][0]["ack_min"], saved.body["drill_days"]) == (1, 20, 7)
    assert saved.body["rules"][0]["who"] == policies.shipped()["rules"][0]["who"]
    assert client.post(address, data).status_code == 409


def test_quiet_hours_of_a_rule_hold_for_who_sleeps_and_not_for_who_works(open_it, engagement, now):
    body = {
        "rules": [{"stage": "opened", "who": ["role:tam", "role:sa"]}],
        "terms": [{"again_min": 0, "again_times": 0, "ack_min": 5, "needs": "any", "quiet": "22:00-07:00",
                   "severities": ["high"]}],
    }  # fmt: skip
    LadderPolicy.objects.create(version=2, body=body, saved_at=now, by_name="Test")
    factories.member(engagement, "sa", time_zone="America/New_York")
    open_it(severity="high")
    held = dict(Page.objects.values_list("role", "held_until"))
    assert held == {"tam": now.replace(hour=22, minute=0), "sa": None}


def test_a_snoozed_one_is_told_again_at_the_chosen_time(high, people, now):
    engine.run_due(now + 240 * MIN)
    said = snooze(
        escalation=high, reason="Call at six", until=now + 260 * MIN, by=people["tam"], now=now + 241 * MIN
    )
    assert said.holds_until == engine.next_due_at() == now + 260 * MIN


def test_a_pager_keeps_one_alert_and_closes_it_at_the_end_or_when_it_was_a_duplicate(
    running, open_it, people, now
):
    where = {
        "kind": "events",
        "audience": "aws",
        "name": "Pager",
        "url": "https://pager.example/",
        "secret": "key",
    }
    pager = hooks.add(
        engagement_id=running.engagement_id,
        fields={**where, "what": ["escalation"]},
        by=people["tam"],
        now=now,
    )
    double = open_it(title="The same again", now=now)
    engine.run_due(now + 15 * MIN)
    acknowledge(escalation=running, by=people["tam"], now=now + 16 * MIN)
    merge(escalation=double, into=running.number, reason="One database", by=people["tam"], now=now + 17 * MIN)
    resolved(escalation=running, resolution="Restarted", by=people["tam"], now=now + 20 * MIN)
    said: dict[str, list] = {}
    rows = list(Notification.objects.filter(address=hooks.address(pager)).order_by("pk"))
    destinations.resolve(rows)
    for row in rows:
        dress(row)
        subject, body = row.words.subject, row.words.body
        assert running.title in subject or double.title in subject
        _url, data, _headers = events.pagerduty(row, subject, body)
        said.setdefault(data["dedup_key"].rsplit(":", 1)[1], []).append(data["event_action"])
    assert said[str(double.pk)] == ["trigger", "resolve"]
    assert set(said[str(running.pk)][:-2]) == {"trigger"} and said[str(running.pk)][-2:] == [
        "acknowledge",
        "resolve",
    ]
