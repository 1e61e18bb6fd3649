"""The order of the board's tiles: one for everybody, never lost, and trouble that is put away is still said."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from iem_portal.registry import tiles
from tests import factories
from warroom import arranging, inputs
from warroom.models import BoardLayout
from warroom.outlook import outlook

rows = st.lists(st.integers(1, 50), unique=True, min_size=1)


@given(rows, st.data(), st.integers(-60, 60))
def test_moving_loses_no_row_and_keeps_the_others_in_order(order, data, by):
    row = data.draw(st.sampled_from(order))
    after = arranging.moved(order, row, by)
    assert [one for one in after if one != row] == [one for one in order if one != row]
    assert after.index(row) == min(max(order.index(row) + by, 0), len(order) - 1)


@given(rows, rows)
def test_every_watch_has_a_place_whatever_the_layout_knows(known, order):
    found = [SimpleNamespace(row_id=row) for row in known]
    shown = [one.row_id for one in arranging.in_order(found, BoardLayout(order=order))]
    assert sorted(shown) == sorted(known)
    assert [row for row in shown if row in order] == [row for row in order if row in known]
    assert shown[-len([r for r in known if r not in order]) or len(shown) :] == [
        r for r in known if r not in order
    ]


@pytest.fixture
def three(engagement, watch):
    return [watch(title).pk for title in ("Lag", "Errors", "Logins")]


@pytest.fixture
def save(engagement, tam, as_user):
    """`save(order, up=…)`: one button of the form."""

    def send(order, *, version=0, hidden=(), **act):
        address = reverse("warroom:arrange", args=[engagement.reference])
        return as_user(tam).post(address, {"row": order, "hidden": hidden, "version": version} | act)

    return send


def titles(engagement, now):
    """The tiles as the board has them, in order."""
    html = tiles.get("metrics").render(engagement.pk, audience="customer", now=now)
    return sorted((name for name in ("Lag", "Errors", "Logins") if f">{name}<" in html), key=html.index)


@pytest.mark.django_db
class TestBoard:
    """What a saved order does."""

    def test_a_button_moves_a_tile_for_everybody(self, engagement, three, save, now):
        lag, errors, logins = three
        answer = save(three, up=logins)
        assert answer.status_code == 303
        assert answer["Location"].endswith(f"#tile-{logins}")
        assert titles(engagement, now) == ["Lag", "Logins", "Errors"]
        save([lag, logins, errors], version=1, down=lag)
        assert titles(engagement, now) == ["Logins", "Lag", "Errors"]

    def test_a_tile_put_away_is_gone_but_its_trouble_is_said(self, engagement, three, save, now):
        save(three, hide=three[0])
        html = tiles.get("metrics").render(engagement.pk, audience="customer", now=now)
        assert titles(engagement, now) == ["Errors", "Logins"]
        assert "1 metric is put away" in html
        assert "1 of them not normal" in html  # never seen is not normal
        save(three, version=1, hidden=[three[0]], show=three[0])
        assert titles(engagement, now) == ["Lag", "Errors", "Logins"]

    def test_the_slower_of_two_keeps_what_they_did_and_is_told(self, engagement, three, save):
        save(three, up=three[2])
        answer = save(three, hide=three[1])
        html = answer.content.decode()
        assert answer.status_code == 409
        assert "arranged the tiles meanwhile" in html
        assert 'name="version" value="1"' in html
        assert f'name="hidden" value="{three[1]}"' in html
        assert BoardLayout.objects.get().hidden == []

    def test_saving_what_is_so_already_writes_nothing(self, engagement, three, save):
        save(three, up=three[2])
        layout = BoardLayout.objects.get()
        assert save(layout.order, version=1).status_code == 303
        assert BoardLayout.objects.get().version == 1

    @pytest.mark.parametrize("text", ["", "x", "9" * 40, "-1", "1e400", "٣"])
    def test_rows_that_are_no_watches_are_left_out(self, engagement, three, save, text):
        assert save([text, *reversed(three)], hidden=[text], version="0", up=text).status_code == 303
        layout = BoardLayout.objects.get()
        assert (layout.order, layout.hidden) == (three[::-1], [])

    def test_another_engagements_tiles_are_none_of_these(self, engagement, three, save, watch):
        theirs = watch("Theirs", engagement=factories.engagement()).pk
        save([theirs, *three[::-1]])
        assert theirs not in BoardLayout.objects.get().order


@pytest.mark.django_db
def test_a_tile_put_away_still_counts_at_a_gate_and_in_the_api(
    engagement, runbook, three, save, tam, as_user, now
):
    save(three, hide=three[0])
    [read] = inputs.read(outlook(engagement, now), ["metrics"], now)
    assert read["params"]["stale"] == 3
    rows = as_user(tam).get(f"/api/v1/engagements/{engagement.reference}/watches/").json()
    assert [one["title"] for one in rows] == ["Errors", "Logins", "Lag"]
