"""AWS Support: cases with a scripted engineer. Reading changes nothing; only the clock and the customer do."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from ..operations import ApiError, Call, operation, page
from .support_catalog import ALL_DAY, LANGUAGES, SERVICES, availability

TOKEN = {"token_key": "nextToken", "bad_token": "InvalidParameterValueException"}
SEVERITIES = ("low", "normal", "high", "urgent", "critical")
RECENT = 5
CASES_AN_HOUR, HOUR_S = 10, 3600  # Source: AWS Support quotas
MOST_ATTACHED, LARGEST_FILE = 3, 5 * 1024 * 1024


@operation("support", "DescribeSeverityLevels")
def describe_severity_levels(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    return {"severityLevels": [{"code": code, "name": code.capitalize()} for code in SEVERITIES]}


@operation("support", "DescribeServices")
def describe_services(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    known = _services(call)
    return {
        "services": [
            {
                "code": code,
                "name": known[code][0],
                "categories": [{"code": one, "name": name} for one, name in known[code][1].items()],
            }
            for code in request.get("serviceCodeList") or sorted(known)
            if code in known
        ]
    }


@operation("support", "DescribeCreateCaseOptions")
def describe_create_case_options(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    _known_service(call, request)
    is_technical = request["issueType"] == "technical"
    return {
        "languageAvailability": availability(request["language"], is_technical=is_technical),
        "communicationTypes": [
            {"type": one, "supportedHours": [ALL_DAY], "datesWithoutSupport": []}
            for one in ("web", "chat", "call")
        ],
    }


@operation("support", "DescribeSupportedLanguages")
def describe_supported_languages(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    _known_service(call, request)
    return {
        "supportedLanguages": [
            {"code": code, "language": name, "display": name} for code, name in LANGUAGES.items()
        ]
    }


@operation("support", "DescribeCases")
def describe_cases(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    found = _cases(call)
    wanted = request.get("caseIdList")
    if wanted:
        missing = set(wanted) - {case["caseId"] for case in found}
        if missing:
            raise ApiError("CaseIdNotFound", f"No case with the id {sorted(missing)[0]}.")
        found = [case for case in found if case["caseId"] in wanted]
    if request.get("displayId"):
        found = [case for case in found if case["displayId"] == request["displayId"]]
    if not request.get("includeResolvedCases", False):
        found = [case for case in found if case["status"] != "resolved"]
    after, before = _epoch(request.get("afterTime"), 0), _epoch(request.get("beforeTime"), float("inf"))
    found = [case for case in found if after <= case["created"] <= before]
    shown, token = page(request, found, size=request.get("maxResults", 100), **TOKEN)
    return {"cases": [_shown(case, request.get("includeCommunications", True)) for case in shown], **token}


@operation("support", "DescribeCommunications")
def describe_communications(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    case = _find(call, request["caseId"])
    after, before = _epoch(request.get("afterTime"), 0), _epoch(request.get("beforeTime"), float("inf"))
    talk = [one for one in reversed(case["talk"]) if after <= one["at"] <= before]
    shown, token = page(request, talk, size=request.get("maxResults", 100), **TOKEN)
    return {"communications": [_said(case, one) for one in shown], **token}


@operation("support", "AddAttachmentsToSet")
def add_attachments(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    files = request["attachments"]
    if len(files) > MOST_ATTACHED:
        raise ApiError("AttachmentLimitExceeded", "The limit for the number of attachment sets is exceeded.")
    for one in files:
        if len(one["data"]) * 3 // 4 > LARGEST_FILE:
            raise ApiError("AttachmentSetSizeLimitExceeded", f"{one['fileName']} is larger than 5 MB.")
    with call.world.lock:
        number = hashlib.sha256(f"{call.account}/{len(call.world.attachment_sets)}".encode()).hexdigest()[:20]
        names = [one["fileName"] for one in files]
        data = {one["fileName"]: one["data"] for one in files}
        held = {"account": call.account, "at": call.now, "names": names, "data": data}
        call.world.attachment_sets[number] = held
    return {"attachmentSetId": number, "expiryTime": _text(call.now + HOUR_S)}


@operation("support", "DescribeAttachment")
def describe_attachment(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The newest file of this name; one that the scripted engineer sent says so in a line."""
    _allow(call, request)
    name = request["attachmentId"].removeprefix("attachment-")
    sent = any(name in one.get("attached", []) for case in _cases(call) for one in case["talk"])
    if not sent:
        raise ApiError("AttachmentIdNotFound", "An attachment with the specified ID could not be found.")
    line = base64.b64encode(f"{name}, as AWS Support sent it\n".encode()).decode()
    sets = [one for one in call.world.attachment_sets.values() if one["account"] == call.account]
    data = next((one["data"][name] for one in reversed(sets) if name in one["data"]), line)
    return {"attachment": {"fileName": name, "data": data}}


