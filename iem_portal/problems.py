"""How the API says no: every error as one problem body (RFC 9457)."""

from __future__ import annotations

from django.core.exceptions import ValidationError as ModelValidationError
from rest_framework import exceptions, status
from rest_framework.views import exception_handler


class Conflict(exceptions.APIException):
    """Somebody saved first; ``stored`` is what stands now, so that the caller can decide again."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"

    def __init__(self, detail: str, *, stored: dict):
        super().__init__(detail)
        self.stored = stored


class Unprocessable(exceptions.APIException):
    """The request is well formed, but its values cannot be kept; ``errors`` is by field."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "invalid"
    default_detail = "Some values cannot be kept."

    def __init__(self, errors: dict[str, list[str]]):
        super().__init__()
        self.errors = errors


def problem(error, context):
    """DRF's exception handler: type, title, status, detail, errors by field, and what is stored on a conflict."""
    if isinstance(error, ModelValidationError):
        error = Unprocessable(_by_field(error))
    elif isinstance(error, exceptions.ValidationError):
        # DRF says 400; here 400 means "cannot be read at all", and 422 "read, but cannot be kept".
        error = Unprocessable(_named(error.detail))
    response = exception_handler(error, context)
    if response is None:
        return None
    fields = response.data if isinstance(response.data, dict) else {"errors": response.data}
    response.data = {
        "type": "about:blank",
        "title": getattr(error, "default_code", "error"),
        "status": response.status_code,
        "detail": fields.pop("detail", ""),
        "errors": getattr(error, "errors", fields),
    }
    if isinstance(error, Conflict):
        response.data["stored"] = error.stored
    response.content_type = "application/problem+json"
    return response


def _by_field(error: ModelValidationError) -> dict[str, list[str]]:
    return error.message_dict if hasattr(error, "error_dict") else {"non_field_errors": error.messages}


def _named(detail) -> dict[str, list[str]]:
    return detail if isinstance(detail, dict) else {"non_field_errors": detail}
