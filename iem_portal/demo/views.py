"""The demo's own doors: sign in as one of its people, read the mail the portal sent."""

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from engagements.access import public
from iem_portal.accounts.models import User
from iem_portal.demo import mailbox
from iem_portal.demo.people import WITH_BUTTON, DemoPerson
from iem_portal.demo.world import REFERENCE

BACKEND = "iem_portal.accounts.adapter.PeopleBackend"


@public
@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the people with a button and go where their work is."""
    only_in_demo()
    person = next((one for one in WITH_BUTTON if one.email == request.POST.get("email")), None)
    if person is None:
        raise Http404
    user = get_object_or_404(User, email=person.email, is_demo=True, is_active=True)
    login(request, user, backend=BACKEND)
    response = redirect(landing(request, person))
    response.status_code = 303
    return response


def landing(request: HttpRequest, person: DemoPerson) -> str:
    """The page the visitor wanted, else the one where this person's work begins."""
    to = request.POST.get("next", "")
    if to and url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure()):
        return to
    args = [] if person.lands_on.endswith("portfolio") else [REFERENCE]
    return reverse(person.lands_on, args=args)


@public
@require_safe
def mail_list(request: HttpRequest) -> HttpResponse:
    """What the portal has sent, newest first."""
    only_in_demo()
    return render(request, "demo/mail.html", {"mails": mailbox.newest(settings.EMAIL_FILE_PATH)})


@public
@require_safe
def mail_read(request: HttpRequest, name: str) -> HttpResponse:
    """One mail as text, with links to this portal."""
    only_in_demo()
    mail = mailbox.read(settings.EMAIL_FILE_PATH, name)
    if mail is None:
        raise Http404
    return render(
        request, "demo/mail_read.html", {"mail": mail, "parts": mailbox.linked(mail.body, settings.BASE_URL)}
    )


def only_in_demo() -> None:
    """The second lock behind the missing URLs."""
    if not settings.DEMO:
        raise Http404
