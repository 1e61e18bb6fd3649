"""How allauth is bent to our rules: no public sign-up, no demo people outside a demo."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def may_sign_in(user) -> bool:
    """Whether this account is open: a demo person's password is public, so only a demo lets them in."""
    return user.is_active and (settings.DEMO or not user.is_demo)


class AccountAdapter(DefaultAccountAdapter):
    """People come by invitation; the words of the errors are ours, short and in both languages."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "incorrect_code": _("This code is not right. Check the newest mail."),
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then ask for a new code."),
        "rate_limited": _("Too many requests. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request) -> bool:
        """Never."""
        return False

    def pre_login(self, request, user, **words):
        """Stop an account that is closed, whichever way it proved itself."""
        if not may_sign_in(user):
            clear_login(request)
            return HttpResponseRedirect(reverse("account_inactive"))
        request.session.set_expiry(None)  # a guest's link may have made it longer
        return super().pre_login(request, user, **words)


class PeopleBackend(AuthenticationBackend):
    """allauth's backend; a session of a demo person ends when the demo does."""

    def user_can_authenticate(self, user) -> bool:
        """Whether a password of this person counts."""
        return super().user_can_authenticate(user) and may_sign_in(user)

    def get_user(self, user_id):
        """The person of a session, or None (signed out) when their account is closed now."""
        user = super().get_user(user_id)
        return user if user is not None and may_sign_in(user) else None
