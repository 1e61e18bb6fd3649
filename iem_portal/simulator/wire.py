"""How does a request arrive and an answer leave? HTTP messages, SigV4 scope, and errors in each protocol's form."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

CREDENTIAL = re.compile(r"Credential=([^/,\s]+)/(\d{8})/([^/]+)/([^/]+)/aws4_request")
FORM = "application/x-www-form-urlencoded"
REST_XML = ("s3", "route53", "cloudfront")


@dataclass(slots=True)
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def scope(self) -> tuple[str, str, str]:
        """Access key, region and signing name of the signature; empty strings without one."""
        match = CREDENTIAL.search(self.headers.get("authorization", ""))
        return (match[1], match[3], match[4]) if match else ("", "", "")

    @property
    def target(self) -> tuple[str, str]:
        """Prefix and operation of X-Amz-Target."""
        prefix, _, operation = self.headers.get("x-amz-target", "").partition(".")
        return prefix, operation

    def form(self) -> dict[str, str]:
        """The fields of a query-protocol request."""
        return {key: values[0] for key, values in parse_qs(self.body.decode("utf-8", "replace")).items()}

    def json(self) -> Any:
        return json.loads(self.body or b"{}")


@dataclass(slots=True)
class Reply:
    """An answer, and what the fault layer wants done to it on its way to the socket."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    drip_s: float = 0.0  # pause before each tenth of the body
    cut_after: int | None = None  # promise the whole body, close after so many bytes
    is_reset: bool = False  # a TCP reset instead of an answer


def json_reply(
    data: Any, *, status: int = 200, version: str = "1.1", headers: dict[str, str] | None = None
) -> Reply:
    body = json.dumps(data, separators=(",", ":")).encode()
    return Reply(status, body, {"Content-Type": f"application/x-amz-json-{version}", **(headers or {})})


def plain_json(data: Any, status: int = 200) -> Reply:
    """An answer of the admin door."""
    return Reply(
        status, json.dumps(data, separators=(",", ":")).encode(), {"Content-Type": "application/json"}
    )


def error_reply(request: Request, code: str, message: str, status: int, request_id: str) -> Reply:
    """An error in the form that the client's protocol expects."""
    headers = {"x-amzn-RequestId": request_id}
    if "x-amz-target" in request.headers:
        return json_reply({"__type": code, "message": message}, status=status, headers=headers)
    signing = request.scope[2]
    if signing not in REST_XML and not request.headers.get("content-type", "").startswith(FORM):
        return json_reply({"message": message}, status=status, headers={**headers, "x-amzn-errortype": code})
    code, message = escape(code), escape(message)
    inner = f"<Code>{code}</Code><Message>{message}</Message>"
    if signing == "ec2":
        text = (
            f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{request_id}</RequestID></Response>"
        )
    elif signing == "s3":
        text = f"<Error>{inner}<RequestId>{request_id}</RequestId></Error>"
    else:
        text = (
            f"<ErrorResponse><Error><Type>Sender</Type>{inner}</Error>"
            f"<RequestId>{request_id}</RequestId></ErrorResponse>"
        )
    return Reply(status, text.encode(), {"Content-Type": "text/xml", **headers})
