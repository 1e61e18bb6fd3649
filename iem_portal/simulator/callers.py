"""Which account is calling? Resolves access keys, issues role sessions, and lets them expire."""

from __future__ import annotations

import re

from .operations import ApiError
from .wire import Reply, Request
from .world import World

ROLE = re.compile(r"arn:aws[\w-]*:iam::(\d{12}):role/.+")
ACCOUNT_KEY = re.compile(r"\d{12}")
ISSUED_KEY = re.compile(rb"<AccessKeyId>([^<]+)</AccessKeyId>")
DEFAULT_DURATION_S = 3600


def account_of(world: World, request: Request, now: float) -> str:
    """The caller's account: a 12-digit access key is the account itself, any other one must have been issued."""
    key = request.scope[0]
    if not key:
        raise ApiError("MissingAuthenticationTokenException", "The request is not signed.", 403)
    if ACCOUNT_KEY.fullmatch(key):
        return _known(world, key)
    if key not in world.role_sessions:
        raise ApiError(
            "UnrecognizedClientException", "The security token included in the request is invalid.", 403
        )
    account, expires_at = world.role_sessions[key]
    if now >= expires_at:
        code = "ExpiredTokenException" if "x-amz-target" in request.headers else "ExpiredToken"
        raise ApiError(code, "The security token included in the request is expired.", 403)
    return account


def _known(world: World, account: str) -> str:
    if world.account(account) is None:
        known = ", ".join(sorted(world.scenario.accounts))
        message = f"The simulated AWS has no account {account}; its scenario knows {known}."
        raise ApiError("UnrecognizedClientException", message, 403)
    return account


def check_assume_role(world: World, request: Request) -> None:
    """The trust of the role: its account exists, and its external id is given where one is wanted."""
    form = request.form()
    match = ROLE.fullmatch(form.get("RoleArn", ""))
    account = world.account(match[1]) if match else None
    if account is None or (account.external_id and form.get("ExternalId") != account.external_id):
        raise ApiError(
            "AccessDenied", f"Not authorized to perform sts:AssumeRole on {form.get('RoleArn')}.", 403
        )


def remember_session(world: World, request: Request, reply: Reply, now: float) -> None:
    """Note the account and expiry of the credentials that an AssumeRole handed out (moto never expires them)."""
    form, issued = request.form(), ISSUED_KEY.search(reply.body)
    match = ROLE.fullmatch(form.get("RoleArn", ""))
    if reply.status == 200 and issued and match:
        expires_at = now + int(form.get("DurationSeconds", DEFAULT_DURATION_S))
        with world.lock:
            world.role_sessions[issued[1].decode()] = (match[1], expires_at)
