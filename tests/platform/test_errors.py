"""Is a refusal friendly, in the reader's language, and under the policy?"""

import re

import pytest
from django.conf import settings as django_settings
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from iem_portal import urls
from iem_portal.accounts.rules import public
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.once]
handler400, handler403, handler404, handler500 = (
    urls.handler400,
    urls.handler403,
    urls.handler404,
    urls.handler500,
)


@public
def broken(request):
    """Raises."""
    raise RuntimeError("password=hunter2")


def undeclared(request):
    """Says nothing about who may call it."""
    return HttpResponse("secret")


urlpatterns = [
    path("broken/", broken),
    path("api/v1/broken/", broken),
    path("undeclared/", undeclared),
    *urls.urlpatterns,
]


@pytest.fixture
def site(settings):
    """A browser on a site with two bad pages."""
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def under_policy(response) -> bool:
    return "default-src 'none'" in response.headers["Content-Security-Policy"]


def test_a_missing_page_says_so_with_a_way_back(site):
    answer = site.get("/no/such/page/")
    assert answer.status_code == 404
    assert under_policy(answer)
    assert "Page not found" in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_a_fault_of_ours_is_told_without_its_text_and_without_the_database(site, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = site.get("/broken/")
    assert answer.status_code == 500
    assert under_policy(answer)
    assert "hunter2" not in answer.content.decode()
    assert "Something broke" in answer.content.decode()


def test_a_fault_is_told_in_the_readers_language(site):
    site.force_login(factories.user(language="ko"))
    answer = site.get("/broken/")
    assert '<html lang="ko">' in answer.content.decode()


def test_a_view_without_a_rule_is_refused(site):
    site.force_login(factories.user())
    answer = site.get("/undeclared/")
    assert answer.status_code == 403
    assert under_policy(answer)
    assert "secret" not in answer.content.decode()


def test_a_form_that_expired_says_what_to_do():
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "ko"})
    assert answer.status_code == 403
    assert under_policy(answer)
    assert "The form has expired" in answer.content.decode()


@pytest.mark.parametrize(("path", "status"), [("/api/v1/nothing/", 404), ("/api/v1/broken/", 500)])
def test_programs_get_a_problem_body(site, path, status):
    answer = site.get(path)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status


def test_a_foreign_host_is_refused(site):
    assert site.get("/accounts/login/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "address", ["/accounts/login/", "/healthz", "/static/css/base.css", "/profile/", "/api/v1/schema/"]
)
def test_every_answer_carries_the_policy(site, address):
    answer = site.get(address)
    answer.close()
    assert under_policy(answer)
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_pages_are_written_for_the_policy():
    """No inline style, script or handler in any template of ours."""
    faults = []
    for template in (django_settings.BASE_DIR / "templates").rglob("*.html"):
        text = re.sub(r"{%.*?%}", "", template.read_text())
        faults += [
            (template.name, word)
            for word in (" style=", "<style", " onclick=", " onsubmit=", "hx-on")
            if word in text
        ]
    assert not faults


@pytest.mark.parametrize("address", ["/?q=a%00b", "/e/IEM%00/"])
def test_an_address_with_a_nul_is_refused(client, address):
    client.force_login(factories.user())
    assert client.get(address).status_code == 400


def test_a_form_with_a_nul_is_refused(engagement, as_user, tam):
    address = f"/e/{engagement.reference}/timeline/"
    assert as_user(tam).post(address, {"text": "nul\x00"}).status_code == 400
