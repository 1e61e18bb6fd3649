"""What is left to read afterwards: faces of clocks, figures, and the sentences of the timeline."""

from datetime import timedelta

from engagements import timeline
from engagements.models import TimelineEntry
from escalation import actions, engine, faces
from escalation.figures import Escalations
from escalation.models import Escalation
from iem_portal.registry import phrases
from tests.escalation.bulk import make_running

MIN = timedelta(minutes=1)


def face(escalation, now):
    return faces.face(faces.with_clocks(Escalation.objects.filter(pk=escalation.pk)).get(), now)


def test_a_clock_answered_in_time_says_how_long_it_took(running, people, now):
    actions.answered(escalation=running, how="call", by=people["tam"], now=now + 9 * MIN)
    shown = face(running, now + 60 * MIN)
    assert (shown.state, shown.taken_s, shown.due_at) == ("met", 540, now + 15 * MIN)


def test_a_corrected_case_moves_the_start(running, people, now):
    actions.case_opened(
        escalation=running, case_id="1", at=now - MIN, reason="misread", by=people["tam"], now=now + MIN
    )
    assert face(running, now).started_at == now - MIN


def test_reading_takes_three_queries_however_many(engagement, now, django_assert_num_queries):
    make_running(engagement, 30, due_at=now)
    with django_assert_num_queries(3):
        found = faces.with_clocks(Escalation.objects.filter(engagement=engagement))
        assert {faces.face(one, now).state for one in found} == {"running"}


def test_the_figures_count_open_and_late_ones(
    running, engagement, open_it, now, django_assert_max_num_queries
):
    open_it()
    with django_assert_max_num_queries(2):
        assert Escalations().for_engagements([engagement], now) == {
            engagement.pk: {"open": 2, "breached": 0, "next_due_at": now + 15 * MIN}
        }
    engine.run_due(now + 20 * MIN)
    figure = Escalations().for_engagements([engagement], now)[engagement.pk]
    assert (figure["breached"], figure["next_due_at"]) == (1, None)


def test_every_line_that_escalations_write_is_a_sentence(running, people, now, django_user_model):
    actions.change_severity(escalation=running, severity="urgent", reason="less", by=people["tam"], now=now)
    actions.case_opened(escalation=running, case_id="2", reason="typo", by=people["tam"], now=now)
    engine.run_due(now + 90 * MIN)
    actions.answered(escalation=running, how="call", by=people["tam"], now=now + 91 * MIN)
    actions.answered(
        escalation=running, how="call", at=now + 50 * MIN, reason="x", by=people["tam"], now=now + 92 * MIN
    )
    actions.hand_over(escalation=running, level=2, owner_name="New", by=people["tam"], now=now)
    actions.change_lane(escalation=running, lane="customer-service", reason="x", by=people["tam"], now=now)
    actions.add_communication(escalation=running, text="x", audience="all", by=people["tam"], now=now)
    actions.waiting(escalation=running, code="test", reason="x", by=people["tam"], now=now)
    actions.waiting(escalation=running, code="other", reason="x", until=now + MIN, by=people["tam"], now=now)
    engine.run_due(now + 2 * MIN)
    actions.waiting(
        escalation=running, code="test", reason="x", until=now + 5 * MIN, by=people["tam"], now=now + 3 * MIN
    )
    actions.waiting_over(escalation=running, by=people["tam"], now=now + 4 * MIN)
    actions.restored(escalation=running, by=people["tam"], now=now)
    actions.restored(escalation=running, reason="x", by=people["tam"], now=now + MIN)
    actions.resolved(escalation=running, resolution="x", by=people["tam"], now=now + 99 * MIN)
    written = TimelineEntry.objects.filter(subject_type="escalation")
    for entry in written:
        sentence = timeline.sentence(entry, now.tzinfo)
        assert sentence.startswith("ESC-01") and "%(" not in sentence
    known = {phrase.key for phrase in phrases if phrase.key.startswith("escalation.")}
    assert known >= set(written.values_list("phrase", flat=True))
    assert len(set(written.values_list("phrase", flat=True))) >= 18
