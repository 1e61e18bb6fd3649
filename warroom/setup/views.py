"""The pages of an event's AWS accounts: how each is reached, what may be read there, and what reading costs."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagements.access import Permission, requires
from engagements.models import AwsAccount
from warroom.setup import accounts, budget, inbound, panel, running
from warroom.setup.forms import BudgetForm, SetupForm
from warroom.views import see_other


def account_or_404(request: HttpRequest, account_id: str) -> AwsAccount:
    """The account of this engagement with that number."""
    found = AwsAccount.objects.filter(engagement=request.engagement, account_id=account_id).first()
    if found is None:
        raise Http404
    found.engagement = request.engagement
    return found


@requires(Permission.FILL_WORKBOOK)
@require_safe
def accounts_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Every account in scope, with what the newest probes found."""
    return render(request, "warroom/setup/accounts.html", panel.overview(request.engagement, timezone.now()))


@requires(Permission.FILL_WORKBOOK)
@require_safe
def account_page(request: HttpRequest, reference: str, account_id: str) -> HttpResponse:
    """One account: External ID, policies to copy, role, probes."""
    return _page(request, account_or_404(request, account_id))


@requires(Permission.MANAGE_TEAM)
@require_POST
def account_save(request: HttpRequest, reference: str, account_id: str) -> HttpResponse:
    """Keep role, monitoring account and view of Health."""
    account, now = account_or_404(request, account_id), timezone.now()
    others = list(request.engagement.aws_accounts.exclude(account_id=account_id))
    form = SetupForm(request.POST, account=account, others=others)
    if not form.is_valid():
        return _page(request, account, form, status=422)
    try:
        version = form.cleaned_data["version"]
        accounts.save(account=account, wanted=form.wanted(), version=version, by=request.user, now=now)
    except accounts.SetupError as error:
        form.add_error(error.field, str(error))
        return _page(request, account, form, status=422)
    except accounts.SetupConflict:
        form.add_error(None, _("Somebody else changed this account meanwhile. Look at it and save again."))
        form.data = form.data.copy()
        newest = accounts.setup_of(account)
        form.data["version"] = str(newest.version if newest else 0)
        return _page(request, account, form, status=409)
    return see_other("aws:account", reference, account_id)


@requires(Permission.MANAGE_TEAM)
@require_POST
def external_id(request: HttpRequest, reference: str, account_id: str) -> HttpResponse:
    """Issue the External ID, or put the issued one in the place of one that somebody typed."""
    accounts.issue(account=account_or_404(request, account_id), by=request.user, now=timezone.now())
    return see_other("aws:account", reference, account_id)


@requires(Permission.FILL_WORKBOOK)
@require_http_methods(["GET", "HEAD", "POST"])
def probe(request: HttpRequest, reference: str, account_id: str) -> HttpResponse:
    """Have the permissions tried; a GET is the part of the page that shows how far that is."""
    account, now = account_or_404(request, account_id), timezone.now()
    if request.method == "POST":
        try:
            running.ask(account=account, by=request.user, now=now)
        except running.TooSoon:
            pass  # the page shows the run that is under way, or the one of a moment ago
        if not request.htmx:
            return see_other("aws:account", reference, account_id)
    found = panel.progress(request.engagement, account_id, now)
    template = "warroom/setup/_probes.html" if request.htmx else "warroom/setup/probes.html"
    return render(request, template, found | _common(request, account, now))


def _page(
    request: HttpRequest, account: AwsAccount, form: SetupForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    found = panel.account_page(account, now)
    form = form or SetupForm.of(account, found["others"], found["setup"])
    context = found | {"form": form} | _common(request, account, now)
    return render(request, "warroom/setup/account.html", context, status=status)


def _common(request: HttpRequest, account: AwsAccount, now) -> dict:
    return {"account": account, "zone": request.engagement.time_zone, "now": now}


@requires(Permission.VIEW)
@require_safe
def ledger_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What was asked of AWS, and what it cost."""
    return _ledger(request)


@requires(Permission.DRIVE)
@require_POST
def budget_save(request: HttpRequest, reference: str) -> HttpResponse:
    """Set what a day may cost."""
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _ledger(request, form, status=422)
    budget.set_budget(
        engagement=request.engagement,
        usd_per_day=form.cleaned_data["usd_per_day"],
        by=request.user,
        now=timezone.now(),
    )
    return see_other("aws:ledger", reference)


def _ledger(request: HttpRequest, form: BudgetForm | None = None, status: int = 200) -> HttpResponse:
    found = panel.ledger_page(request.engagement, timezone.now())
    form = form or BudgetForm(initial={"usd_per_day": found["budget"].usd_per_day})
    context = found | {"form": form, "zone": request.engagement.time_zone}
    return render(request, "warroom/setup/ledger.html", context, status=status)


@requires(Permission.MANAGE_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
def events_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Where EventBridge's events come in; a POST makes the door, or a new secret for it."""
    engagement, secret = request.engagement, ""
    if request.method == "POST":
        secret = inbound.open_door(engagement=engagement, by=request.user, now=timezone.now()).secret
    context = inbound.page(engagement) | {"secret": secret, "zone": engagement.time_zone}
    response = render(request, "warroom/setup/events.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
