"""Does a value fit a shape of the AWS model? Walks requests on the way in and answers on the way out.

botocore itself checks only required members, types and minima; a server has to check maxima, enumerations and
patterns as well, or the simulator would accept what AWS refuses.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Any

from botocore.model import Shape

NUMBERS = (int, float)
TYPES = {
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": NUMBERS,
    "double": NUMBERS,
    "boolean": (bool,),
    "timestamp": NUMBERS,
}


class Misfit(Exception):
    """A value that the model does not allow; the text says where and why."""


def check(shape: Shape | None, value: Any, path: str = "", *, closed: bool = False) -> None:
    """Raise Misfit when `value` does not fit; `closed` also forbids members that the model does not know."""
    if shape is None:
        return
    kind = shape.type_name
    if kind == "structure":
        _structure(shape, value, path, closed)
    elif kind == "list":
        _list(shape, value, path, closed)
    elif kind == "map":
        _map(shape, value, path, closed)
    else:
        _scalar(shape, value, path)


def _structure(shape: Shape, value: Any, path: str, closed: bool) -> None:
    if not isinstance(value, dict):
        raise Misfit(f"{path or 'request'} must be a structure")
    for name in shape.required_members:
        if value.get(name) is None:
            raise Misfit(f"{_join(path, name)} is required")
    for name, member in value.items():
        if name not in shape.members:
            if closed:
                raise Misfit(f"{_join(path, name)} is not a member of {shape.name}")
            continue
        check(shape.members[name], member, _join(path, name), closed=closed)


def _list(shape: Shape, value: Any, path: str, closed: bool) -> None:
    if not isinstance(value, list):
        raise Misfit(f"{path} must be a list")
    _length(shape, value, path)
    if shape.member.type_name in ("double", "timestamp") and all(type(item) in NUMBERS for item in value):
        if not all(map(math.isfinite, value)):
            raise Misfit(f"{path} holds a number that is not finite")
        return
    for index, item in enumerate(value):
        check(shape.member, item, f"{path}.{index + 1}", closed=closed)


def _map(shape: Shape, value: Any, path: str, closed: bool) -> None:
    if not isinstance(value, dict):
        raise Misfit(f"{path} must be a map")
    _length(shape, value, path)
    for key, item in value.items():
        check(shape.key, key, f"{path}.key", closed=closed)
        check(shape.value, item, f"{path}.{key}", closed=closed)


def _scalar(shape: Shape, value: Any, path: str) -> None:
    kind = shape.type_name
    allowed = TYPES.get(kind)
    if allowed and (not isinstance(value, allowed) or (isinstance(value, bool) and kind != "boolean")):
        raise Misfit(f"{path} must be of type {kind}, not {type(value).__name__}")
    rules = shape.metadata
    if kind == "string":
        _length(shape, value, path)
        if rules.get("enum") and value not in rules["enum"]:
            raise Misfit(f"{path} = {value!r} is not one of {', '.join(rules['enum'])}")
        if rules.get("pattern") and not _pattern(rules["pattern"]).fullmatch(value):
            raise Misfit(f"{path} = {value!r} does not match {rules['pattern']}")
    elif kind in ("integer", "long", "float", "double"):
        if not math.isfinite(value):
            raise Misfit(f"{path} is not finite")
        _bounds(rules, value, path, "")


def _length(shape: Shape, value: Any, path: str) -> None:
    _bounds(shape.metadata, len(value), path, "length ")


def _bounds(rules: dict[str, Any], size: float, path: str, what: str) -> None:
    if "min" in rules and size < rules["min"]:
        raise Misfit(f"{path}: {what}{size} is less than {rules['min']}")
    if "max" in rules and size > rules["max"]:
        raise Misfit(f"{path}: {what}{size} is greater than {rules['max']}")


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)
