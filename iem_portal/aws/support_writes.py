"""Writes a support case: opens it, replies, resolves it; and asks AWS beforehand whether it would take it.

Each of these goes out once. Without an answer (timeout, transient, malformed) AWS may have taken it all the same:
look with :mod:`iem_portal.aws.support` before anything is sent again. CreateCase has no token against doubles.
Source: AWS Support API, CreateCase, AddAttachmentsToSet, AddCommunicationToCase, ResolveCase,
DescribeCreateCaseOptions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from . import deadline
from .calling import call
from .errors import AwsError
from .targets import Target

LONGEST_BODY = 8000  # characters of a communication
MOST_ATTACHED = 3  # files of a set
DRY_RUN_OK = "DryRunOperationException"


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as it would be opened, in AWS's codes."""

    subject: str
    body: str
    service: str
    category: str
    severity: str
    issue_type: str = "technical"  # or customer-service
    language: str = "en"
    attachment_set: str = ""  # from add_attachments

    def request(self) -> dict[str, Any]:
        """As CreateCase wants it; what is empty is left to AWS's own choice."""
        words = {
            "subject": self.subject,
            "communicationBody": self.body,
            "serviceCode": self.service,
            "categoryCode": self.category,
            "severityCode": self.severity,
            "issueType": self.issue_type,
            "language": self.language,
            "attachmentSetId": self.attachment_set,
        }
        return {key: value for key, value in words.items() if value}


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file on its way to AWS: at most 5 MB."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class SupportService:
    """A service one can open a case for, with its (code, name) categories."""

    code: str
    name: str
    categories: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class CaseOptions:
    """Whether AWS answers in the language: available, best_effort or unavailable; and by which ways."""

    availability: str
    ways: Sequence[str] = ()  # web, chat, call


def open_case(target: Target, case: NewCase, *, deadline_s: float = deadline.TARGET_DEADLINE_S) -> str:
    """Open it; AWS's long case id."""
    return deadline.run_within(
        deadline_s,
        lambda: call(target, "support", "CreateCase", needs=("caseId",), is_write=True, **case.request())[
            "caseId"
        ],
    )


def add_attachments(
    target: Target, files: Sequence[NewAttachment], *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> str:
    """Put up to three files into a set that lives for an hour; its id, for one case or one message.

    A set that nobody names in time is forgotten by AWS, so a second one does no harm.
    """
    rows = [{"fileName": file.name, "data": file.data} for file in files]
    return deadline.run_within(
        deadline_s,
        lambda: call(
            target,
            "support",
            "AddAttachmentsToSet",
            needs=("attachmentSetId",),
            is_write=True,
            attachments=rows,
        )["attachmentSetId"],
    )


def add_message(
    target: Target,
    case_id: str,
    text: str,
    *,
    attachment_set: str = "",
    deadline_s: float = deadline.TARGET_DEADLINE_S,
) -> None:
    """Write into the case, with the files of a set."""
    words = {"caseId": case_id, "communicationBody": text}
    if attachment_set:
        words["attachmentSetId"] = attachment_set
    deadline.run_within(
        deadline_s,
        lambda: call(target, "support", "AddCommunicationToCase", needs=("result",), is_write=True, **words),
    )


def resolve_case(target: Target, case_id: str, *, deadline_s: float = deadline.TARGET_DEADLINE_S) -> None:
    """Close the case; done twice it stays closed."""
    deadline.run_within(
        deadline_s,
        lambda: call(
            target, "support", "ResolveCase", needs=("finalCaseStatus",), is_write=True, caseId=case_id
        ),
    )


def probe_open(
    target: Target, case: NewCase, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> AwsError | None:
    """Would AWS take this case? None when it says so; nothing is opened (dryRun)."""
    try:
        deadline.run_within(
            deadline_s,
            lambda: call(
                target,
                "support",
                "CreateCase",
                needs=("caseId",),
                is_write=True,
                dryRun=True,
                **case.request(),
            ),
        )
    except AwsError as error:
        return None if error.code == DRY_RUN_OK else error
    return None


def read_services(
    target: Target, *, language: str = "en", deadline_s: float = deadline.TARGET_DEADLINE_S
) -> list[SupportService]:
    """Every service and its categories, by name. AWS changes the codes: read them fresh each time."""

    def read() -> list[SupportService]:
        answer = call(target, "support", "DescribeServices", needs=("services",), language=language)
        found = [
            SupportService(
                row["code"],
                row.get("name", row["code"]),
                [(one["code"], one.get("name", one["code"])) for one in row.get("categories", [])],
            )
            for row in answer["services"]
        ]
        return sorted(found, key=lambda one: one.name.lower())

    return deadline.run_within(deadline_s, read)


def read_options(
    target: Target, case: NewCase, *, deadline_s: float = deadline.TARGET_DEADLINE_S
) -> CaseOptions:
    """Does AWS answer such a case in its language, and by which ways?"""

    def read() -> CaseOptions:
        answer = call(
            target,
            "support",
            "DescribeCreateCaseOptions",
            needs=("languageAvailability", "communicationTypes"),
            issueType=case.issue_type,
            serviceCode=case.service,
            categoryCode=case.category,
            language=case.language,
        )
        ways = [row["type"] for row in answer.get("communicationTypes", []) if row.get("type")]
        return CaseOptions(answer.get("languageAvailability", ""), ways)

    return deadline.run_within(deadline_s, read)
