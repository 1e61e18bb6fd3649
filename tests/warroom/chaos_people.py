"""People in the war room while everything dies: they write notes, finish steps, and press again without an answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field

EVENT = "IEM-2611"
TOKEN = "c" * 32  # both halves of the double-submitted cookie
ANSWER_S = 6.0
AGAIN_S = 0.4
#: One request in so many is hung up on before its answer, as a browser that is closed does.
HANGS_UP_IN = 5
#: From the demo's present to its end: a step with its acts, a gate with its decision.
NIGHT: tuple[tuple[str, str], ...] = (
    ("DB-05", "finish"),
    *((code, act) for code in ("APP-04", "QA-01", "QA-02") for act in ("start", "finish")),
    ("G3", "go"),
    *((code, act) for code in ("NET-01", "NET-02") for act in ("start", "finish")),
    ("G4", "open"),
    *((code, act) for code in ("APP-05", "OPS-01", "COM-02", "APP-06", "OPS-02") for act in ("start", "finish")),
)  # fmt: skip
REACHED = {"start": {"running", "done"}, "finish": {"done"}}


@dataclass
class Person:
    """Somebody signed in, with a browser or a program of theirs."""

    port: int
    session: str
    luck: random.Random
    unanswered: int = 0

    def send(
        self, method: str, path: str, body: dict | None = None, *, is_form: bool = False
    ) -> tuple[int, bytes]:
        """One request; (0, b"") without an answer."""
        kind = "application/x-www-form-urlencoded" if is_form else "application/json"
        headers = {
            "Cookie": f"sessionid={self.session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Content-Type": kind,
        }
        sent = None if body is None else urllib.parse.urlencode(body) if is_form else json.dumps(body)
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_S)
        try:
            wire.request(method, path, sent, headers)
            if method == "POST" and self.luck.randrange(HANGS_UP_IN) == 0:
                raise TimeoutError
            answer = wire.getresponse()
            return answer.status, answer.read()
        except (OSError, http.client.HTTPException):
            self.unanswered += 1
            return 0, b""
        finally:
            wire.close()


@dataclass
class Writing:
    """One who writes notes, half of them in the form and half by the API, each until it is answered."""

    person: Person
    every_s: float
    begun: dict[str, float] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    presses: int = 0

    def go_on(self, stop: threading.Event) -> None:
        """Until `stop`; the last one is seen through."""
        while not stop.wait(self.person.luck.uniform(0.5, 1.5) * self.every_s):
            self._write(f"note-{uuid.uuid4().hex[:10]}")

    def _write(self, text: str) -> None:
        note, is_form = {"text": text, "client_id": str(uuid.uuid4())}, self.person.luck.random() < 0.5
        path = f"/e/{EVENT}/timeline/" if is_form else f"/api/v1/engagements/{EVENT}/timeline/"
        self.begun[text] = time.monotonic()
        while True:
            self.presses += 1
            status, said = self.person.send("POST", path, note, is_form=is_form)
            if status in (201, 303):
                self.answered[text] = time.monotonic()
                return
            if 400 <= status < 500:
                raise RuntimeError(f"{path}: {status} {said[:300]!r}")
            time.sleep(AGAIN_S)


@dataclass
class Working:
    """Two who carry the runbook out step by step, asking before each press how the step stands."""

    person: Person
    finisher: Person
    every_s: float
    done: list[tuple[str, str]] = field(default_factory=list)
    presses: int = 0

    def go_on(self, stop: threading.Event) -> None:
        """Until `stop` or the end of the night."""
        for code, act in NIGHT:
            if stop.wait(self.person.luck.uniform(0.5, 1.5) * self.every_s):
                return
            while not self._acted(code, act):
                time.sleep(AGAIN_S)
            self.done.append((code, act))

    def _acted(self, code: str, act: str) -> bool:
        path = f"/api/v1/engagements/{EVENT}/steps/{code}/"
        status, said = self.person.send("GET", path)
        if status != 200:
            return False
        step = json.loads(said)
        if step["status"] in REACHED.get(act, ()) or step["decision"] == act:
            return True
        words = {"base_version": step["version"], "is_for_owner": True, "is_criterion_met": True}
        words |= {"evidence": f"Report of {code}", "decision": act, "reason": "Chaos"}
        self.presses += 1
        who = self.person if act == "start" else self.finisher  # four eyes
        status, said = who.send("POST", f"{path}{act if act in REACHED else 'decide'}/", words)
        if status == 422:
            raise RuntimeError(f"{code} {act}: {said[:300]!r}")
        return status == 200
