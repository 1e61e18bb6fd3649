"""Answers that are well formed and wrong: semantic edits of a good GetMetricData answer (or any paged one)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from .wire import Request


def edit_request(request: Request, action: dict[str, Any]) -> None:
    """Change the question where an edit needs it: small pages are asked for, a made-up token is taken out."""
    if action.get("edit") == "small_pages":
        request.body = json.dumps({**request.json(), "MaxDatapoints": action.get("datapoints", 10)}).encode()
    elif action.get("edit") in ("token_loop", "new_tokens"):
        data = {key: value for key, value in request.json().items() if key.lower() != "nexttoken"}
        request.body = json.dumps(data).encode()


def _results(data: dict[str, Any]) -> list[dict[str, Any]]:
    return data.get("MetricDataResults", [])


def _status(code: str) -> Callable[[dict[str, Any], int], None]:
    def edit(data: dict[str, Any], turn: int) -> None:
        for result in _results(data)[::2]:
            result["StatusCode"] = code

    return edit


def drop_half(data: dict[str, Any], turn: int) -> None:
    for key, value in data.items():
        if isinstance(value, list):
            data[key] = value[1::2]


def mismatch(data: dict[str, Any], turn: int) -> None:
    for result in _results(data)[:1]:
        result["Values"] = result["Values"][:-1]


def duplicates(data: dict[str, Any], turn: int) -> None:
    for result in _results(data):
        result["Timestamps"] = result["Timestamps"] * 2
        result["Values"] = result["Values"] * 2


def not_a_number(data: dict[str, Any], turn: int) -> None:
    for result in _results(data)[:1]:
        result["Values"][:1] = [float("nan")]


def unsorted(data: dict[str, Any], turn: int) -> None:
    for result in _results(data):
        result["Timestamps"] = result["Timestamps"][1::2] + result["Timestamps"][::2]
        result["Values"] = result["Values"][1::2] + result["Values"][::2]


def token_loop(data: dict[str, Any], turn: int) -> None:
    """The same token for ever."""
    data[_token_key(data)] = "c2FtZQ=="


def new_tokens(data: dict[str, Any], turn: int) -> None:
    """A new token for ever."""
    data[_token_key(data)] = f"token{turn}"


def _token_key(data: dict[str, Any]) -> str:
    return "nextToken" if any(key[0].islower() for key in data) else "NextToken"


EDITS: dict[str, Callable[[dict[str, Any], int], None]] = {
    "partial": _status("PartialData"),
    "internal_error": _status("InternalError"),
    "forbidden": _status("Forbidden"),
    "drop_half": drop_half,
    "mismatch": mismatch,
    "duplicates": duplicates,
    "nan": not_a_number,
    "unsorted": unsorted,
    "token_loop": token_loop,
    "new_tokens": new_tokens,
}
