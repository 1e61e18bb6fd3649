"""The sign-in pages: allauth's flows with our one form, and 422 for what was typed wrong."""

from http import HTTPStatus

from allauth.account.internal.stagekit import clear_login
from allauth.account.views import ConfirmLoginCodeView, LoginView, RequestLoginCodeView
from django.conf import settings

from iem_portal.accounts.rules import public

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class SignIn(LoginView):
    """One field for an e-mail address; with ``?with=password`` a second one for the password."""

    def _redirect_to_pending_stage(self, request, stage):
        return None if gave_up(request) else super()._redirect_to_pending_stage(request, stage)

    def get_context_data(self, **kwargs) -> dict:
        """Whether the reader asked for the password way, or already used it."""
        context = super().get_context_data(**kwargs)
        context["is_password_way"] = self.request.GET.get("with") == "password" or context["form"].is_bound
        return context

    def form_invalid(self, form):
        """The page again, as refused input."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class AskForCode(RequestLoginCodeView):
    """Takes the e-mail address and sends a code; says the same for addresses nobody has."""

    template_name = "account/login.html"

    def _redirect_to_pending_stage(self, request, stage):
        return None if gave_up(request) else super()._redirect_to_pending_stage(request, stage)

    def form_invalid(self, form):
        """The page again, as refused input."""
        return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)


class EnterCode(ConfirmLoginCodeView):
    """Takes the code of the mail."""

    def get_context_data(self, **kwargs) -> dict:
        """Where the mail went (masked: the screen may be shared) and for how long the code counts."""
        context = super().get_context_data(**kwargs)
        context["sent_to"] = masked(context["email"] or "")
        context["valid_min"] = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        return context

    def form_invalid(self, form):
        """The page again, as refused input; after the last try back to the start."""
        response = super().form_invalid(form)
        if response.status_code == HTTPStatus.OK:
            response.status_code = UNPROCESSABLE
        return response


def gave_up(request) -> bool:
    """Whether a half-finished sign-in is left behind: the reader starts another or wants another address.

    Without this, allauth leads every visit back to the page that waits for the first code.
    """
    is_over = request.method == "POST" or "change" in request.GET
    if is_over:
        clear_login(request)
    return is_over


def masked(email: str) -> str:
    """An address that its owner recognises and nobody else can use: ji•••@garamsoop.example."""
    name, _at, domain = email.partition("@")
    return f"{name[:2]}•••@{domain}"


sign_in = public(SignIn.as_view())
ask_for_code = public(AskForCode.as_view())
enter_code = public(EnterCode.as_view())
