"""What do the customer's support cases say? Reading only; `support_writes` opens and answers them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from . import deadline
from .calling import call, pages
from .targets import Target

BATCH = 100  # AWS: at most 100 case ids in a request
PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class Communication:
    """One message on a case (`at` in UTC)."""

    case_id: str
    at: datetime
    by: str
    text: str
    is_from_aws: bool
    files: Sequence[tuple[str, str]] = ()  # (AWS's id, name) of what came with it


@dataclass(frozen=True, slots=True)
class SupportCase:
    """A case as it stands now; `display_id` is the number that people say."""

    case_id: str
    display_id: str
    subject: str
    status: str  # unassigned, work-in-progress, pending-customer-action, …, resolved; unknown words are kept
    severity: str
    service: str
    category: str
    submitted_by: str
    created_at: datetime
    language: str
    recent: Sequence[Communication] = ()  # at most the 5 newest, newest first


def read_cases(
    target: Target,
    case_ids: Sequence[str] = (),
    *,
    since: datetime | None = None,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> list[SupportCase]:
    """These cases, or without ids every case opened since `since`, resolved ones too; newest first. The Support API
    needs a plan that includes it (AwsError plan)."""
    requests: list[dict[str, Any]] = [
        {"caseIdList": list(case_ids[begin : begin + BATCH])} for begin in range(0, len(case_ids), BATCH)
    ]
    if not case_ids:
        requests = [{"afterTime": _text(since)} if since else {}]

    def read() -> list[SupportCase]:
        found = [
            _case(row)
            for request in requests
            for answer in pages(
                target,
                "support",
                "DescribeCases",
                next_page="nextToken",
                needs=("cases",),
                includeResolvedCases=True,
                maxResults=PER_PAGE,
                **request,
            )
            for row in answer["cases"]
        ]
        return sorted(found, key=lambda case: case.created_at, reverse=True)

    return deadline.run_within(deadline_s, read)


def find_case(
    target: Target, display_id: str, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> SupportCase | None:
    """The case with the number that people say, resolved or not; None when this account has none."""

    def read() -> SupportCase | None:
        answer = call(
            target,
            "support",
            "DescribeCases",
            needs=("cases",),
            displayId=display_id,
            includeResolvedCases=True,
        )
        return next((_case(row) for row in answer["cases"]), None)

    return deadline.run_within(deadline_s, read)


def read_communications(
    target: Target,
    case_id: str,
    *,
    since: datetime | None = None,
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> list[Communication]:
    """The messages of a case at or after `since`, oldest first."""
    request = {"afterTime": _text(since)} if since else {}

    def read() -> list[Communication]:
        found = [
            _communication(row, case_id)
            for answer in pages(
                target,
                "support",
                "DescribeCommunications",
                next_page="nextToken",
                needs=("communications",),
                caseId=case_id,
                maxResults=PER_PAGE,
                **request,
            )
            for row in answer["communications"]
        ]
        return sorted(found, key=lambda one: one.at)

    return deadline.run_within(deadline_s, read)


def read_attachment(
    target: Target, attachment_id: str, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> bytes:
    """The bytes of a file of a message (AWS keeps it as long as the case)."""

    def read() -> bytes:
        answer = call(
            target, "support", "DescribeAttachment", needs=("attachment",), attachmentId=attachment_id
        )
        return answer["attachment"].get("data", b"")

    return deadline.run_within(deadline_s, read)


def read_severities(
    target: Target, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[tuple[str, str]]:
    """(code, name) of the severities that the account's plan offers."""

    def read() -> list[tuple[str, str]]:
        answer = call(target, "support", "DescribeSeverityLevels", needs=("severityLevels",))
        return [(row["code"], row["name"]) for row in answer["severityLevels"]]

    return deadline.run_within(deadline_s, read)


def _case(row: dict[str, Any]) -> SupportCase:
    recent = row.get("recentCommunications", {}).get("communications", [])
    return SupportCase(
        case_id=row["caseId"],
        display_id=row.get("displayId", ""),
        subject=row.get("subject", ""),
        status=row.get("status", ""),
        severity=row.get("severityCode", ""),
        service=row.get("serviceCode", ""),
        category=row.get("categoryCode", ""),
        submitted_by=row.get("submittedBy", ""),
        created_at=_moment(row["timeCreated"]),
        language=row.get("language", ""),
        recent=tuple(_communication(one, row["caseId"]) for one in recent),
    )


def _communication(row: dict[str, Any], case_id: str) -> Communication:
    by = row.get("submittedBy", "")
    return Communication(
        case_id=row.get("caseId", case_id),
        at=_moment(row["timeCreated"]),
        by=by,
        text=row.get("body", ""),
        is_from_aws=by.strip().lower() == "amazon web services",
        files=tuple((one["attachmentId"], one.get("fileName", "")) for one in row.get("attachmentSet") or ()),
    )


def _moment(text: str) -> datetime:
    """The Support API gives times as ISO 8601 strings."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
