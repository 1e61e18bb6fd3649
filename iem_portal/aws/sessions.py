"""How do we reach an account? One session per account, one client per (account, Region, service), kept per process."""

from __future__ import annotations

import ipaddress
import os
import threading
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.loaders import create_loader
from botocore.session import get_session
from botocore.utils import parse_timestamp
from django.conf import settings

from .errors import AUTH, INVALID, PERMISSION, AwsError
from .ledger import before_send
from .targets import Target

# Measured: "standard" gives up a dead service after 2 s where "legacy" takes 83 s; "adaptive" slows everyone down.
CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=2,
    read_timeout=8,
    max_pool_connections=10,
)
# A request that changes something goes out once: botocore would send it again after a timeout that AWS never felt.
WRITE_CONFIG = CONFIG.merge(Config(retries={"mode": "standard", "total_max_attempts": 1}))
# Where requests are large and made by code of ours alone, botocore need not look through them again: specs are
# checked before (specs.problem_of), and AWS checks what arrives. A third of what reading 5,000 metrics costs here.
CHECKED_BY_US = frozenset({"cloudwatch"})
UNCHECKED = Config(parameter_validation=False)
# botocore renews 15 minutes before the end: 900 s would mean an AssumeRole on every call. 3600 s is also the most
# that a chained role may ask for.
ROLE_SESSION_S = 3600
ROLE_SESSION_NAME = "iem-portal"
SIMULATED_HOME = "000000000000"  # the portal's own account in the simulation

# One copy of the parsed service models for all accounts. Measured: a session of its own costs 9.5 MB and 160 ms
# without this, 0.3 MB and 40 ms with it. The models are only read, so a fork may share them.
_models = create_loader()

_lock = threading.RLock()
_sessions: dict[tuple[str, str, str], boto3.Session] = {}
_clients: dict[tuple[Target, str, bool], Any] = {}
_own_accounts: set[str] = set()


def client(target: Target, service: str, *, is_write: bool = False) -> Any:
    """The boto3 client for a service at a target, pinned to one Region where AWS serves it from one.

    The one for writing never sends a request twice.
    """
    key = (target, service, is_write)
    found = _clients.get(key)
    if found is None:
        _refuse_foreign_account(target)
        with _lock:  # creating clients from one session is not safe in threads, using them is
            found = _clients.get(key)
            if found is None:
                config = WRITE_CONFIG if is_write else CONFIG
                found = _session(target).client(
                    service,
                    region_name=target.region_for(service),
                    config=config.merge(UNCHECKED) if service in CHECKED_BY_US else config,
                )
                _refuse_leaving_simulation(found)
                _clients[key] = found
    return found


def forget_account(target: Target) -> None:
    """Drop what we keep for the account, so that the next call assumes the role anew."""
    with _lock:
        _sessions.pop((target.account_id, target.role_arn, target.external_id), None)
        for key in [key for key in _clients if key[0].account_id == target.account_id]:
            del _clients[key]


def forget() -> None:
    """Drop every session and client; also done in a forked child, which must never share them."""
    _sessions.clear()
    _clients.clear()
    _own_accounts.clear()


def _after_fork() -> None:
    global _lock
    _lock = threading.RLock()  # the parent's may be held by a thread that does not exist here
    forget()


os.register_at_fork(after_in_child=_after_fork)


def _session(target: Target) -> boto3.Session:
    key = (target.account_id, target.role_arn, target.external_id)
    if key not in _sessions:
        core = get_session()
        core.register_component("data_loader", _models)
        core.get_component("response_parser_factory").set_parser_defaults(timestamp_parser=parse_moment)
        if settings.SIMULATED_AWS:
            # The simulator takes a 12-digit access key for the account itself; a real key never gets there.
            home = SIMULATED_HOME if target.role_arn else target.account_id
            core.set_credentials(home, "simulated")
        if target.role_arn:
            core._credentials = _role_credentials(core, target)  # the way botocore's own providers set them
        core.register("before-send", before_send)
        _sessions[key] = boto3.Session(botocore_session=core)
    return _sessions[key]


def _refuse_foreign_account(target: Target) -> None:
    """What we read must belong to the account it is shown under, whatever somebody typed into the account's form.

    A role must be one of that account. Without a role the portal's own credentials are used, and those may only
    speak for the portal's own account (asked once per process; the simulation has no such account to protect).
    """
    if target.role_arn:
        if f"::{target.account_id}:" not in target.role_arn:
            message = f"The role {target.role_arn} is not one of the account {target.account_id}."
            raise AwsError(INVALID, "RoleOfAnotherAccount", message)
        return
    if settings.SIMULATED_AWS or target.account_id in _own_accounts:
        return
    with _lock:
        sts = _session(target).client("sts", region_name=target.region, config=CONFIG)
    own = sts.get_caller_identity()["Account"]
    if own != target.account_id:
        message = (
            f"The portal needs a role to read the account {target.account_id}; its own account is {own}."
        )
        raise AwsError(PERMISSION, "NoRole", message)
    _own_accounts.add(own)


def _role_credentials(core: Any, target: Target) -> DeferredRefreshableCredentials:
    """Credentials of the role, fetched at first use and renewed by botocore."""
    source = core.get_credentials()
    if source is None:
        raise AwsError(
            AUTH, "NoCredentials", "The portal has no AWS credentials of its own to assume roles with."
        )
    extra = {"DurationSeconds": ROLE_SESSION_S, "RoleSessionName": ROLE_SESSION_NAME}
    if target.external_id:
        extra["ExternalId"] = target.external_id
    fetcher = AssumeRoleCredentialFetcher(
        client_creator=partial(_sts, core, target.region),
        source_credentials=source,
        role_arn=target.role_arn,
        extra_args=extra,
    )
    return DeferredRefreshableCredentials(refresh_using=fetcher.fetch_credentials, method="assume-role")


def _sts(core: Any, region: str, service: str, **credentials: Any) -> Any:
    sts = core.create_client(service, region_name=region, config=CONFIG, **credentials)
    _refuse_leaving_simulation(sts)
    return sts


def _refuse_leaving_simulation(made: Any) -> None:
    """In simulation no client may point anywhere but at this machine."""
    if settings.SIMULATED_AWS and not is_loopback(made.meta.endpoint_url):
        raise AwsError(
            INVALID, "EndpointNotLoopback", f"Simulated AWS, but the endpoint is {made.meta.endpoint_url}."
        )


def parse_moment(value: Any) -> datetime:
    """A timestamp of an answer in UTC. botocore's own gives local time and takes a third of a large answer's time."""
    if isinstance(value, (int, float)):
        return _moment(value)
    return parse_timestamp(value).astimezone(UTC)


@lru_cache(maxsize=4096)
def _moment(seconds: float) -> datetime:
    """Thousands of series are answered for the same few minutes."""
    return datetime.fromtimestamp(seconds, UTC)


def is_loopback(url: str) -> bool:
    """Does this URL stay on this machine?"""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
