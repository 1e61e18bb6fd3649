"""Does every address let in exactly the people its row names? Walks the URL resolver, so a new one needs a row."""

from __future__ import annotations

from itertools import product

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone

from iem_portal.live.admission import Refused, admit
from tests.platform import access_table, access_world
from tests.platform.access_table import EVERYBODY, MEMBERS, NOBODY, OUTSIDERS, names

TABLE = access_table.TABLE | (access_table.DEMO if settings.DEMO else {})
NESTED = {name: row for name, row in TABLE.items() if row.things}
pytestmark = [pytest.mark.django_db, pytest.mark.once]
# Whose views run to the end: every right that a page asks about is held by one of them and not by another. Of the
# other roles it is asked who is let in and who is not, which our middleware says before the view begins.
DRAWN = names("viewer customer_lead tam manager rival")
METHODS = ("get", "post", "put", "patch", "delete")


def addresses(resolver, spaces=()):
    """Every named pattern with its view; Django's own administration is Django's to test."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from addresses(pattern, (*spaces, *filter(None, [pattern.namespace])))
        else:
            yield ":".join([*spaces, str(pattern.name)]), pattern.callback


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The two engagements, made once; what a test changes is rolled back by the test's own transaction."""
    with django_db_blocker.unblock(), override_settings(WHITENOISE_AUTOREFRESH=True), transaction.atomic():
        yield access_world.build(timezone.now())
        transaction.set_rollback(True)


def address(world, name: str, **at) -> str:
    """Where this is, for the things of the world's own engagement unless others are named."""
    row = TABLE[name]
    words = {key: thing[1:] if thing.startswith("=") else world.mine[thing] for key, thing in row.at.items()}
    reference = {"reference": world.engagement.reference} if row.kind == "engagement" else {}
    return reverse(name, kwargs=reference | words | at)


def ask(world, name: str, role: str, method: str, *, is_drawn=False, is_only_let_in=False, **at):
    """One request, and everything it changed taken back."""
    row, path = TABLE[name], address(world, name, **at)
    options = {} if method == "get" else {"data": row.data}
    if name in access_table.API:
        options["headers"] = {"Authorization": f"Token {world.keys[role]}"} if world.keys[role] else {}
        if method != "get":
            options["content_type"] = "application/json"
    client = world.client_of("" if name in access_table.API else role)
    as_far = access_world.pages(are_drawn=is_drawn), access_world.door_of_the_api(stands_in=is_only_let_in)
    with as_far[0], as_far[1], transaction.atomic():
        response = getattr(client, method)(path, **options)
        transaction.set_rollback(True)
    return response


def kind(response) -> str:
    """in, sign-in, or the status of the refusal."""
    if response.status_code == 401 or response.headers.get("Location", "").startswith(
        "/accounts/login/?next="
    ):
        return "sign-in"
    return str(response.status_code) if response.status_code in (403, 404, 405) else "in"


def test_every_address_has_a_row_and_every_row_an_address():
    assert {name for name, _view in addresses(get_resolver())} == set(TABLE)


def test_only_programs_are_spared_the_mark_of_our_forms():
    exempt = {name for name, view in addresses(get_resolver()) if getattr(view, "csrf_exempt", False)}
    assert exempt == {*access_table.API, *access_table.PUSHED}


@pytest.mark.parametrize("name", TABLE)
def test_exactly_the_named_people_get_in(world, name):
    row = TABLE[name]
    # A library looks at the caller only in the view, the API in what its view begins with.
    is_ours, is_api = name not in access_table.LIBRARY, name in access_table.API
    seen = {}
    for role, method in product(EVERYBODY, row.who):
        is_in, is_other = row.expected(role, method) == "in", is_ours and role not in DRAWN
        if is_other and not is_api and role != NOBODY:
            seen[role, method] = access_world.at_the_door(world, address(world, name), role, method)
            if is_in or seen[role, method] != "in":
                continue  # whom the middleware lets in, a view may still refuse
        how = {"is_drawn": is_in and not is_other, "is_only_let_in": is_in and is_other and is_api}
        seen[role, method] = kind(ask(world, name, role, method, **how))
    wrong = {key: (row.expected(*key), got) for key, got in seen.items() if got != row.expected(*key)}
    assert wrong == {}, "role, method: (expected, seen)"


