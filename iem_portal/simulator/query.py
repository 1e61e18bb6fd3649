"""How does a service speak the query protocol? Reads its form into plain data and writes its XML, by the model."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from botocore.model import OperationModel, Shape

from .wire import Reply

WHOLE = ("integer", "long")


def read(operation: OperationModel, form: dict[str, str]) -> dict[str, Any]:
    """The members of a request: plain ones, and lists of plain ones (`Names.member.1`)."""
    found: dict[str, Any] = {}
    for name, shape in (operation.input_shape.members if operation.input_shape else {}).items():
        if shape.type_name == "list":
            items = [form[key] for key in sorted(form) if key.startswith(f"{name}.member.")]
            if items:
                found[name] = items
        elif name in form:
            is_whole = shape.type_name in WHOLE and form[name].lstrip("-").isdigit()
            found[name] = int(form[name]) if is_whole else form[name]
    return found


def reply(operation: OperationModel, answer: dict[str, Any]) -> Reply:
    """The answer as AWS wraps it."""
    inner = _write(operation.output_shape, answer)
    text = (
        f"<{operation.name}Response><{operation.name}Result>{inner}</{operation.name}Result>"
        "<ResponseMetadata/>"
        f"</{operation.name}Response>"
    )
    return Reply(200, text.encode(), {"Content-Type": "text/xml"})


def _write(shape: Shape, value: Any) -> str:
    if shape.type_name == "structure":
        return "".join(
            f"<{name}>{_write(shape.members[name], item)}</{name}>" for name, item in value.items()
        )
    if shape.type_name == "list":
        return "".join(f"<member>{_write(shape.member, item)}</member>" for item in value)
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if shape.type_name == "boolean":
        return "true" if value else "false"
    return escape(str(value))
