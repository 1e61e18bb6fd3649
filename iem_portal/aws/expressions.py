"""What does a metric-math expression of the workbook ask CloudWatch for? Read, checked and rewritten for its inputs.

In the workbook an expression names metrics: `HTTPCode_Target_5XX_Count / RequestCount * 100`. All are of the row's
namespace, dimensions and period; a statistic of its own follows a colon (`Latency:p99 - Latency:p50`), and a name
with other characters than letters, digits, dots and underscores stands in double quotes. Pure: standard library only.
Source of the functions: CloudWatch user guide, metric math.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

# What computes; a slash or hyphen inside a plain name has no spaces around it.
_COMPUTES = re.compile(r"[()*+^<>]|\s[-/]\s")
# Those that the simulated AWS evaluates too, so that a rehearsal shows what the night will show.
FUNCTIONS = frozenset(
    {"ABS", "AVG", "CEIL", "DIFF", "FILL", "FLOOR", "IF", "MAX", "MIN", "PERIOD", "RATE", "SUM"}
)
WORDS = frozenset({"REPEAT", "LINEAR"})
LONGEST = 2048  # AWS: characters of an expression
MOST_INPUTS = 10
_NAME = r"(?P<name>\"[^\"]{1,255}\"|\d*[A-Za-z_][A-Za-z0-9_.]*)"
_STAT = r"(?::(?P<stat>[A-Za-z]+(?:\d+(?:\.\d+)?)?))?"
_TOKEN = re.compile(rf"(?P<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?![\w.])|{_NAME}{_STAT}(?P<call>\s*\()?")
_ALLOWED = (
    ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Load, ast.Constant, ast.List, ast.Compare,
    ast.BoolOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd, ast.And, ast.Or, ast.Lt,
    ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq,
)  # fmt: skip


class ExpressionError(ValueError):
    """Why an expression cannot be asked; `code` is a short word for it, `what` the part it is about."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(f"{code}: {what}")
        self.code, self.what = code, what


@dataclass(frozen=True, slots=True)
class Expression:
    """What is sent: `text` over m1, m2, …, each of which is a (metric, statistic or "")."""

    text: str
    inputs: tuple[tuple[str, str], ...]


def is_expression(text: str) -> bool:
    """Does this compute something, or is it the name of one metric?"""
    return _COMPUTES.search(text) is not None


def parse(text: str) -> Expression:
    """Rewrite names into m1, m2, … and check the whole. Raises ExpressionError: `too_long`, `too_many_inputs`,
    `function` (one that is not supported), `syntax`, `no_metric`, `all_filled`."""
    if len(text) > LONGEST:
        raise ExpressionError("too_long")
    inputs: dict[tuple[str, str], str] = {}

    def renamed(match: re.Match) -> str:
        name, stat, call = match["name"], match["stat"] or "", match["call"]
        if match["number"]:
            return match[0]
        if call and not stat:
            if name not in FUNCTIONS:
                raise ExpressionError("function", name.strip('"'))
            return match[0]
        if name in WORDS and not stat:
            return name
        key = (name.strip('"'), stat)
        return inputs.setdefault(key, f"m{len(inputs) + 1}") + (call or "")

    asked = _TOKEN.sub(renamed, text)
    if not inputs:
        raise ExpressionError("no_metric")
    if len(inputs) > MOST_INPUTS:
        raise ExpressionError("too_many_inputs")
    _check(tree(asked))
    return Expression(asked, tuple(inputs))


def tree(text: str) -> ast.Expression:
    """The syntax of a rewritten expression. CloudWatch writes ^, && and || where Python has **, and, or."""
    try:
        return ast.parse(
            text.replace("^", "**").replace("&&", " and ").replace("||", " or ").strip(), mode="eval"
        )
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ExpressionError("syntax") from None


def _check(root: ast.Expression) -> None:
    for node in ast.walk(root):
        if not isinstance(node, _ALLOWED):
            raise ExpressionError("syntax")
        if isinstance(node, ast.Call) and (not isinstance(node.func, ast.Name) or node.keywords):
            raise ExpressionError("syntax")
        if isinstance(node, ast.Constant) and not isinstance(node.value, (int, float)):
            raise ExpressionError("syntax")
    if not _unfilled(root.body):
        # FILL invents points: when the data stops, an expression over filled inputs alone would go on for ever.
        raise ExpressionError("all_filled")


def _unfilled(node: ast.AST) -> bool:
    """Is there a metric outside every FILL, whose silence would be seen?"""
    if isinstance(node, ast.Name):
        return re.fullmatch(r"m\d+", node.id) is not None
    if isinstance(node, ast.Call):
        return node.func.id != "FILL" and any(map(_unfilled, node.args))
    return any(map(_unfilled, ast.iter_child_nodes(node)))
