"""Whatever is killed and whenever: every deadline once, dated as it was due, and its messages at least once.

The short version of `script/chaos`: clocks, relays, worker, beat and people killed with -9 while deadlines pass by the
dozen; on PostgreSQL the sessions are cut and Redis is killed and flushed as well.
"""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from escalation.ladder import holding
from escalation.models import Deadline
from tests.escalation import arena

URL = os.environ.get("DATABASE_URL", "")
KILLS, ESCALATIONS = 16, 60
MIN = timedelta(minutes=1)


@pytest.fixture(scope="module")
def chaos(tmp_path_factory):
    """What one run left behind."""
    words = ("--here", "--kills", str(KILLS), "--escalations", str(ESCALATIONS))
    return arena.run("chaos", *words, data_dir=tmp_path_factory.mktemp("chaos"), url=URL, seconds=300)


@pytest.mark.slow
@pytest.mark.arena
def test_processes_killed_at_random_lose_and_double_nothing(chaos):
    assert [line for line in chaos["lines"].values() if line["lost"] or line["double"] or line["wrong"]] == []
    seen = {name: line["seen"] for name, line in chaos["lines"].items()}
    # Half of them nobody touched: three stages and two repeats each.
    assert seen["warnings"] >= ESCALATIONS and seen["breaches"] >= ESCALATIONS / 2
    assert seen["repeats"] >= ESCALATIONS and seen["pages"] >= 3 * ESCALATIONS
    assert seen["messages received over HTTP"] and seen["mails"]
    assert chaos["notes"]["kills"]["all"] == KILLS
    assert chaos["notes"]["Redis flushed"] == (1 if URL.startswith("postgres") else 0)


@pytest.mark.slow
@pytest.mark.arena
def test_an_answer_at_the_moment_of_the_breach_is_one_or_the_other(chaos):
    answers = chaos["lines"]["answers at the very deadline"]
    assert answers["seen"] >= ESCALATIONS / 6 and answers["wrong"] == 0


@pytest.mark.slow
@pytest.mark.arena
def test_what_passes_while_everything_is_dead_is_recorded_once_at_its_date(chaos):
    # That it was once, with its date and its messages, is the verdict on all of them above.
    assert chaos["notes"]["deadlines that passed in the dark"] >= 1
    assert chaos["is_good"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_acknowledgement_moves_no_repeat_that_an_engine_records_in_that_instant(running, now):
    again = running.clocks.get(kind="first_response").deadlines.create(
        stage="again1", due_at=now + 30 * MIN, wake_at=now + 30 * MIN
    )
    until = now + 60 * MIN

    def acknowledge():
        with transaction.atomic():
            holding._move_repeats(running, until, now + 31 * MIN)
        connection.close()

    person = threading.Thread(target=acknowledge)
    with transaction.atomic():
        Deadline.objects.filter(pk=again.pk).update(fired_at=now + 31 * MIN, fired_by="Clock")
        person.start()
        while not stands_in_line() and person.is_alive():
            pass
    person.join()
    again.refresh_from_db()
    assert again.due_at == now + 30 * MIN


def stands_in_line() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0
