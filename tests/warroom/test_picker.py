"""Picking a metric: asked only on asking, written into the ledger, taken into a row without overwriting anybody."""

import pytest
from django.urls import reverse
from django.utils import timezone

from iem_portal.aws.models import AwsCall
from tests import factories
from warroom.models import MetricListing
from warroom.picker import listing
from workbook.models import Cell
from workbook.watches import watches

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PLACE = {"account_id": "111122223333", "region": "ap-northeast-2", "namespace": "AWS/DMS"}


@pytest.fixture
def account(engagement):
    return factories.aws_account(engagement)


@pytest.fixture
def address(engagement):
    return reverse("warroom:pick", args=[engagement.reference])


@pytest.fixture
def listed(engagement, account):
    """What AWS said a moment ago."""
    return MetricListing.objects.create(
        engagement=engagement,
        metrics=[
            ["CDCLatencySource", [["Task", "a"]]],
            ["CDCLatencyTarget", [["Task", "a"], ["Zone", "b"]]],
            ["Up", []],
        ],
        read_at=timezone.now(),
        **PLACE,
    )


@pytest.fixture
def take(listed, tam, as_user, address):
    def send(place, **words):
        form = {
            "action": "take",
            "place": place,
            "row": "",
            "seen": "{}",
            "read_at": listed.read_at.isoformat(),
        }
        return as_user(tam).post(address, PLACE | form | words)

    return send


def test_aws_is_asked_once_and_the_ledger_has_it(simulator, engagement, account, tam, as_user, address):
    client = as_user(tam)
    assert "was not asked" in client.get(address, PLACE).content.decode()
    assert not AwsCall.objects.exists()
    for _ in range(2):
        assert client.post(address, PLACE | {"action": "ask"}).status_code == 303
    call = AwsCall.objects.get(operation="ListMetrics")
    assert (call.calls, call.engagement_id, call.outcome) == (1, engagement.pk, "ok")
    html = client.get(address, PLACE | {"q": "target enrol"}).content.decode()
    assert "CDCLatencyTarget" in html and "ReplicationTaskIdentifier=enrol-db" in html
    assert "CDCLatencySource" not in html


@pytest.mark.parametrize(
    ("field", "value"),
    [("account_id", "999900001111"), ("region", "mars-1"), ("namespace", ""), ("namespace", "AWS/\ud55c")],
)
def test_where_nobody_may_look_is_refused_beside_the_field(account, tam, as_user, address, field, value):
    answer = as_user(tam).post(address, PLACE | {"action": "ask", field: value})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not AwsCall.objects.exists()


def test_a_chosen_metric_makes_a_row_that_the_board_watches(engagement, take):
    answer = take(1)
    assert answer.status_code == 303
    watch = watches(engagement)[0]
    assert answer["Location"].endswith(f"#row-{watch.row_id}")
    assert (watch.title, watch.metric, watch.region) == (
        "CDCLatencyTarget",
        "CDCLatencyTarget",
        PLACE["region"],
    )
    assert watch.dimensions == (("Task", "a"), ("Zone", "b"))


def test_a_chosen_metric_fills_a_row_and_keeps_its_limits(engagement, watch, take):
    row = watch("Lag", metric="Old")
    seen = '{"mt_account": 1, "mt_region": 1, "mt_namespace": 1, "mt_metric": 1, "mt_dims": 1}'
    assert take(0, row=row.pk, seen=seen).status_code == 303
    found = watches(engagement)[0]
    assert (found.title, found.metric, found.crit) == ("Lag", "CDCLatencySource", 30)


def test_what_somebody_wrote_meanwhile_is_not_overwritten(watch, take):
    row = watch("Lag", metric="Theirs")
    Cell.objects.filter(row=row, field="mt_metric").update(version=5)
    assert take(0, row=row.pk, seen='{"mt_metric": 4}').status_code == 422
    assert Cell.objects.get(row=row, field="mt_metric").value == "Theirs"


@pytest.mark.parametrize(
    "words", [{"place": "99"}, {"place": "x"}, {"read_at": "earlier"}, {"row": "9" * 17}]
)
def test_what_is_not_there_any_more_is_told(take, engagement, words):
    answer = take(**{"place": "0"} | words)
    assert answer.status_code == 422
    assert not watches(engagement)


@pytest.mark.parametrize("seen", ["", "[", "[1]", '{"mt_metric": 1e400}', "[" * 400])
def test_hostile_versions_never_break_the_page(take, seen):
    assert take("0", seen=seen).status_code in (303, 422)


def test_a_search_wants_every_word_and_shows_a_hundred(listed):
    assert [one["name"] for one in listing.search(listed, "CDC task=A")[0]] == [
        "CDCLatencySource",
        "CDCLatencyTarget",
    ]
    listed.metrics = [[f"M{n}", []] for n in range(300)]
    shown, count = listing.search(listed, "m")
    assert (len(shown), count) == (100, 300)


def test_a_refused_metric_leaves_the_row_whole(watch, take):
    row = watch("Lag", metric="Theirs", namespace="Own/Lag")
    Cell.objects.filter(row=row, field="mt_metric").update(version=5)
    seen = '{"mt_account": 1, "mt_region": 1, "mt_namespace": 1, "mt_metric": 4, "mt_dims": 1}'
    assert take(0, row=row.pk, seen=seen).status_code == 422
    assert Cell.objects.get(row=row, field="mt_namespace").value == "Own/Lag"


def test_a_metric_without_dimensions_takes_those_of_the_row_away(engagement, watch, take):
    row = watch("Lag")
    seen = '{"mt_account": 1, "mt_region": 1, "mt_namespace": 1, "mt_metric": 1, "mt_dims": 1}'
    assert take(2, row=row.pk, seen=seen).status_code == 303
    found = watches(engagement)[0]
    assert (found.metric, found.dimensions) == ("Up", ())
