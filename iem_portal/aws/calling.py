"""One call to AWS: counted, checked, and its failures named. All other modules of this package call through here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name

from . import deadline, sessions
from .errors import EXPIRED, INCOMPLETE, MALFORMED, AwsError, from_exception
from .ledger import CallCount, counted
from .targets import Target

DRY_RUN_OK = "DryRunOperationException"
MAX_PAGES = 50  # a server that hands out new tokens for ever must not hold a poll


def call(
    target: Target,
    service: str,
    operation: str,
    *,
    needs: Sequence[str],
    metrics: int = 0,
    statistics: int = 0,
    is_write: bool = False,
    **request: Any,
) -> dict[str, Any]:
    """The answer of one operation; `needs` names the members of which at least one must be there.

    botocore turns a 200 answer with HTML, half a document or nothing into a successful empty result. So an answer
    without its members is malformed; it is asked for once more, and never taken for "nothing there". An expired
    role session is renewed once, for AWS did nothing then. Raises AwsError only.

    A write goes out once, however it ends: the caller has to look what became of it before it writes again.
    """
    renewed, asked_again = False, is_write
    while True:
        try:
            return _once(target, service, operation, needs, metrics, statistics, is_write, request)
        except AwsError as error:
            if error.kind == EXPIRED and not renewed:
                renewed = True
                sessions.forget_account(target)
            elif error.kind == MALFORMED and not asked_again:
                asked_again = True
            else:
                raise


def _once(
    target: Target,
    service: str,
    operation: str,
    needs: Sequence[str],
    metrics: int,
    statistics: int,
    is_write: bool,
    request: dict[str, Any],
) -> dict[str, Any]:
    what = f"{service} {operation}"
    count = CallCount(target.account_id, target.region_for(service), service, operation)
    with counted(count, metrics=metrics, statistics=statistics):
        try:
            deadline.check()
            client = sessions.client(target, service, is_write=is_write)
            method = getattr(client, xform_name(operation))
            answer = method(**request)
            if not any(isinstance(answer.get(name), (list, dict, str, bool)) for name in needs):
                request_id = answer.get("ResponseMetadata", {}).get("RequestId", "")
                raise AwsError(
                    MALFORMED, "NoAnswer", f"{what}: the answer has no {' or '.join(needs)}", request_id
                )
            return answer
        except Exception as error:
            named = from_exception(error, what)
            # A dry run that AWS would have taken is answered with an error that says so.
            count.outcome = "ok" if named.code == DRY_RUN_OK else named.kind
            raise named from error


def pages(
    target: Target,
    service: str,
    operation: str,
    *,
    next_page: str = "NextToken",
    ask_with: str = "",
    **request: Any,
) -> Iterator[dict[str, Any]]:
    """Every page of an answer; `next_page` names the member with the token, `ask_with` the one it is sent back in
    when that has another name. A token that comes twice, or too many pages, is an incomplete answer."""
    seen: set[str] = set()
    for _ in range(MAX_PAGES):
        answer = call(target, service, operation, **request)
        yield answer
        following = answer.get(next_page)
        if not following:
            return
        if following in seen:
            raise AwsError(INCOMPLETE, "TokenLoop", f"{service} {operation}: the same page token came twice")
        seen.add(following)
        request[ask_with or next_page] = following
    raise AwsError(INCOMPLETE, "TooManyPages", f"{service} {operation}: more than {MAX_PAGES} pages")


def utc(moment: datetime | None) -> datetime | None:
    """The portal knows UTC only, whatever a client hands out."""
    if moment is None or moment.tzinfo is UTC:
        return moment
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
