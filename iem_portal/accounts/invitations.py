"""How someone without an account comes in: a letter with a secret that counts once and for 14 days."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from iem_portal.accounts.models import Customer, Invitation, User
from iem_portal.notifications import outbox

VALID_FOR = timedelta(days=14)
TOKEN_BYTES = 32


class InvitationError(Exception):
    """An invitation that does not open; ``code`` is unknown, expired, revoked, used or member."""

    TEXTS = {
        "unknown": _("This invitation is not known. Ask the person who invited you for a new one."),
        "expired": _("This invitation is older than 14 days. Ask the person who invited you for a new one."),
        "revoked": _("This invitation was withdrawn."),
        "used": _("This invitation was already used. Sign in with your e-mail address."),
        "member": _("This e-mail address already has an account. Sign in with it."),
    }

    def __init__(self, code: str):
        self.code = code
        super().__init__(code)

    @property
    def text(self) -> str:
        """The reason in the reader's language."""
        return str(self.TEXTS[self.code])


def invite(
    *, email: str, name: str, customer: Customer | None, language: str, by: User, now: datetime
) -> tuple[Invitation, str]:
    """Write an invitation and put its letter into the outbox; returns it with the secret, kept nowhere.

    ``customer`` None invites to AWS's side. Raises InvitationError("member") when the address has an
    account. An earlier open invitation of the same address stays valid.
    """
    if User.objects.filter(email__iexact=email).exists():
        raise InvitationError("member")
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with transaction.atomic():
        invitation = Invitation.objects.create(
            email=email.lower(),
            name=name,
            customer=customer,
            language=language,
            token_digest=digest(token),
            invited_by=by,
            created_at=now,
            expires_at=now + VALID_FOR,
        )
        outbox.enqueue([letter(invitation, token, by=by)], now=now)
    return invitation, token


def find(*, token: str, now: datetime) -> Invitation:
    """The open invitation of a secret; raises InvitationError saying why there is none."""
    invitation = (
        Invitation.objects.select_related("customer", "invited_by").filter(token_digest=digest(token)).first()
    )
    if invitation is None:
        raise InvitationError("unknown")
    if invitation.accepted_at:
        raise InvitationError("used")
    if invitation.revoked_at:
        raise InvitationError("revoked")
    if invitation.expires_at <= now:
        raise InvitationError("expired")
    return invitation


def accept(*, token: str, name: str, password: str, now: datetime) -> User:
    """Make the account of the invited person; an empty password leaves sign-in by code only.

    Raises InvitationError. The password's quality is the form's business. Of two people with the same
    link one gets in: the row is claimed by a conditional UPDATE.
    """
    invitation = find(token=token, now=now)
    with transaction.atomic():
        is_mine = Invitation.objects.filter(
            pk=invitation.pk, accepted_at=None, revoked_at=None, expires_at__gt=now
        ).update(accepted_at=now)
        if not is_mine:
            raise InvitationError("used")
        if User.objects.filter(email__iexact=invitation.email).exists():
            raise InvitationError("member")
        return User.objects.create_user(
            invitation.email,
            password or None,
            name=name,
            customer=invitation.customer,
            language=invitation.language,
            time_zone=invitation.invited_by.time_zone,
            joined_at=now,
        )


def revoke(*, invitation: Invitation, by: User, now: datetime) -> bool:
    """Withdraw an invitation; False when it was already used or withdrawn."""
    return bool(
        Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None).update(revoked_at=now)
    )


def digest(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def letter(invitation: Invitation, token: str, *, by: User) -> outbox.Message:
    """The mail of an invitation. The outbox is a table too, so the secret is sealed in it."""
    return outbox.Message(
        key=f"invitation:{invitation.pk}:email",
        channel="email",
        address=invitation.email,
        user_id=None,
        language=invitation.language,
        time_zone=by.time_zone,
        template="accounts/mail/invitation",
        params={
            "name": invitation.name,
            "by": by.name,
            "customer": invitation.customer.name if invitation.customer else "",
            "expires_at": {"at": invitation.expires_at.isoformat()},
            "sealed": seal(token, invitation.token_digest),
            "digest": invitation.token_digest,
        },
        engagement_id=None,
    )


def seal(token: str, token_digest: str) -> str:
    """A secret that only this portal's SECRET_KEY opens: exclusive-or with a pad used for this one only."""
    return base64.urlsafe_b64encode(_xor(token.encode(), _pad(token_digest, len(token)))).decode()


def join_link(sealed: str, token_digest: str) -> str:
    """The address the letter points to."""
    return f"{settings.BASE_URL}/join/{unseal(sealed, token_digest)}/"


def unseal(sealed: str, token_digest: str) -> str:
    """The secret that :func:`seal` closed."""
    data = base64.urlsafe_b64decode(sealed)
    return _xor(data, _pad(token_digest, len(data))).decode()


def _pad(token_digest: str, size: int) -> bytes:
    pad = b""
    while len(pad) < size:
        pad += salted_hmac("accounts.invitation", f"{token_digest}{len(pad)}", algorithm="sha256").digest()
    return pad[:size]


def _xor(data: bytes, pad: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(data, pad, strict=True))
