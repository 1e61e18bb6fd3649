"""Makes, replaces and ends the token with which a person's programs sign in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from iem_portal.accounts import tokens
from iem_portal.accounts.forms import ProfileForm
from iem_portal.accounts.rules import signed_in
from iem_portal.accounts.views import profile_page, see_other


@signed_in
@never_cache
@sensitive_variables("new_token")
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Make the person's API token (the old one ends) or end it."""
    if request.POST.get("act") == "end":
        tokens.end(request.user)
        messages.success(request, _("The API token has ended"))
        return see_other("accounts:profile")
    new_token = tokens.make(request.user)
    # The key is in this answer alone: a redirect would have to keep it somewhere.
    return profile_page(request, ProfileForm(instance=request.user, now=timezone.now()), new_token=new_token)
