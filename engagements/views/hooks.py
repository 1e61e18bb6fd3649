"""The page of the systems that an engagement tells: chat channels, webhooks, pagers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from engagements import hooks
from engagements.access import Permission, requires
from engagements.views.shared import can, see_other
from iem_portal.accounts.contact_forms import LONGEST_URL, web_address
from iem_portal.accounts.models import User
from iem_portal.notifications import delivery
from iem_portal.notifications import hooks as every
from iem_portal.notifications.models import Hook


class HookForm(forms.Form):
    """A new hook."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Hook.Kind.choices)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Such as the name of the chat channel."),
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=LONGEST_URL,
        help_text=gettext_lazy("Kept like a password: only its host is shown again."),
    )
    secret = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=200,
        required=False,
        help_text=gettext_lazy(
            "PagerDuty's routing key or Opsgenie's API key. A webhook gets a secret from us."
        ),
    )
    audience = forms.ChoiceField(label=gettext_lazy("Whose system"), choices=Hook.Audience.choices)
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=User.Language.choices)

    def __init__(self, *args, is_aws: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not is_aws:  # a customer sets up the customer's own
            del self.fields["audience"]

    def clean_url(self) -> str:
        """An address that may be posted to."""
        return web_address(self.cleaned_data["url"])

    def clean(self) -> dict:
        """A pager wants its key: one that a header can carry, for a refused header is quoted in the delivery log."""
        words = super().clean()
        key = words.get("secret", "")
        is_key = key and key.isascii() and key.isprintable()
        if words.get("kind") == Hook.Kind.EVENTS and not is_key:
            self.add_error("secret", ValidationError(_("A pager wants its key.")))
        return words

    def wanted(self) -> dict:
        """The fields of the hook."""
        words = {"audience": Hook.Audience.CUSTOMER, **self.cleaned_data}
        words["what"] = list(every.topics_of(words["kind"]))
        return words if words["kind"] == Hook.Kind.EVENTS else words | {"secret": ""}


@requires(Permission.MANAGE_TEAM)
@never_cache
@sensitive_post_parameters("url", "secret")
@require_http_methods(["GET", "HEAD", "POST"])
def hooks_page(request: HttpRequest, reference: str) -> HttpResponse:
    """What is told, how the last messages went, and one more."""
    form = _form(request, request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    hook = hooks.add(engagement=request.engagement, fields=form.wanted(), by=request.user, now=timezone.now())
    if hook.kind == Hook.Kind.WEBHOOK:
        return _page(request, _form(request), at=hook.pk, secret=hook.secret)
    return see_other(reverse("engagements:hooks", args=[reference]))


@requires(Permission.MANAGE_TEAM)
@never_cache
@sensitive_variables("secret")
@require_POST
def hook(request: HttpRequest, reference: str, pk: int) -> HttpResponse:
    """Do one thing with a hook: test, on, off, hear, secret, remove."""
    row, now = get_object_or_404(_own(request), pk=pk), timezone.now()
    words = {"engagement": request.engagement, "hook": row, "now": now}
    act = request.POST.get("act", "")
    if act == "test" and row.is_active:
        try:
            hooks.test(**words, by=request.user)
        except ValidationError as error:
            return _page(request, _form(request), at=row.pk, error=" ".join(error.messages), status=429)
        messages.success(request, _("A test is on its way. The list shows when it has arrived."))
    elif act in ("on", "off"):
        hooks.switch(**words, is_active=act == "on", by=request.user)
    elif act == "hear":
        try:
            hooks.hear(**words, what=request.POST.getlist("what"), by=request.user)
        except ValidationError as error:
            return _page(request, _form(request), at=row.pk, error=" ".join(error.messages), status=422)
    elif act == "secret" and row.kind == Hook.Kind.WEBHOOK:
        secret = hooks.renew_secret(**words, by=request.user)
        # The secret is in this answer alone: a redirect would have to keep it somewhere.
        return _page(request, _form(request), at=row.pk, secret=secret)
    elif act == "remove":
        hooks.remove(**words, by=request.user)
    else:
        return _page(request, _form(request), at=row.pk, error=_("Choose what to do."), status=422)
    return see_other(reverse("engagements:hooks", args=[reference]))


def _own(request: HttpRequest) -> QuerySet[Hook]:
    """A customer manages the customer's own; AWS's are not there for them."""
    rows = Hook.objects.filter(engagement_id=request.engagement.pk, removed_at=None)
    return rows if can(request, Permission.SEE_INTERNAL) else rows.filter(audience=Hook.Audience.CUSTOMER)


def _form(request: HttpRequest, data=None) -> HookForm:
    first = {"audience": Hook.Audience.AWS, "language": request.user.language}
    return HookForm(data, is_aws=can(request, Permission.SEE_INTERNAL), initial=first)


def _page(
    request: HttpRequest,
    form: HookForm,
    *,
    at: int | None = None,
    secret: str = "",
    error: str = "",
    status=200,
) -> HttpResponse:
    rows = list(_own(request))
    for row in rows:
        row.host = every.host(row)
        row.topics = [(key, label, key in row.what) for key, label in every.topics_of(row.kind).items()]
    context = {
        "rows": rows,
        "form": form,
        "at": at,
        "secret": secret,
        "error": error,
        "deliveries": delivery.of_hooks(rows),
        "zone": request.engagement.time_zone,
    }
    return render(request, "engagements/hooks.html", context, status=status)