@operation("support", "CreateCase")
def create_case(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    if request.get("severityCode", "low") not in SEVERITIES:
        raise ApiError(
            "InvalidParameterValueException", f"Severity {request['severityCode']!r} is not known."
        )
    _known_service(call, request)
    _allow(call, request)
    attached = _attached(call, request)
    with call.world.lock:
        hour = [
            one
            for one in call.world.written_cases
            if one["account"] == call.account and call.now - one["at"] < HOUR_S
        ]
        if len(hour) >= CASES_AN_HOUR:
            raise ApiError(
                "CaseCreationLimitExceeded", "The case creation limit for the account is exceeded."
            )
        number = 900_000 + len(call.world.written_cases)
        call.world.written_cases.append(
            {**request, "account": call.account, "number": number, "at": call.now, "attached": attached}
        )
    return {"caseId": _case_id(call.account, number, call.t0)}


@operation("support", "AddCommunicationToCase")
def add_communication(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    case = _find(call, request.get("caseId", ""))
    status = "reopened" if case["status"] == "resolved" else "customer-action-completed"
    _write(call, case, request["communicationBody"], status, _attached(call, request))
    return {"result": True}


@operation("support", "ResolveCase")
def resolve_case(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    _allow(call, request)
    case = _find(call, request.get("caseId", ""))
    _write(call, case, "", "resolved")
    return {"initialCaseStatus": case["status"], "finalCaseStatus": "resolved"}


def _services(call: Call) -> dict[str, tuple[str, dict[str, str]]]:
    """Services that a case can be about: the usual ones, and those of the scenario's own cases."""
    known = {code: (name, dict(categories)) for code, (name, categories) in SERVICES.items()}
    for case in call.world.scenario.cases:
        _name, categories = known.setdefault(case.service, (case.service.replace("-", " ").title(), {}))
        categories.setdefault(case.category, case.category.replace("-", " ").capitalize())
        categories.setdefault("other", "Other")
    return known


def _known_service(call: Call, request: dict[str, Any]) -> None:
    service, category = request.get("serviceCode"), request.get("categoryCode")
    if service is None:
        return
    known = _services(call)
    if service not in known or (category is not None and category not in known[service][1]):
        raise ApiError(
            "InvalidParameterValueException", f"There is no category {category!r} of the service {service!r}."
        )


def _allow(call: Call, request: dict[str, Any]) -> None:
    account = call.world.account(call.account)
    if account is None or account.plan == "basic":
        raise ApiError(
            "SubscriptionRequiredException", "This account has no plan that includes the Support API."
        )
    if request.get("dryRun"):
        raise ApiError(
            "DryRunOperationException", "Request would have succeeded, but the DryRun flag is set."
        )


def _write(
    call: Call, case: dict[str, Any], text: str, status: str, attached: list[str] | None = None
) -> None:
    said = {"caseId": case["caseId"], "at": call.now, "by": "customer", "text": text, "status": status}
    with call.world.lock:
        call.world.written_talk.append({**said, "attached": attached or []})


def _attached(call: Call, request: dict[str, Any]) -> list[str]:
    """The names of the files of the set that is named; sets live for an hour."""
    number = request.get("attachmentSetId")
    if not number:
        return []
    found = call.world.attachment_sets.get(number)
    if found is None or found["account"] != call.account:
        raise ApiError(
            "AttachmentSetIdNotFound", "An attachment set with the specified ID could not be found."
        )
    if call.now - found["at"] > HOUR_S:
        raise ApiError("AttachmentSetExpired", "The expiration time of the attachment set has passed.")
    return found["names"]


def _find(call: Call, case_id: str) -> dict[str, Any]:
    for case in _cases(call):
        if case["caseId"] == case_id:
            return case
    raise ApiError("CaseIdNotFound", f"No case with the id {case_id}.")


def _cases(call: Call) -> list[dict[str, Any]]:
    """Every case of the account as it stands now, newest first."""
    built = [
        _case(call, spec.number, call.epoch(spec.created_min), _scripted(spec), spec.talk, "at_min")
        for spec in call.world.scenario.cases
        if spec.account == call.account and call.epoch(spec.created_min) <= call.now
    ]
    for written in list(call.world.written_cases):
        if written["account"] == call.account:
            opening = {
                "after_s": 0,
                "by": "customer",
                "text": written["communicationBody"],
                "status": "unassigned",
                "attached": written.get("attached", []),
            }
            script = [opening, *call.world.scenario.agent]
            built.append(_case(call, written["number"], written["at"], _opened(written), script, "after_s"))
    return sorted(built, key=lambda case: (-case["created"], case["displayId"]))


def _case(
    call: Call, number: int, created: float, fields: dict[str, Any], script: list[dict[str, Any]], key: str
) -> dict[str, Any]:
    case_id = _case_id(call.account, number, call.t0)
    talk = [
        {**entry, "at": call.epoch(entry["at_min"]) if key == "at_min" else created + entry["after_s"]}
        for entry in script
    ]
    written = [entry for entry in list(call.world.written_talk) if entry["caseId"] == case_id]
    if any(entry["status"] == "resolved" for entry in written):
        closed = min(entry["at"] for entry in written if entry["status"] == "resolved")
        talk = [entry for entry in talk if entry["at"] <= closed]  # nobody works on a closed case
    heard = sorted((one for one in [*talk, *written] if one["at"] <= call.now), key=lambda one: one["at"])
    status = next((one["status"] for one in reversed(heard) if one.get("status")), "unassigned")
    return {
        **fields,
        "caseId": case_id,
        "displayId": str(17_700_000_000 + number),
        "created": created,
        "status": status,
        "talk": [one for one in heard if one["text"]],
    }


def _scripted(spec: Any) -> dict[str, Any]:
    return {
        "subject": spec.subject,
        "serviceCode": spec.service,
        "categoryCode": spec.category,
        "severityCode": spec.severity,
        "submittedBy": spec.submitted_by,
        "language": spec.language,
        "ccEmailAddresses": [],
    }


def _opened(written: dict[str, Any]) -> dict[str, Any]:
    return {
        "subject": written["subject"],
        "serviceCode": written.get("serviceCode", "general-info"),
        "categoryCode": written.get("categoryCode", "other"),
        "severityCode": written.get("severityCode", "low"),
        "submittedBy": f"iem-portal@{written['account']}.example",
        "language": written.get("language", "en"),
        "ccEmailAddresses": written.get("ccEmailAddresses", []),
    }


def _shown(case: dict[str, Any], with_talk: bool) -> dict[str, Any]:
    shown = {key: value for key, value in case.items() if key not in ("created", "talk")}
    shown["timeCreated"] = _text(case["created"])
    if with_talk:
        recent = [_said(case, one) for one in reversed(case["talk"])]
        shown["recentCommunications"] = {"communications": recent[:RECENT]}
    return shown


def _said(case: dict[str, Any], one: dict[str, Any]) -> dict[str, Any]:
    by = "Amazon Web Services" if one["by"] == "aws" else case["submittedBy"]
    return {
        "caseId": case["caseId"],
        "body": one["text"],
        "submittedBy": by,
        "timeCreated": _text(one["at"]),
        "attachmentSet": [
            {"attachmentId": f"attachment-{name}", "fileName": name} for name in one.get("attached", [])
        ],
    }


def _case_id(account: str, number: int, t0: int) -> str:
    digest = hashlib.sha256(f"{account}/{number}".encode()).hexdigest()[:16]
    return f"case-{account}-muen-{datetime.fromtimestamp(t0, UTC).year}-{digest}"


def _text(at: float) -> str:
    """Support times are strings, in UTC with milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _epoch(text: str | None, default: float) -> float:
    if not text:
        return default
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ApiError("InvalidParameterValueException", f"{text!r} is not an ISO 8601 time.") from None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
