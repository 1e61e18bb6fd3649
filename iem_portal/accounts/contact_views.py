"""A person's own page about how they are reached."""

from __future__ import annotations

import json
from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import RawPostDataException
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from iem_portal.accounts import contacts, reach
from iem_portal.accounts.contact_forms import ContactForm, subscription
from iem_portal.accounts.models import Contact
from iem_portal.accounts.rules import signed_in
from iem_portal.accounts.views import see_other
from iem_portal.notifications import webpush
from iem_portal.notifications.channels import browser as browser_channel
from iem_portal.notifications.compose import dress
from iem_portal.notifications.models import Notification
from iem_portal.numbers import whole
from iem_portal.texts import can_be_kept

PAGE = "accounts:contacts"
FRESH, MOST_NOTES = timedelta(minutes=10), 20


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def contacts_page(request: HttpRequest) -> HttpResponse:
    """The ways in their order, and one more."""
    form = ContactForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if form.is_valid():
        try:
            contacts.add(user=request.user, now=timezone.now(), **form.cleaned_data)
        except contacts.ContactRefused as refusal:
            form.add_error("address", str(refusal))
        else:
            return see_other(PAGE)
    return _page(request, form, status=422)


@signed_in
@require_POST
def contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing with one's own contact: up, down, on, off, test, code, prove, remove."""
    row = get_object_or_404(Contact.objects.select_related("user"), pk=pk, user=request.user)
    try:
        error = _do(request, row, request.POST.get("act", ""))
    except contacts.ContactRefused as refusal:
        error = str(refusal)
    if error:
        return _page(request, ContactForm(), at=row.pk, error=error, status=422)
    return see_other(PAGE)


@signed_in
@require_POST
def browser(request: HttpRequest) -> HttpResponse:
    """Keep the subscription that this browser's push service gave to the page's script (JSON)."""
    try:
        endpoint, keys = subscription(json.loads(request.body))
        label = request.headers.get("X-Browser", "")[:80]
        if not can_be_kept(endpoint):
            raise ValidationError("not an address")
        contacts.subscribe(
            user=request.user, endpoint=endpoint, keys=keys, label=label if can_be_kept(label) else "",
            now=timezone.now(),
        )  # fmt: skip
    except (ValueError, ValidationError, RecursionError, RawPostDataException):  # the last: a form, no JSON
        return JsonResponse({"error": _("This browser gave no address that can be told.")}, status=422)
    except contacts.ContactRefused as refusal:
        return JsonResponse({"error": str(refusal)}, status=422)
    return HttpResponse(status=204)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD"])
def notes(request: HttpRequest) -> JsonResponse:
    """What this person was told since `after` (the number of a message), for a page that shows it on the screen.

    For browsers without a push service. Without a number: only where to begin.
    """
    mine = Notification.objects.filter(user_id=request.user.pk).exclude(about="")
    newest = mine.values_list("pk", flat=True).first() or 0
    after = whole(request.GET.get("after", ""))
    if after is None:
        return JsonResponse({"last": newest, "notes": []})
    rows = mine.filter(pk__gt=after, created_at__gt=timezone.now() - FRESH).order_by("pk")[:MOST_NOTES]
    # One fact told by two ways is one note.
    facts = {(row.template, row.about, row.created_at): row for row in rows}
    return JsonResponse({"last": newest, "notes": [_note(row) for row in facts.values()]})


def _note(row: Notification) -> dict:
    dress(row)
    return json.loads(browser_channel.note(row, row.words.subject))


def _do(request: HttpRequest, row: Contact, act: str) -> str:
    """What was refused, in words; empty when it was done."""
    now = timezone.now()
    if act == "prove":
        is_right = contacts.prove(contact=row, code=request.POST.get("code", ""), now=now)
        return "" if is_right else _("This is not the code, or it is older than 10 minutes.")
    verbs = {
        "up": lambda: contacts.move(contact=row, is_up=True),
        "down": lambda: contacts.move(contact=row, is_up=False),
        "on": lambda: contacts.switch(contact=row, is_active=True),
        "off": lambda: contacts.switch(contact=row, is_active=False),
        "code": lambda: contacts.send_code(contact=row, now=now),
        "remove": lambda: contacts.remove(contact=row),
        "test": lambda: contacts.test(contact=row, now=now),
    }
    # A code proves a phone: sent to a chat, its address would stand in the outbox in the open.
    if act not in verbs or (act == "code" and (row.kind != Contact.Kind.SMS or row.proved_at)):
        return _("Choose what to do.")
    verbs[act]()
    if act == "test":
        messages.success(request, _("A test is on its way. The list shows when it has arrived."))
    return ""


def _page(request, form: ContactForm, *, at: int | None = None, error: str = "", status: int = 200):
    rows = list(Contact.objects.filter(user=request.user))
    newest = _newest(request.user.pk, rows)
    for row in rows:
        row.words = reach.shown(row.kind, row.label, row.address)
        row.last = newest.get(f"contact:{row.pk}")
    context = {"rows": rows, "form": form, "at": at, "error": error, "push_key": webpush.public_key()}
    return render(request, "accounts/contacts.html", context, status=status)


def _newest(user_id: int, rows: list[Contact]) -> dict[str, Notification]:
    """The last message to each way, in one query."""
    sent = Notification.objects.filter(user_id=user_id, address__in=[f"contact:{row.pk}" for row in rows])
    return {message.address: message for message in reversed(sent[:100])}
