"""What the API's description says of every address alike: the engagement in it, and how refusals look."""

from __future__ import annotations

from django.utils.translation import get_language
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import OpenApiParameter, extend_schema

#: For view sets below /api/v1/engagements/<reference>/.
nested = extend_schema(
    parameters=[
        OpenApiParameter(
            "reference", str, OpenApiParameter.PATH, description="The engagement, as in IEM-2611"
        )
    ]
)

PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "example": "about:blank"},
        "title": {"type": "string", "example": "invalid"},
        "status": {"type": "integer", "example": 422},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": True, "description": "Messages by field (422)"},
        "stored": {"type": "object", "additionalProperties": True, "description": "What stands now (409)"},
    },
}
_ALWAYS = {"401": "Nobody is signed in.", "403": "The role of the caller does not allow this."}
_NESTED = {"404": "There is no such thing in an engagement of the caller."}
_WRITING = {"422": "Some values cannot be kept; see errors."}
_VERSIONED = {"409": "Somebody saved first; stored says what stands now."}


def with_problems(result, generator, request, public):
    """A drf-spectacular hook: the refusals of every operation, as one problem body."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    body = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status, words in _refusals(path, method).items():
                operation["responses"].setdefault(status, {"description": words, "content": body})
    return result


def _refusals(path: str, method: str) -> dict[str, str]:
    is_writing = method != "get"
    return _ALWAYS | (_NESTED if "{" in path else {}) | (_WRITING | _VERSIONED if is_writing else {})


class OnceGenerator(SchemaGenerator):
    """Reads the code once per process and language: it takes half a second that streams should not wait for."""

    _made: dict[str, dict] = {}

    def get_schema(self, request=None, public=False):
        """The whole description, the same for everybody."""
        language = get_language() or "en"
        if language not in self._made:
            self._made[language] = super().get_schema(None, public=True)
        return self._made[language]
