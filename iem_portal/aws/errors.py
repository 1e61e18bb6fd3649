"""What went wrong at AWS, in words that the portal can act on? Every failure becomes one AwsError with a kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from botocore import exceptions as raw
from botocore.parsers import ResponseParserError

THROTTLED = "throttled"  # asked too often: this target backs off
TRANSIENT = "transient"  # AWS or the network failed: ask again at the next poll
TIMEOUT = "timeout"  # no answer in time
AUTH = "auth"  # the credentials or the role are not accepted
EXPIRED = "expired"  # the role session ended and could not be renewed
CLOCK = "clock"  # our clock and AWS's differ too much to sign
PERMISSION = "permission"  # the role lacks the named permission
PLAN = "plan"  # the support plan does not include this API
NOT_FOUND = "not_found"
INVALID = "invalid"  # AWS refuses the request as it is
MALFORMED = "malformed"  # an answer that is not what the API promises: never taken for "no data"
INCOMPLETE = "incomplete"  # an answer that stops half way
UNSIMULATED = "unsimulated"  # only in simulation: the simulator does not answer this

KINDS = (
    THROTTLED, TRANSIENT, TIMEOUT, AUTH, EXPIRED, CLOCK, PERMISSION,
    PLAN, NOT_FOUND, INVALID, MALFORMED, INCOMPLETE, UNSIMULATED,
)  # fmt: skip

# Nothing else will work at this target either: do not ask further in this poll.
STOPS_TARGET = frozenset({THROTTLED, TIMEOUT, AUTH, EXPIRED, CLOCK, PERMISSION, PLAN})

BY_CODE = {
    **dict.fromkeys(
        (
            "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "SlowDown",
            "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded", "LimitExceeded",
            "LimitExceededException", "LimitExceededFault", "PriorRequestNotComplete", "BandwidthLimitExceeded",
        ),
        THROTTLED,
    ),
    **dict.fromkeys(
        (
            "InternalError", "InternalFailure", "InternalServerError", "InternalServiceError", "ServiceException",
            "InternalServiceFault", "ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout",
            "RequestTimeoutException", "SimulatorBug",
        ),
        TRANSIENT,
    ),
    **dict.fromkeys(("ExpiredToken", "ExpiredTokenException", "RequestExpired"), EXPIRED),
    **dict.fromkeys(("RequestTimeTooSkewed", "RequestInTheFuture"), CLOCK),
    **dict.fromkeys(
        (
            "InvalidClientTokenId", "UnrecognizedClientException", "InvalidSignatureException",
            "SignatureDoesNotMatch", "InvalidAccessKeyId", "AuthFailure", "IncompleteSignature",
            "IncompleteSignatureException", "MissingAuthenticationToken", "MissingAuthenticationTokenException",
            "NotAuthorized",
        ),
        AUTH,
    ),
    **dict.fromkeys(
        (
            "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "OptInRequired",
            "DependencyAccessDeniedException",
        ),
        PERMISSION,
    ),
    **dict.fromkeys(("SubscriptionRequiredException", "SubscriptionRequired"), PLAN),
    **dict.fromkeys(
        ("ResourceNotFound", "ResourceNotFoundException", "NoSuchResourceException", "CaseIdNotFound"), NOT_FOUND
    ),
    "NotImplementedBySimulator": UNSIMULATED,
}  # fmt: skip

# Kinds that a person has to mend: asking more often only makes noise.
PAUSE = {
    PERMISSION: timedelta(minutes=15),
    PLAN: timedelta(minutes=15),
    AUTH: timedelta(minutes=5),
    CLOCK: timedelta(minutes=5),
    UNSIMULATED: timedelta(minutes=15),
    THROTTLED: timedelta(minutes=1),
}
# A wrong clock is one reason why a signature does not fit, so both clocks are told with these too.
OF_SIGNATURES = frozenset({"InvalidSignatureException", "SignatureDoesNotMatch"})
SKEWED = ("signature expired", "signature not yet current")


class AwsError(Exception):
    """The one exception that leaves this package."""

    def __init__(
        self,
        kind: str,
        code: str = "",
        message: str = "",
        request_id: str = "",
        retry_at: datetime | None = None,
    ) -> None:
        super().__init__(f"{kind}: {code or '-'}: {message}")
        self.kind, self.code, self.message, self.request_id = kind, code, message, request_id
        # Aware UTC; None: at the next poll. Read from the wall clock, because this is the edge to the network.
        self.retry_at = retry_at or (datetime.now(UTC) + PAUSE[kind] if kind in PAUSE else None)


def from_exception(error: Exception, what: str = "") -> AwsError:
    """The AwsError for anything that a boto3 call can raise; `what` names the call in its message."""
    if isinstance(error, AwsError):
        return error
    if isinstance(error, raw.ClientError):
        return _from_answer(error.response, what)
    if isinstance(error, (raw.ReadTimeoutError, raw.ConnectTimeoutError)):
        return AwsError(TIMEOUT, type(error).__name__, f"{what}: {error}")
    if isinstance(error, (ResponseParserError, UnicodeDecodeError)):
        return AwsError(MALFORMED, type(error).__name__, f"{what}: {error}")
    if isinstance(error, raw.HTTPClientError):  # connection refused, reset, DNS, TLS
        return AwsError(TRANSIENT, type(error).__name__, f"{what}: {error}")
    if isinstance(error, (raw.NoCredentialsError, raw.CredentialRetrievalError, raw.PartialCredentialsError)):
        return AwsError(AUTH, type(error).__name__, f"{what}: {error}")
    if isinstance(error, (raw.ParamValidationError, raw.ValidationError, raw.InvalidRegionError)):
        return AwsError(INVALID, type(error).__name__, f"{what}: {error}")
    if isinstance(error, (ValueError, KeyError, TypeError)):  # botocore passes some broken bodies on as these
        return AwsError(MALFORMED, type(error).__name__, f"{what}: {error!r}")
    return AwsError(TRANSIENT, type(error).__name__, f"{what}: {error!r}")


def _from_answer(response: dict[str, Any], what: str) -> AwsError:
    """The kind of an error answer: by code, then by status."""
    said, meta = response.get("Error", {}), response.get("ResponseMetadata", {})
    code, message, status = (
        str(said.get("Code", "")),
        str(said.get("Message", "")),
        meta.get("HTTPStatusCode", 0),
    )
    kind = BY_CODE.get(code) or _by_status(status)
    if kind == AUTH and message.lower().startswith(SKEWED):
        kind = CLOCK
    if kind == CLOCK or code in OF_SIGNATURES:
        message = f"{message} {both_clocks(meta)}"
    if kind == PERMISSION and not message:
        message = f"{what} is not allowed"
    return AwsError(kind, code, f"{what}: {message}", meta.get("RequestId", ""))


def _by_status(status: int) -> str:
    if status == 429:
        return THROTTLED
    if status >= 500:
        return TRANSIENT
    return {401: AUTH, 403: PERMISSION, 404: NOT_FOUND}.get(status, INVALID)


def both_clocks(meta: dict[str, Any]) -> str:
    """AWS's clock as its answer says it, and ours, so that a person sees which one is wrong."""
    theirs = meta.get("HTTPHeaders", {}).get("date", "unknown")
    return f"(AWS clock {theirs}, our clock {datetime.now(UTC):%a, %d %b %Y %H:%M:%S} GMT)"
