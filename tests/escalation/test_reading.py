"""What pages and the report read: clocks folded, paths measured, the number of queries fixed."""

from datetime import timedelta

import pytest

from engagements import timeline
from engagements.models import TimelineEntry
from escalation import actions, engine, reading
from escalation.figures import Escalations
from iem_portal.registry import phrases
from tests.escalation.bulk import make_running

MIN = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("after_min", "look"), [(0, "ok"), (11.9, "ok"), (12, "watch"), (14.9, "watch"), (15, "bad"), (99, "bad")]
)
def test_a_running_clock_looks_as_late_as_it_is(running, now, after_min, look):
    face = reading.one(running, now + after_min * MIN).clock
    assert (face.look, face.is_running) == (look, True)


def test_a_clock_answered_in_time_is_done(running, people, now):
    actions.answered(escalation=running, how="call", by=people["tam"], now=now + 9 * MIN)
    story = reading.one(running, now + 60 * MIN)
    assert (story.clock.look, story.clock.verdict, story.clock.used) == ("done", "met", 9 * MIN)
    assert (story.to_declare_min, story.to_case_min, story.to_answer_min) == (2, 1, 9)


def test_a_corrected_case_says_so(running, people, now):
    actions.case_opened(
        escalation=running, case_id="1", at=now - MIN, reason="misread", by=people["tam"], now=now + MIN
    )
    parts = {part["part"]: part for part in reading.one(running, now).clock.parts}
    assert (parts["start"]["at"], parts["corrected"]["from"]) == (now - MIN, now)


def test_the_path_measures_each_level(running, people, now):
    actions.hand_over(escalation=running, level=2, owner_name="Priya", by=people["tam"], now=now + 10 * MIN)
    path = reading.one(running, now + 15 * MIN).path
    assert [(stay.hop.level, stay.spent) for stay in path] == [(0, MIN), (1, 10 * MIN), (2, 5 * MIN)]


def test_an_escalation_without_a_case_has_no_clock(escalation, now):
    assert reading.one(escalation, now).clock is None


def test_the_next_deadline_comes_first(running, open_it, people, now):
    open_it(title="No case yet")
    urgent = open_it(severity="critical", title="Older case")
    actions.case_opened(escalation=urgent, case_id="2", at=now - 3 * MIN, by=people["tam"], now=now)
    stories = reading.open_of_engagement(running.engagement_id, now)
    assert [story.escalation.title for story in stories] == [
        "Older case",
        "Replication stalled",
        "No case yet",
    ]


def test_reading_takes_four_queries_however_many(engagement, now, django_assert_num_queries):
    make_running(engagement, 30, due_at=now)
    with django_assert_num_queries(4):
        assert len(reading.of_engagement(engagement, now)) == 30


def test_the_figures_count_open_and_late_ones(running, engagement, open_it, now, django_assert_num_queries):
    open_it()
    with django_assert_num_queries(2):
        assert Escalations().for_engagements([engagement.pk, 0], now) == {
            engagement.pk: {"open": 2, "breached": 0, "next_due_at": now + 15 * MIN}
        }
    engine.run_due(now + 20 * MIN)
    figure = Escalations().for_engagements([engagement.pk], now)[engagement.pk]
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
    actions.restored(escalation=running, by=people["tam"], now=now)
    actions.restored(escalation=running, reason="x", by=people["tam"], now=now + MIN)
    actions.resolved(escalation=running, resolution="x", by=people["tam"], now=now + 99 * MIN)
    written = TimelineEntry.objects.filter(subject_type="escalation")
    for entry in written:
        sentence = timeline.sentence(entry, now.tzinfo)
        assert sentence.startswith("ESC-01") and "%(" not in sentence
    known = {phrase.key for phrase in phrases if phrase.key.startswith("escalation.")}
    assert known - set(written.values_list("phrase", flat=True)) == {"escalation.answered"}
