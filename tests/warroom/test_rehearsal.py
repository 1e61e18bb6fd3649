"""A rehearsal beside its plan and the real run: what took longer, what changed between, who may read it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from tests import factories
from warroom import runbook as verbs
from warroom.models import GameDay, Runbook, Step
from warroom.rehearsal import comparing, reading
from warroom.rehearsal.comparing import Pass, Row

T0 = datetime(2026, 11, 28, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def one_pass(code="DB-01", planned=20, took=None, start=0, status=None, t0=T0, **words) -> Pass:
    """A step that was planned for `planned` minutes and took `took`, or has not begun."""
    times = {} if took is None else {"start_at": t0 + start * MINUTE, "end_at": t0 + (start + took) * MINUTE}
    standard = {"title": {"en": code}, "stream": "db", "is_gate": False, "planned_start_at": t0, "t0": t0}
    status = status or ("planned" if took is None else "done")
    return Pass(code=code, planned_min=planned, status=status, **standard | times | words)


class TestRows:
    def test_a_plan_of_less_time_than_was_rehearsed_is_to_be_mended(self):
        row = Row(one_pass(took=34), one_pass())
        assert (row.is_tight, row.over_plan_min, row.slower_min) == (True, 14, None)

    def test_a_minute_more_is_no_reason_to_change_a_plan_nor_is_a_tenth(self):
        assert not Row(one_pass(took=21), one_pass()).is_tight
        assert not Row(one_pass(planned=60, took=65), one_pass(planned=60)).is_tight
        assert Row(one_pass(planned=60, took=66), one_pass(planned=60)).is_tight

    def test_what_has_begun_or_was_replanned_is_not_to_be_mended(self):
        assert not Row(one_pass(took=34), one_pass(status="running", start_at=T0)).is_tight
        replanned = Row(one_pass(took=34), one_pass(planned=35))
        assert (replanned.is_tight, replanned.replanned_from) == (False, 20)

    def test_runs_of_different_days_are_compared_by_their_length(self):
        row = Row(one_pass(took=20, t0=T0 - timedelta(days=4)), one_pass(took=33))
        assert row.slower_min == 13

    def test_a_step_left_out_has_no_length(self):
        skipped = one_pass(took=3, status="skipped")
        assert skipped.length_min is None and Row(skipped, one_pass(took=9)).slower_min is None

    def test_the_largest_difference_comes_first(self):
        rows = [
            Row(one_pass(code, took=10), one_pass(code, took=took))
            for code, took in (("A", 12), ("B", 30), ("C", 9))
        ]
        assert [row.shown.code for row in comparing.slowest(rows)] == ["B", "A"]

    def test_a_step_is_found_again_under_its_new_code(self):
        renamed = comparing.renames([("DB-01", "DB-09"), ("X", "Y"), ("DB-09", "DB-10")])
        assert renamed == {"DB-01": "DB-10", "X": "Y"}
        rows = comparing.rows([one_pass("DB-01", took=5)], [one_pass("DB-10"), one_pass("DB-01")], renamed)
        assert [(row.shown.code, row.place) for row in rows] == [("DB-10", "both"), ("DB-01", "real")]

    @given(st.sets(st.sampled_from("ABCDEFGH")), st.sets(st.sampled_from("ABCDEFGH")))
    def test_every_step_stands_in_one_row(self, rehearsed, real):
        rows = comparing.rows(map(one_pass, sorted(rehearsed)), map(one_pass, sorted(real)))
        assert sorted(row.shown.code for row in rows) == sorted(rehearsed | real)
        assert all((row.place == "both") == (row.shown.code in rehearsed & real) for row in rows)


@pytest.fixture
def plan(engagement, runbook, tam, customer_lead):
    """The approved cutover, commanded by the TAM."""
    Runbook.objects.filter(pk=runbook.pk).update(commander=tam)
    return verbs.runbook_of(engagement, runbook.number)


def play(runbook, by, minutes: dict[str, tuple[int, int]], **words) -> None:
    """Start and finish steps at minutes from the T0 of the run, whatever they wait for."""
    for code, (start, end) in minutes.items():
        Step.objects.filter(runbook=runbook, code=code).update(
            predecessors=[], is_four_eyes=False, is_evidence_required=False
        )
        step = verbs.find(runbook.engagement, code, runbook.number)
        begun = verbs.start_step(
            step=step, version=step.version, by=by, now=runbook.t0 + start * MINUTE, is_for_owner=True
        )
        verbs.finish_step(
            step=begun, version=begun.version, by=by, now=runbook.t0 + end * MINUTE, is_criterion_met=True,
            is_for_owner=True, **words,
        )  # fmt: skip


@pytest.fixture
def rehearsed(plan, tam, now):
    """A rehearsal four days before: DB-01 took 19 min instead of 5, APP-03 was quick."""
    at = now - timedelta(days=4)
    copy = verbs.rehearse(runbook=plan, version=plan.version, by=tam, now=at, t0_at=at)
    play(copy, tam, {"APP-03": (5, 11), "DB-01": (15, 34)}, deviation="Set by hand")
    ended = at + timedelta(hours=2)
    Runbook.objects.filter(pk=copy.pk).update(status="completed", ended_at=ended)
    Runbook.objects.filter(pk=plan.pk).update(status="approved")
    return verbs.runbook_of(plan.engagement, copy.number)


def compared(plan, now, **words) -> reading.Comparison:
    return reading.compared(plan.engagement, plan.number, now, **words)


def row(found, code) -> Row:
    return next(one for one in found.rows if one.shown.code == code)


pytest_db = pytest.mark.django_db


@pytest_db
class TestReading:
    def test_before_the_real_run_the_plan_is_warned_of(self, plan, rehearsed, now):
        found = compared(plan, now)
        assert [(one.shown.code, one.over_plan_min) for one in found.tight] == [("DB-01", 14)]
        assert not found.real.is_begun and not found.slowest
        assert found.rehearsed.deviated == 2

    def test_after_it_each_step_has_both(self, plan, rehearsed, tam, now):
        real = verbs.runbook_of(plan.engagement, plan.number)
        play(real, tam, {"APP-03": (5, 25), "DB-01": (26, 40)})
        found = compared(plan, now)
        assert [(one.shown.code, one.slower_min) for one in found.slowest] == [("APP-03", 14)]
        assert row(found, "DB-01").slower_min == -5 and not row(found, "DB-01").is_tight
        assert row(found, "DB-01").real.who == (tam.name,)

    def test_a_plan_that_changed_in_between_is_matched_step_by_step(self, plan, rehearsed, tam, now):
        opened = verbs.runbook_of(plan.engagement, plan.number)
        opened = verbs.open_version(
            runbook=opened, version=opened.version, by=tam, now=now, reason="Rehearsal"
        )
        step = verbs.find(plan.engagement, "DB-01", plan.number)
        verbs.set_cell(step=step, version=step.version, by=tam, now=now, field="code", text="DB-20")
        added = verbs.add_step(runbook=opened, by=tam, now=now)
        gone = verbs.find(plan.engagement, "APP-06", plan.number)
        verbs.delete_step(step=gone, version=gone.version, by=tam, now=now)
        found = compared(plan, now)
        assert row(found, "DB-20").rehearsed.code == "DB-01" and row(found, "DB-20").is_tight
        assert {(one.shown.code, one.place) for one in found.only} == {
            (added.code, "real"),
            ("APP-06", "rehearsal"),
        }

    def test_a_gate_lasts_from_being_asked_to_being_decided(self, plan, rehearsed, tam, now):
        Step.objects.filter(runbook=plan, code="G1").update(predecessors=[])
        step = verbs.find(plan.engagement, "G1", plan.number)
        verbs.ask_gate(step=step, by=tam, now=now)
        verbs.vote(step=step, by=tam, now=now, role="tam", answer="no", comment="Lag")
        step = verbs.find(plan.engagement, "G1", plan.number)
        verbs.decide_gate(step=step, version=step.version, decision="go", by=tam, now=now + 7 * MINUTE)
        gate = row(compared(plan, now), "G1").real
        assert (gate.length_min, gate.rounds, gate.noes, gate.outcome) == (7, 1, 1, "go")

    def test_what_was_escalated_counts_for_the_run_it_fell_into(self, plan, rehearsed, tam, now, escalated):
        play(verbs.runbook_of(plan.engagement, plan.number), tam, {"DB-01": (0, 5)})
        escalated("While rehearsing", rehearsed.started_at + 5 * MINUTE)
        escalated("On the night", now)
        found = compared(plan, now)
        assert [one.title for one in found.rehearsed.escalations] == ["While rehearsing"]
        assert [one.title for one in found.real.escalations] == ["On the night"]

    def test_the_game_days_of_a_rehearsal_stand_beside_it(self, plan, rehearsed, now):
        words = {
            "engagement": plan.engagement,
            "title": {"en": "Lag"},
            "story": {},
            "moments": [],
            "minutes": 5,
        }
        for key, at in (("meant", rehearsed.started_at), ("later", now)):
            GameDay.objects.create(
                key=key, account_id="1" * 12, began_at=at, ended_at=at + MINUTE, began_by_name="x", **words
            )
        assert [day.key for day in compared(plan, now).gamedays] == ["meant"]

    def test_the_rehearsal_asked_for_is_compared_else_the_last(self, plan, rehearsed, tam, now):
        again = verbs.runbook_of(plan.engagement, plan.number)
        second = verbs.rehearse(runbook=again, version=again.version, by=tam, now=now - timedelta(days=1))
        assert compared(plan, now).rehearsed.runbook == second
        assert compared(plan, now, chosen=rehearsed.number).rehearsed.runbook == rehearsed
        assert reading.compared(plan.engagement, rehearsed.number, now).rehearsed.runbook == rehearsed

    def test_without_a_rehearsal_there_is_nothing_to_compare(self, plan, now):
        assert compared(plan, now) is None


@pytest.fixture
def escalated(engagement):
    """`escalated("Title", at)`: a problem declared at that instant."""

    def make(title, at):
        from_ = {
            "severity": "high",
            "lane": "technical",
            "detected_at": at,
            "declared_at": at,
            "plan": "enterprise",
        }
        number = engagement.escalations.count() + 1
        return engagement.escalations.create(number=number, title=title, opened_by_name="x", **from_)

    return make


@pytest_db
@pytest.mark.once
class TestPages:
    def page(self, client, plan, name="rehearsal", query=""):
        return client.get(reverse(f"warroom:{name}", args=[plan.engagement.reference, plan.number]) + query)

    def test_the_page_warns_and_compares_in_few_queries(
        self, plan, rehearsed, customer_lead, as_user, django_assert_max_num_queries
    ):
        client = as_user(customer_lead)
        with django_assert_max_num_queries(12):
            text = self.page(client, plan).content.decode()
        assert "rehearsed 19 min, planned 5 min" in text and "Mend the plan" in text and "Set by hand" in text

    def test_a_runbook_nobody_rehearsed_says_so(self, plan, tam, as_user):
        client = as_user(tam)
        assert "Nothing was rehearsed yet" in self.page(client, plan).content.decode()
        assert len(self.page(client, plan, "rehearsal-csv").content.decode().splitlines()) == 1

    @pytest.mark.parametrize("query", ["?with=1e400", "?with=99999999999999999999", "?with=-1"])
    def test_a_rehearsal_that_is_none_shows_the_last(self, plan, rehearsed, tam, as_user, query):
        assert "rehearsed 19 min" in self.page(as_user(tam), plan, query=query).content.decode()

    def test_the_file_has_a_row_for_each_step_and_no_formula(self, plan, rehearsed, tam, as_user):
        Step.objects.filter(runbook=rehearsed, code="DB-01").update(deviation="=1+1")
        answer = self.page(as_user(tam), plan, "rehearsal-csv")
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        found = next(one for one in rows if one["code"] == "DB-01")
        assert len(rows) == 30 and (found["rehearsed_length_min"], found["planned_min"]) == ("19", "5")
        assert found["rehearsed_deviation"] == "'=1+1" and found["rehearsed_start_min"] == "15"

    def test_the_report_has_a_short_section(self, plan, rehearsed, tam, customer_lead, as_user):
        play(verbs.runbook_of(plan.engagement, plan.number), tam, {"APP-03": (5, 25)})
        report = reverse("review:report", args=[plan.engagement.reference])
        text = " ".join(as_user(customer_lead).get(report).content.decode().split())
        assert "Compared with the rehearsal" in text and "14 min longer" in text

    def test_another_customers_runbook_is_not_found(self, plan, rehearsed, as_user):
        stranger = factories.member(factories.engagement(), "customer_lead")
        assert self.page(as_user(stranger), plan).status_code == 404
