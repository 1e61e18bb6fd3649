"""Freezes, overrides, signatures, exemptions and readings, with the database."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from engagements import phases
from engagements.errors import Conflict, InvalidValue
from engagements.models import Engagement, Milestone, Phase, TimelineEntry
from engagements.timeline import sentence
from iem_portal.registry import gates
from tests import factories
from workbook import editions, rows
from workbook.models import Freeze, NotApplicable, Override, Reading, Signature
from workbook.readiness import outline, progress
from workbook.rows import RowMissing
from workbook.scorecard import board, comparing, exempting, freezing, missing, overriding, signing
from workbook.scorecard.signing import ChangedSince

pytestmark = pytest.mark.django_db
REASON = "Confirmed with the service team"
QUOTA = {"q_name": "Instances", "q_applied": "10", "q_need": "20", "q_status": "PENDING"}


def lines(book, now=None):
    now = now or book.now
    return {line.key: line for line in board.lines(book.engagement, outline(book.engagement), now)}


def freeze(book, **words):
    return freezing.freeze(engagement=book.engagement, by=book.by, now=book.now, kind="hand", **words)


def test_the_scorecard_reads_the_answers_and_names_their_cells(book):
    row = book.add("quotas", **QUOTA)
    line = lines(book)["capacity"]
    assert (line.colour, line.said[0].places) == ("RED", [["wb08", str(row.pk), "q_gap", "Instances"]])
    assert lines(book, book.engagement.starts_at - timedelta(days=20))["capacity"].colour == "YELLOW"
    assert lines(book)["data"].colour == "GREY"


def test_a_load_test_is_compared_with_the_forecast_it_names(book):
    book.add("traffic", tf_event_peak="900")
    low = book.add("traffic", tf_event_peak="100").pk
    book.add("tests", ts_kind="load", ts_result="pass", ts_peak="100", ts_when="2026-11-20 10:00")
    assert lines(book)["load_test"].colour == "RED"
    test = book.add("tests", ts_kind="load", ts_result="pass", ts_peak="100", ts_when="2026-11-21 10:00").pk
    book.save("ts_traffic", f"#{low}", row=test)
    assert lines(book)["load_test"].colour == "GREEN"


def test_the_scorecard_takes_few_queries_however_many_rows(book, django_assert_max_num_queries):
    for number in range(30):
        book.add("quotas", **QUOTA | {"q_name": f"Quota {number}"})
    made_of = outline(book.engagement)
    with django_assert_max_num_queries(4):
        board.lines(book.engagement, made_of, book.now)


def override(book, **words):
    return overriding.override(
        **{"engagement": book.engagement, "line": "capacity", "colour": "GREEN", "reason": REASON, "by": book.by,
           "now": book.now} | words
    )  # fmt: skip


def test_an_override_counts_and_both_colours_are_kept(book):
    book.add("quotas", **QUOTA)
    override(book)
    line = lines(book)["capacity"]
    assert (line.colour, line.worked_out, line.override.worked_out) == ("GREEN", "RED", "RED")
    override(book, colour="YELLOW")
    assert Override.objects.filter(withdrawn_at=None).count() == 1
    overriding.withdraw(engagement=book.engagement, line="capacity", by=book.by, now=book.now)
    assert lines(book)["capacity"].colour == "RED"
    assert Override.objects.count() == 2
    assert [sentence(entry, "en") for entry in TimelineEntry.objects.filter(phrase="workbook.overridden")]


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ({"reason": "why"}, "reason"),
        ({"reason": "a\x00" * 20}, "reason"),
        ({"colour": "GREY"}, "colour"),
        ({"colour": "x"}, "colour"),
    ],
)
def test_an_override_wants_a_colour_and_a_reason(book, words, at):
    with pytest.raises(InvalidValue) as invalid:
        override(book, **words)
    assert set(invalid.value.errors) == {at}


def test_a_freeze_keeps_everything_and_the_difference_reads(book):
    row = book.add("quotas", **QUOTA).pk
    gone = book.add("quotas", q_name="Load balancers").pk
    first = freeze(book, name="Before the weekend")
    book.save("q_need", "30", row=row, base=1)
    book.save("ev_purpose", "Move.")
    rows.delete(engagement=book.engagement, row=gone, by=book.by, now=book.now)
    book.add("quotas", q_name="Addresses")
    second = freeze(book, name="After it")
    found = comparing.compare(book.engagement, first.number, second.number)
    said = {(line.kind, line.row, line.field, line.before, line.after) for line in found.lines}
    assert ("cell", "Instances", "Needed at event peak", "20", "30") in said
    assert ("row_deleted", "Load balancers", "Row deleted", "", "") in said
    assert ("row_added", "Addresses", "Row added", "", "") in said
    assert {line.by for line in found.lines if line.field == "Needed at event peak"} == {"Lim Sojin"}
    assert comparing.compare(book.engagement, second.number, "now").lines == []
    assert (first.number, second.number) == (1, 2)


def test_a_secret_is_in_no_freeze(book):
    book.save("wr_bridge_pin", "774411")
    first = freeze(book, name="One")
    book.save("wr_bridge_pin", "998822", base=1)
    second = freeze(book, name="Two")
    assert "774411" not in str(first.content) and "998822" not in str(second.content)
    [line] = comparing.compare(book.engagement, 1, 2).lines
    assert (line.before, line.after) == ("••••••", "••••••")


def test_a_freeze_by_hand_wants_a_name(book):
    with pytest.raises(InvalidValue):
        freeze(book, name="  ")


def test_leaving_a_phase_freezes_the_workbook_in_the_same_transaction(book, now):
    manager = factories.member(book.engagement, "manager")
    Engagement.objects.filter(pk=book.engagement.pk).update(phase=Phase.PLAN)
    phases.move_phase(engagement=book.engagement, by=manager, now=now, base_version=1, reason="We must go on")
    made = Freeze.objects.get(engagement=book.engagement)
    assert (made.kind, made.from_phase, made.made_by_name) == ("gate", "plan", manager.name)
    assert made.reading.percent == made.progress["percent"]


def sign(book, person, **words):
    return signing.sign(
        **{"engagement": book.engagement, "result": "go", "words": "", "by": person, "now": book.now} | words
    )


def condition(book):
    return gates.get("workbook.signed").conditions(book.engagement, book.now)[0]


def test_both_sides_sign_on_the_freeze_of_the_first(book, tam, customer_lead):
    Milestone.objects.create(
        engagement=book.engagement, code="M20", position=1, group="late", owner_role="tam"
    )
    sign(book, tam)
    assert not condition(book).is_met
    sign(book, customer_lead, result="conditions", words="If the load test is repeated")
    assert condition(book).is_met
    assert {one.freeze.kind for one in Signature.objects.all()} == {"signing"}
    assert Freeze.objects.count() == 1
    assert Milestone.objects.get(code="M20").done_at == book.now
    with pytest.raises(Conflict):
        sign(book, tam)


def test_a_no_go_of_one_side_keeps_the_gate_closed(book, tam, customer_lead):
    sign(book, tam)
    sign(book, customer_lead, result="no_go", words="The payment provider has not answered")
    assert not condition(book).is_met
    assert signing.standing(book.engagement).result == "no_go"


def test_answers_changed_after_the_first_signature_must_be_seen(book, tam, customer_lead):
    sign(book, tam)
    book.save("ev_purpose", "Move.")
    with pytest.raises(ChangedSince) as changed:
        sign(book, customer_lead)
    assert changed.value.count == 1
    assert sign(book, customer_lead, seen=1).changes_seen == 1


def test_a_signature_is_taken_back_with_a_reason(book, tam):
    sign(book, tam)
    with pytest.raises(InvalidValue):
        signing.withdraw(engagement=book.engagement, reason=" ", by=tam, now=book.now)
    signing.withdraw(engagement=book.engagement, reason="A quota was refused", by=tam, now=book.now)
    assert signing.standing(book.engagement).freeze is None
    sign(book, tam)
    assert Signature.objects.count() == 2


def test_only_the_tam_and_the_customers_lead_sign(book):
    with pytest.raises(PermissionDenied):
        sign(book, book.by)
    with pytest.raises(InvalidValue):
        sign(book, factories.member(book.engagement, "tam"), result="conditions")


def test_what_does_not_apply_counts_once_aws_has_accepted(book, tam):
    row = book.add("quotas", **QUOTA)
    section = editions.section(book.engagement, "wb08")

    def ask(field="q_usage"):
        return exempting.ask(
            engagement=book.engagement, section=section, row=str(row.pk), field=field,
            reason="There is no usage metric for it", by=book.by, now=book.now,
        )  # fmt: skip

    before = progress(book.engagement, book.now).missing
    mark = ask()
    assert progress(book.engagement, book.now).missing == before
    exempting.accept(mark=mark, by=tam, now=book.now)
    assert progress(book.engagement, book.now).missing == before - 1
    mark.refresh_from_db()
    with pytest.raises(Conflict):
        ask()
    with pytest.raises(InvalidValue):
        ask("q_need")
    with pytest.raises(RowMissing):
        ask("q_gap")
    book.save("q_usage", "3", row=row.pk)
    assert progress(book.engagement, book.now).missing == before - 1
    exempting.end(mark=mark, by=book.by, now=book.now)
    assert NotApplicable.objects.get().ended_by_name == book.by.name


def test_the_list_of_missing_answers_agrees_with_the_count(book, tam):
    book.add("quotas", **QUOTA)
    book.add("windows", win_kind="cutover", win_title="Cutover", win_start="2026-11-29 00:00")
    mark = exempting.ask(
        engagement=book.engagement, section=editions.section(book.engagement, "wb01"), row="form",
        field="ev_audience", reason="An internal event only", by=book.by, now=book.now,
    )  # fmt: skip
    exempting.accept(mark=mark, by=tam, now=book.now)
    whole = progress(book.engagement, book.now)
    found = missing.cells(book.engagement, whole.outline, book.now)
    counted = {part.section.key: (part.missing, part.late) for part in whole.sections}
    listed = {
        key: (
            sum(cell.section.key == key for cell in found),
            sum(cell.section.key == key and cell.is_late for cell in found),
        )
        for key in counted
    }
    # Criteria and signatures are missing at their own home.
    elsewhere = {key: counted.pop(key)[0] - listed.pop(key)[0] for key in ("wb01", "wb21")}
    assert listed == counted
    assert elsewhere == {"wb01": 9, "wb21": 2}
    assert sum(len(group.cells) for group in missing.groups(found)) == len(found)


def test_a_day_is_read_once_and_the_trend_has_steps(book):
    assert freezing.take_readings(book.now - timedelta(days=2)) == 1
    book.add("quotas", **QUOTA)
    assert freezing.take_readings(book.now) == 1
    assert freezing.take_readings(book.now + timedelta(minutes=5)) == 0
    assert Reading.objects.count() == 2
    trend = board.trends(book.engagement, {"capacity": "GREEN"}, freezing.day_of(book.engagement, book.now))
    assert [step.colour for step in trend["capacity"].steps] == ["GREY", "GREEN"]


def test_the_overview_counts_red_and_yellow_lines(book, as_user):
    client = as_user(book.by)
    address = f"/e/{book.engagement.reference}/workbook/readiness/colours/"
    book.add("quotas", **QUOTA)
    assert client.get(address).context["counts"] | {"GREY": 0} == {
        "GREEN": 0,
        "YELLOW": 0,
        "RED": 1,
        "GREY": 0,
    }
    override(book, colour="YELLOW")
    assert client.get(address).context["counts"]["YELLOW"] == 1
