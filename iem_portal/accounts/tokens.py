"""How a program signs in: a person's one token, shown once, ended with the person's account.

Only a digest is kept: whoever reads the database, or a copy of it, cannot sign in with what stands there.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from rest_framework.authentication import TokenAuthentication
from rest_framework.authtoken.models import Token
from rest_framework.exceptions import AuthenticationFailed

from iem_portal.accounts.adapter import may_sign_in
from iem_portal.accounts.models import User


class PersonsToken(TokenAuthentication):
    """DRF's token sign-in, closed to accounts that may not sign in on the pages either."""

    def authenticate_credentials(self, key: str):
        """The person and the token of a key; raises AuthenticationFailed (401)."""
        user, token = super().authenticate_credentials(digest(key))
        if not may_sign_in(user):
            raise AuthenticationFailed()
        return user, token


def digest(key: str) -> str:
    """What is kept of a key: 160 bits of its SHA-256 in hex. A key is random, so it needs neither salt nor rounds."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def make(user: User) -> str:
    """A new key for this person; the one before ends at once."""
    with transaction.atomic():
        Token.objects.filter(user=user).delete()
        key = secrets.token_hex(20)
        Token.objects.create(user=user, key=digest(key))
    return key


def end(user: User) -> None:
    """Programs of this person are out."""
    Token.objects.filter(user=user).delete()


def made_at(user: User) -> datetime | None:
    """When the person's token was made (UTC), or None when there is none."""
    return Token.objects.filter(user=user).values_list("created", flat=True).first()
