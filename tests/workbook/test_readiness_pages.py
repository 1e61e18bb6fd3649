"""The readiness pages: what they show to whom, what they refuse, and how few queries they take."""

import pytest
from django.urls import reverse

from tests import factories
from workbook.models import Freeze, NotApplicable, Override, Quiet, Signature
from workbook.scorecard import freezing

pytestmark = [pytest.mark.django_db, pytest.mark.once]
REASON = "Confirmed with the service team"
QUOTA = {"q_name": "=Instances", "q_applied": "10", "q_need": "20", "q_status": "PENDING"}
HOSTILE = ["x" * 5000, "\x00" * 20]


@pytest.fixture
def url(engagement):
    """The address of a readiness page by its name."""
    return lambda name, *words: reverse(f"workbook:{name}", args=[engagement.reference, *words])


@pytest.fixture
def filled(book):
    """Twelve short quotas, and a freeze before and after a change."""
    found = [book.add("quotas", **QUOTA | {"q_name": f"=Quota {number}"}).pk for number in range(12)]
    for name in ("One", "Two"):
        freezing.freeze(engagement=book.engagement, kind="hand", name=name, by=book.by, now=book.now)
        book.save("q_need", "25" if name == "One" else "30", row=found[0], base=1 if name == "One" else 2)
    return found


def test_every_page_opens_in_few_queries_in_both_languages(
    filled, tam, as_user, url, django_assert_max_num_queries
):
    client = as_user(tam)
    for language in ("en", "ko"):
        type(tam).objects.filter(pk=tam.pk).update(language=language)
        for name, *words in (("readiness",), ("missing",), ("freezes",), ("freeze", 1), ("scorecard",)):
            with django_assert_max_num_queries(12):
                assert client.get(url(name, *words)).status_code == 200, (name, language)
        assert client.get(url("reminders")).status_code == 200


def test_a_reader_sees_the_scorecard_without_its_forms(filled, as_user, url, engagement):
    page = as_user(factories.member(engagement, "viewer")).get(url("readiness")).content.decode()
    assert "12 quotas are below the need and not granted" in page
    assert url("override", "capacity") not in page
    assert url("sign") not in page


def test_an_override_is_refused_beside_its_field_and_kept_when_right(filled, tam, as_user, url):
    client = as_user(tam)
    wrong = client.post(url("override", "capacity"), {"colour": "BLUE", "reason": "So"})
    assert wrong.status_code == 422
    page = wrong.content.decode()
    assert 'aria-describedby="err-capacity"' in page
    assert ">So</textarea>" in page
    for text in HOSTILE:
        answer = client.post(url("override", "capacity"), {"colour": "RED", "reason": text})
        assert answer.status_code in (400, 422)
    assert client.post(url("override", "nothing"), {"colour": "RED", "reason": REASON}).status_code == 404
    right = client.post(url("override", "capacity"), {"colour": "GREEN", "reason": REASON})
    assert (right.status_code, right["Location"]) == (303, url("readiness") + "#line-capacity")
    assert REASON in client.get(url("readiness")).content.decode()
    assert client.post(url("withdraw-override", "capacity")).status_code == 303
    assert not Override.objects.filter(withdrawn_at=None).exists()


def test_signing_says_what_changed_before_it_is_accepted(filled, book, tam, customer_lead, as_user, url):
    client = as_user(tam)
    assert client.post(url("sign"), {"result": "conditions"}).status_code == 422
    for text in HOSTILE:
        assert client.post(url("sign"), {"result": "go", "words": text}).status_code in (400, 422)
    assert client.post(url("sign"), {"result": "go", "words": "All is well"}).status_code == 303
    book.save("ev_purpose", "Move.")
    client = as_user(customer_lead)
    assert "1 answer changed since the first signature" in client.get(url("readiness")).content.decode()
    unseen = client.post(url("sign"), {"result": "go", "words": "Yes"})
    assert unseen.status_code == 409
    assert ">Yes</textarea>" in unseen.content.decode()
    assert client.post(url("sign"), {"result": "go", "seen": "1"}).status_code == 303
    assert Signature.objects.count() == 2
    assert client.post(url("unsign"), {"reason": ""}).status_code == 422
    assert client.post(url("unsign"), {"reason": "The vendor called"}).status_code == 303


def test_freezes_are_compared_on_the_page_and_as_csv(filled, tam, as_user, url):
    client = as_user(tam)
    page = client.get(url("freezes"), {"from": "1", "to": "2"}).content.decode()
    assert "<del>20</del>" in page and "<ins>25</ins>" in page
    assert client.get(url("freezes"), {"from": "9" * 40, "to": "x"}).status_code == 200
    answer = client.get(url("freezes"), {"from": "1", "to": "now", "as": "csv"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert ",'=Quota 0,Needed at event peak,20,30,Lim Sojin," in answer.content.decode("utf-8-sig")
    assert client.post(url("freezes"), {"name": ""}).status_code == 422
    assert client.post(url("freezes"), {"name": "x" * 121}).status_code == 422
    assert client.post(url("freezes"), {"name": "Three"}).status_code == 303
    assert Freeze.objects.count() == 3


def test_what_does_not_apply_is_asked_on_the_page_and_accepted_by_aws(filled, book, tam, as_user, url):
    client = as_user(book.by)
    place = {"row": filled[0], "field": "q_usage"}
    asked = client.get(url("missing"), {"not": f"{filled[0]}-q_usage"}).content.decode()
    assert asked.count(url("exempt", "wb08")) == 1
    short = client.post(url("exempt", "wb08"), place | {"reason": "no"})
    assert short.status_code == 422
    assert f'id="nae-{filled[0]}-q_usage"' in short.content.decode()
    for row in ("", "x", "9" * 30):
        wrong = client.post(url("exempt", "wb08"), {"row": row, "field": "q_usage", "reason": REASON})
        assert wrong.status_code == 422
    assert client.post(url("exempt", "wb08"), place | {"reason": REASON}).status_code == 303
    assert client.post(url("exempt", "wb08"), place | {"reason": REASON}).status_code == 409
    mark = NotApplicable.objects.get()
    assert client.post(url("decide-exemption", mark.pk), {"verb": "accept"}).status_code == 403
    before = client.get(url("missing")).context["missing"]
    assert as_user(tam).post(url("decide-exemption", mark.pk), {"verb": "accept"}).status_code == 303
    assert client.get(url("missing")).context["missing"] == before - 1


def test_reminders_are_stopped_and_started_on_the_page(as_user, url, customer_lead):
    client = as_user(customer_lead)
    assert client.post(url("quiet"), {"quiet": "1"}).status_code == 303
    assert Quiet.objects.get().user == customer_lead
    assert "Remind me again" in client.get(url("readiness")).content.decode()
    client.post(url("quiet"), {"quiet": "0"})
    assert not Quiet.objects.exists()


def test_an_empty_workbook_has_pages_too(tam, as_user, url):
    client = as_user(tam)
    for name in ("readiness", "missing", "freezes", "reminders", "scorecard"):
        assert client.get(url(name)).status_code == 200
    assert client.get(url("freeze", 7)).status_code == 404
