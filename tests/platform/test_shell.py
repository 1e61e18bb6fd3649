"""Does the shell show who reads, where they are, and what they may do?"""

import pytest

from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_signed_in_person_finds_the_three_parts_and_the_way_out(as_user):
    page = as_user(factories.user(name="Seo Yuna")).get("/profile/").content.decode()
    assert [page.count(f'href="{path}"') for path in ("/escalations/", "/reports/")] == [1, 1]
    assert 'action="/accounts/logout/"' in page
    assert ">SY</span>" in page


def test_a_visitor_sees_no_navigation(client):
    page = client.get("/no/such/page/").content.decode()
    assert "topnav" not in page
    assert "/accounts/logout/" not in page


@pytest.mark.parametrize("is_simulated", [True, False])
def test_simulated_aws_is_said_aloud(as_user, settings, is_simulated):
    settings.SIMULATED_AWS = is_simulated
    page = as_user(factories.user()).get("/profile/").content.decode()
    assert ("Simulated AWS" in page) is is_simulated


def test_the_body_names_what_the_reader_may_do(as_user, engagement):
    viewer = factories.member(engagement, "viewer")
    page = as_user(viewer).get(f"/e/{engagement.reference}/").content.decode()
    assert '<body data-can="view"' in page


def test_the_tabs_count_what_is_behind_them(as_user, tam, engagement):
    page = as_user(tam).get(f"/e/{engagement.reference}/tabs/?here=workbook").content.decode()
    assert page.count("<a ") == 5
    assert page.count('aria-current="page"') == 1
    assert "%</span>" in page


def test_the_tabs_are_for_the_team_alone(as_user, engagement, rival):
    assert as_user(rival).get(f"/e/{engagement.reference}/tabs/").status_code == 404


def test_the_tabs_cost_few_queries(as_user, tam, engagement, django_assert_max_num_queries):
    client = as_user(tam)
    with django_assert_max_num_queries(14):
        client.get(f"/e/{engagement.reference}/tabs/")


@pytest.mark.parametrize(
    ("part", "place"), [("", "/"), ("escalations/", "/escalations/"), ("report/", "/reports/")]
)
def test_the_menu_marks_the_part_that_a_page_of_an_engagement_belongs_to(
    as_user, tam, engagement, part, place
):
    page = as_user(tam).get(f"/e/{engagement.reference}/{part}").content.decode()
    menu = page.partition('class="topnav"')[2].partition("</nav>")[0]
    assert menu.count("aria-current") == 1
    assert f'href="{place}" aria-current="page"' in menu


def test_keys_can_be_turned_off(as_user):
    page = as_user(factories.user(has_single_keys=False)).get("/profile/").content.decode()
    assert 'data-keys="off"' in page