@pytest.mark.parametrize("name", [name for name in TABLE if name not in access_table.LIBRARY])
def test_a_method_without_a_row_lets_nobody_in(world, name):
    others = [method for method in METHODS if method not in TABLE[name].who]
    seen = {method: kind(ask(world, name, "administrator", method)) for method in others}
    assert set(seen.values()) <= {"403", "405"}, seen


@pytest.mark.parametrize("name", NESTED)
def test_a_thing_of_another_engagement_is_not_there(world, name):
    row = TABLE[name]
    theirs = {key: world.theirs[thing] for key, thing in row.things.items()}
    seen = {method: kind(ask(world, name, "administrator", method, **theirs)) for method in row.who}
    assert set(seen.values()) == {"404"}, seen


@pytest.mark.parametrize("name", NESTED)
def test_a_thing_that_never_was_is_not_there(world, name):
    row = TABLE[name]
    never = {"cell": f"{10**9 - 1}:mt_title", "milestone": "zz", "step": "zz"}
    # Nine digits: the longest number that every address takes.
    words = {key: never.get(thing, 10**9 - 1) for key, thing in row.things.items()}
    seen = {method: kind(ask(world, name, "administrator", method, **words)) for method in row.who}
    assert set(seen.values()) == {"404"}, seen


@pytest.mark.parametrize("role", sorted(EVERYBODY))
def test_a_stream_opens_for_members_on_their_own_side(world, role):
    key = world.sessions[role]
    if role in MEMBERS:
        is_customer = role.startswith("customer") or role == "viewer"
        side = admit("engagement", world.engagement.pk, key).audience
        assert side == ("customer" if is_customer else "staff")
        return
    with pytest.raises(Refused) as refused:
        admit("engagement", world.engagement.pk, key)
    assert refused.value.status == (401 if role == NOBODY else 404)


@pytest.mark.parametrize("kind_of_topic", ["engagement", "nothing"])
def test_a_stream_on_nothing_is_not_there(world, kind_of_topic):
    with pytest.raises(Refused) as refused:
        admit(kind_of_topic, 10**17, world.sessions["tam"])
    assert refused.value.status == 404


@pytest.mark.parametrize("role", sorted(OUTSIDERS))
def test_lists_hold_nothing_of_another_customer(world, role):
    for name in ("engagements:portfolio", "escalation:mine", "review:index", "engagement-list"):
        page = ask(world, name, role, "get", is_drawn=True).content.decode()
        assert world.engagement.reference not in page and world.engagement.customer.name not in page, name


def test_a_question_that_names_rows_of_another_engagement_gets_none_of_them(world):
    client, row = world.client_of("administrator"), world.theirs["row"]
    address = {"reference": world.engagement.reference, "section": "wb12"}
    changes = client.get(
        reverse("workbook:changes", kwargs=address), {"rows": str(row), "new": str(row)}
    ).json()
    assert (changes["cells"], changes["new"], changes["gone"]) == ([], [], [str(row)])
    words = {"row": row, "field": "mt_title", "value": "Mine now", "base_version": 1}
    assert client.post(reverse("workbook:save-cell", kwargs=address), words).json()["outcome"] == "gone"
    history = client.get(reverse("workbook:history", kwargs=address), {"row": row})
    assert history.context["lines"] == []


def test_the_administration_site_wants_its_own_mark(world):
    seen = {role: world.client_of(role).get(reverse("admin:index")) for role in EVERYBODY}
    doors = {answer.headers.get("Location", "").partition("?")[0] for answer in seen.values()}
    assert doors == {"/admin/login/"}


def test_nobody_signs_up(world):
    users = type(world.people["tam"]).objects
    before = users.count()
    words = {"email": "new@example.com", "password1": "long enough 4 all", "password2": "long enough 4 all"}
    world.client_of(NOBODY).post(reverse("account_signup"), words)
    assert users.count() == before
