"""Which operations does the simulator answer itself, and how does one of them say no?"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .world import World

NOT_SIMULATED = "NotImplementedBySimulator"


class ApiError(Exception):
    """An error that the caller of the API gets, as AWS would say it."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.status = code, message, status


class SimulatorBug(Exception):
    """The simulator was about to answer something that the AWS model does not allow."""


@dataclass(frozen=True, slots=True)
class Call:
    """Who calls, where, and when: all that an operation may know besides its request."""

    world: World
    account: str
    region: str
    now: float

    @property
    def t0(self) -> int:
        return self.world.clock.t0()

    def epoch(self, minute: float) -> float:
        """Epoch seconds of a scenario minute (minutes relative to T0)."""
        return self.t0 + minute * 60


Handler = Callable[[Call, dict[str, Any]], dict[str, Any]]
OPERATIONS: dict[tuple[str, str], Handler] = {}


def operation(service: str, name: str) -> Callable[[Handler], Handler]:
    """Register the function that answers one operation."""

    def register(handler: Handler) -> Handler:
        OPERATIONS[service, name] = handler
        return handler

    return register


def refuse(what: str) -> ApiError:
    """A request that AWS would answer, but this simulator does not: said plainly, never answered emptily."""
    return ApiError(NOT_SIMULATED, f"The simulated AWS does not answer {what}.")


def page(
    request: dict[str, Any],
    items: list[Any],
    *,
    size: int,
    token_key: str = "NextToken",
    bad_token: str = "InvalidNextToken",
) -> tuple[list[Any], dict[str, str]]:
    """One page of `items` and the token member to add; a token is bound to the request that made it."""
    start = read_token(request, token_key, bad_token) or 0
    rest = {token_key: make_token(request, token_key, start + size)} if start + size < len(items) else {}
    return items[start : start + size], rest


def make_token(request: dict[str, Any], token_key: str, position: Any) -> str:
    text = json.dumps([_fingerprint(request, token_key), position], separators=(",", ":"))
    return base64.b64encode(text.encode()).decode()


def read_token(request: dict[str, Any], token_key: str, bad_token: str) -> Any:
    """The position in a token, None without one; a forged or foreign token is refused."""
    token = request.get(token_key)
    if not token:
        return None
    try:
        fingerprint, position = json.loads(base64.b64decode(token, validate=True))
    except (ValueError, TypeError):
        raise ApiError(bad_token, f"The token {token!r} is not valid.") from None
    if fingerprint != _fingerprint(request, token_key):
        raise ApiError(bad_token, "The token belongs to another request.")
    return position


def _fingerprint(request: dict[str, Any], token_key: str) -> str:
    rest = {key: value for key, value in request.items() if key != token_key}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, default=str).encode()).hexdigest()[:16]
