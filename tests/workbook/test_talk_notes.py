"""AWS-only notes reach no customer: every address that lets a customer in is read, and none of them has the words."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from engagements.access import AWS_ROLES, ROLE_PERMISSIONS, Permission
from engagements.models import Role
from iem_portal.live.render import tile_html, visible_tiles
from iem_portal.notifications.models import Notification
from iem_portal.registry import tiles
from tests.platform import access_table, access_world
from tests.platform.access_table import TABLE
from workbook import editions
from workbook.guests import links
from workbook.models import Note
from workbook.talk import notes, places

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SECRET = "Xylophonequartz"
READERS = ("customer_lead", "viewer")
#: Addresses that answer more than the plain question, and those questions.
ASKED = {"workbook:cell", "workbook:changes", "workbook:history", "workbook:section"}
QUERIES = (
    {},
    {"row": "row", "field": "=mt_title"},
    {"row": "row", "field": "="},
    {"rows": "row", "new": "row"},
)
OPEN_TO = {
    name: row
    for name, row in TABLE.items()
    if row.kind == "engagement" and "get" in row.who and set(READERS) & row.who["get"]
}


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The access table's world with a note on a cell, its row and its section, and one more taken back."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = access_world.build(timezone.now())
        section = editions.section(world.engagement, "wb12")
        for row, field in ((world.mine["row"], "mt_title"), (world.mine["row"], ""), ("", "")):
            place = places.within(world.engagement, section, row=str(row), field=field)
            words = {"place": place, "by": world.people["tam"], "now": timezone.now()}
            notes.write(**words, text=f"{SECRET} at {field}")
        gone = notes.write(**words, text=f"{SECRET} gone")
        notes.delete(engagement=world.engagement, note=gone.pk, by=world.people["tam"], now=timezone.now())
        yield world
        transaction.set_rollback(True)


def words_of(response) -> str:
    """Everything a response carries, the parts of an xlsx unpacked."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return body.decode(errors="replace")


def read(world, name: str, role: str, query: dict) -> str:
    row = TABLE[name]
    at = {key: thing[1:] if thing.startswith("=") else world.mine[thing] for key, thing in row.at.items()}
    asked = {key: thing[1:] if thing.startswith("=") else world.mine[thing] for key, thing in query.items()}
    path = reverse(name, kwargs={"reference": world.engagement.reference} | at)
    is_api = name in access_table.API
    options = {"headers": {"Authorization": f"Token {world.keys[role]}"}} if is_api else {}
    with access_world.pages(are_drawn=True), transaction.atomic():
        answer = world.client_of("" if is_api else role).get(path, asked, **options)
        transaction.set_rollback(True)
    return words_of(answer)


@pytest.mark.parametrize("name", OPEN_TO)
def test_no_address_tells_a_customer_of_a_note(world, name):
    readers = [role for role in READERS if role in OPEN_TO[name].who["get"]]
    for role in readers if name in ASKED else readers[:1]:
        for query in QUERIES if name in ASKED else QUERIES[:1]:
            text = read(world, name, role, query)
            assert SECRET not in text
            assert "cm-note" not in text


def test_the_walk_would_find_a_note(world):
    assert SECRET in read(world, "workbook:cell", "tam", QUERIES[1])
    assert "cm-note" in read(world, "workbook:section", "tam", {})


def test_no_live_tile_tells_a_customer_of_a_note(world):
    for tile in tiles:
        if not visible_tiles([tile.key], "customer"):
            continue
        html, _is_drawn = tile_html(tile.key, world.engagement.pk, audience="customer", now=timezone.now())
        assert SECRET not in html and 'data-kind="note"' not in html, tile.key


def test_saving_a_cell_tells_a_customer_of_no_note(world):
    client = world.client_of("customer_lead")
    path = reverse("workbook:save-cell", args=[world.engagement.reference, "wb12"])
    words = {"row": world.mine["row"], "field": "mt_title", "value": "Lag 2", "base_version": 1}
    with transaction.atomic():
        saved = client.post(path, words).content.decode()
        transaction.set_rollback(True)
    assert "Lag 2" in saved
    assert SECRET not in saved and "cm-note" not in saved


def test_no_mail_and_no_timeline_tells_of_a_note(world):
    assert not [mail for mail in Notification.objects.all() if SECRET in str(mail.params)]
    assert not world.engagement.timeline.filter(text__contains=SECRET).exists()


def test_a_customer_writes_and_deletes_no_note(world):
    client, reference = world.client_of("customer_lead"), world.engagement.reference
    pk = Note.objects.filter(text__startswith=SECRET).first().pk
    assert client.post(reverse("workbook:note", args=[reference, "wb12"]), {"note": "x"}).status_code == 403
    path = reverse("workbook:delete-note", args=[reference, "wb12", pk])
    assert client.post(path).status_code == 403


def test_nobody_of_a_customer_may_see_internal_things():
    over_all = {Role.MANAGER, Role.ADMINISTRATOR}
    inside = {role for role, rights in ROLE_PERMISSIONS.items() if Permission.SEE_INTERNAL in rights}
    assert inside <= AWS_ROLES | over_all


def test_no_page_open_to_guests_tells_one_of_a_note(engagement, tam, client):
    now = timezone.now()
    section = editions.section(engagement, "wb01")
    place = places.within(engagement, section, row="form", field="ev_purpose")
    notes.write(place=place, text=SECRET, by=tam, now=now)
    words = {"name": "Oh Hana", "email": "", "language": "en", "days": 7}
    _link, token = links.create(engagement=engagement, section=section, by=tam, now=now, **words)
    client.get(f"/guest/{token}/")
    here = f"/e/{engagement.reference}/workbook/wb01"
    asked = {"row": "form", "field": "ev_purpose", "rows": "form"}
    pages = [
        client.get(f"{here}/{part}", asked) for part in ("", "changes/", "history/", "cell/", "rows/form/")
    ]
    typed = {"row": "form", "field": "ev_purpose", "value": "Move", "base_version": 0}
    pages.append(client.post(f"{here}/cells/", typed))
    assert pages[0].status_code == pages[-1].status_code == 200
    for page in pages:
        assert SECRET not in page.content.decode()
        assert "cm-note" not in page.content.decode()
