"""When does the simulated AWS misbehave, and how? Rules that match calls, and what each does to the answer."""

from __future__ import annotations

import json
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any

from .edits import EDITS, edit_request
from .wire import Reply, Request, error_reply

ACTIONS = (
    "error",
    "raw",
    "latency_s",
    "truncate",
    "empty",
    "cut",
    "reset",
    "drip_s",
    "header",
    "corrupt",
    "edit",
)
FIRED_KEPT = 2_000


@dataclass(slots=True)
class Rule:
    """Strike calls that match: after `after` matches, every `every`-th, at most `times` times (0: for ever)."""

    id: int
    action: dict[str, Any]
    service: str = ""
    operation: str = ""
    account: str = ""
    region: str = ""
    times: int = 0
    after: int = 0
    every: int = 1
    matched: int = field(default=0, init=False)
    struck: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        unknown = set(self.action) - {*ACTIONS, "status", "datapoints"}
        if unknown or not self.action:
            raise ValueError(f"a fault action is one of {', '.join(ACTIONS)}; not {sorted(unknown)}")
        if "edit" in self.action and self.action["edit"] not in {*EDITS, "small_pages"}:
            raise ValueError(
                f"{self.action['edit']!r} is not an edit; known: {', '.join(EDITS)}, small_pages"
            )

    def matches(self, call: dict[str, str]) -> bool:
        return all(
            getattr(self, key) in ("", call[key]) for key in ("service", "operation", "account", "region")
        )

    def count(self) -> bool:
        """Note one match; does it strike?"""
        self.matched += 1
        turn = self.matched - self.after
        if turn <= 0 or (turn - 1) % self.every or (self.times and self.struck >= self.times):
            return False
        self.struck += 1
        return True


class Faults:
    """The rules in force; the first that strikes wins."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._fired: deque[dict[str, Any]] = deque(maxlen=FIRED_KEPT)
        self._lock = threading.Lock()
        self._next = 1

    def add(self, data: dict[str, Any]) -> int:
        with self._lock:
            rule = Rule(id=self._next, **data)
            self._next += 1
            self._rules.append(rule)
            return rule.id

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._fired.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(rule) for rule in self._rules]

    def fired(self) -> list[dict[str, Any]]:
        with self._lock:
            return list(self._fired)

    def strike(self, *, at: float, **call: str) -> Rule | None:
        with self._lock:
            for rule in self._rules:
                if rule.matches(call) and rule.count():
                    self._fired.append({"rule": rule.id, "at": at, **call})
                    return rule
        return None

    def before(self, rule: Rule, request: Request) -> Reply | None:
        """The answer that replaces the good one, if the rule does not need the good one."""
        action = rule.action
        edit_request(request, action)
        status = action.get("status", 200)
        if action.get("reset"):
            return Reply(status, is_reset=True)
        if "error" in action:
            code = action["error"]
            return error_reply(
                request, code, f"{code} (injected)", action.get("status", 400), f"fault-{rule.id}"
            )
        if "raw" in action:
            kind = "text/html" if action["raw"].lstrip().startswith("<") else "application/x-amz-json-1.1"
            return Reply(status, action["raw"].encode(), {"Content-Type": kind})
        if action.get("empty"):
            return Reply(status, b"", {"Content-Type": "application/x-amz-json-1.1"})
        return None

    def after(self, rule: Rule, request: Request, reply: Reply) -> Reply:
        """The good answer, spoiled."""
        action = rule.action
        if action.get("edit") in EDITS:
            data = json.loads(reply.body)
            EDITS[action["edit"]](data, rule.struck)
            reply.body = json.dumps(data, separators=(",", ":")).encode()
        if "truncate" in action:
            reply.body = reply.body[: int(len(reply.body) * action["truncate"])]
        if action.get("corrupt"):
            reply.body = reply.body[:1] + b"\xff\xfe" + reply.body[1:]
        if action.get("cut"):
            reply.cut_after = len(reply.body) // 2
        reply.headers.update(action.get("header", {}))
        reply.wait_s = action.get("latency_s", 0.0)
        reply.drip_s = action.get("drip_s", 0.0)
        return reply
