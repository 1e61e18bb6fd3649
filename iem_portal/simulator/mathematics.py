"""What does a metric-math expression give? Arithmetic over series, with the functions the portal lets people use.

Source: CloudWatch user guide, metric math. A point that one of two series lacks is missing in the result; division
by zero gives no point; a list of series is combined time by time from those that are there.
"""

from __future__ import annotations

import ast
import itertools
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .operations import ApiError, refuse

Points = dict[int, float]
Operand = Any  # Series, a number, or a list of Series
BINARY: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
COMPARE: dict[type, Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
COMBINE: dict[str, Callable[[list[float]], float]] = {
    "SUM": math.fsum,
    "AVG": lambda values: math.fsum(values) / len(values),
    "MIN": min,
    "MAX": max,
}
EACH: dict[str, Callable[[float], float]] = {"ABS": abs, "CEIL": math.ceil, "FLOOR": math.floor}


@dataclass(frozen=True, slots=True)
class Series:
    """A time series with its period; `grid` holds every bucket of the window that could have a point."""

    points: Points
    period: int
    grid: tuple[int, ...] = field(default=(), compare=False)


class Evaluation:
    """Expressions over the series of one request; they may name one another."""

    def __init__(self, known: dict[str, Series], expressions: dict[str, str]) -> None:
        self._known = dict(known)
        self._expressions = expressions
        self._open: set[str] = set()

    def series(self, name: str) -> Series:
        """The result of the query with that Id."""
        if name in self._known:
            return self._known[name]
        if name not in self._expressions or name in self._open:
            raise _invalid(f"{name} is not an Id of this request, or refers to itself")
        self._open.add(name)
        found = self._of(_tree(self._expressions[name]).body)
        if not isinstance(found, Series):
            raise _invalid("the expression must give a time series")
        self._known[name] = found
        return found

    def _of(self, node: ast.AST) -> Operand:
        match node:
            case ast.Constant(value=int() | float() as number):
                return float(number)
            case ast.Name(id=name):
                return self.series(name)
            case ast.List(elts=items):
                return [self._of(item) for item in items]
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return _apply(operator.sub, 0.0, self._of(inner))
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                return self._of(inner)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
                return _apply(BINARY[type(op)], self._of(left), self._of(right))
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in COMPARE:
                test = COMPARE[type(op)]
                return _apply(lambda a, b: float(test(a, b)), self._of(left), self._of(right))
            case ast.BoolOp(op=op, values=values):
                return self._logic(op, [self._of(value) for value in values])
            case ast.Call(func=ast.Name(id=name), args=args):
                return self._call(name, args)
        raise _invalid("the expression is not understood")

    def _logic(self, op: ast.boolop, values: list[Operand]) -> Operand:
        joined = values[0]
        for value in values[1:]:
            if isinstance(op, ast.And):
                joined = _apply(lambda a, b: float(bool(a) and bool(b)), joined, value)
            else:
                joined = _apply(lambda a, b: float(bool(a) or bool(b)), joined, value)
        return joined

    def _call(self, name: str, args: list[ast.AST]) -> Operand:
        if name == "FILL" and len(args) == 2:
            return self._fill(self._one(args[0]), args[1])
        if name not in {*EACH, *COMBINE, "DIFF", "RATE", "PERIOD", "IF"}:
            raise refuse(f"the function {name} of metric math")
        values = [self._of(arg) for arg in args]
        if name in EACH and len(values) == 1:
            return _apply(lambda a, _: float(EACH[name](a)), values[0], 0.0)
        if name in COMBINE and len(values) == 1:
            return _combine(COMBINE[name], values[0])
        if name in ("DIFF", "RATE") and len(values) == 1 and isinstance(values[0], Series):
            return _steps(values[0], per_second=name == "RATE")
        if name == "PERIOD" and len(values) == 1 and isinstance(values[0], Series):
            return float(values[0].period)
        if name == "IF" and len(values) == 3:
            return _choose(*values)
        raise refuse(f"the function {name} of metric math in this form")

    def _one(self, node: ast.AST) -> Series:
        found = self._of(node)
        if not isinstance(found, Series):
            raise _invalid("a time series is wanted here")
        return found

    def _fill(self, series: Series, by: ast.AST) -> Series:
        points: Points = {}
        last: float | None = None
        for at in series.grid:
            if at in series.points:
                last = series.points[at]
                points[at] = last
            elif isinstance(by, ast.Name) and by.id == "REPEAT":
                if last is not None:
                    points[at] = last
            elif isinstance(by, ast.Name):
                raise refuse(f"FILL with {by.id}")
            else:
                points[at] = float(self._of(by))
        return Series(points, series.period, series.grid)


def _tree(text: str) -> ast.Expression:
    try:
        python = text.replace("^", "**").replace("&&", " and ").replace("||", " or ").strip()
        return ast.parse(python, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise refuse(f"the expression {text[:80]!r} (SEARCH, SQL or one with a mistake)") from None


def _apply(compute: Callable[[float, float], float], left: Operand, right: Operand) -> Operand:
    if isinstance(left, list) or isinstance(right, list):
        raise refuse("arithmetic over lists of series")
    if not isinstance(left, Series) and not isinstance(right, Series):
        return compute(left, right)
    shape = left if isinstance(left, Series) else right
    if isinstance(left, Series) and isinstance(right, Series) and left.period != right.period:
        raise refuse("an expression over metrics of different periods")
    points: Points = {}
    for at in shape.points:
        a = left.points.get(at) if isinstance(left, Series) else left
        b = right.points.get(at) if isinstance(right, Series) else right
        if a is None or b is None:
            continue
        try:
            points[at] = float(compute(a, b))
        except (ZeroDivisionError, OverflowError, TypeError, ValueError):
            continue
    return Series(points, shape.period, shape.grid)


def _combine(compute: Callable[[list[float]], float], operand: Operand) -> Operand:
    if isinstance(operand, Series):  # one number for the whole window
        return float(compute(list(operand.points.values()))) if operand.points else 0.0
    if not isinstance(operand, list) or not operand or not all(isinstance(one, Series) for one in operand):
        raise _invalid("a list of time series is wanted here")
    stamps = sorted({at for one in operand for at in one.points})
    points = {at: float(compute([one.points[at] for one in operand if at in one.points])) for at in stamps}
    return Series(points, operand[0].period, operand[0].grid)


def _steps(series: Series, *, per_second: bool) -> Series:
    stamps = sorted(series.points)
    points: Points = {}
    for before, at in itertools.pairwise(stamps):
        step = series.points[at] - series.points[before]
        points[at] = step / (at - before) if per_second else step
    return Series(points, series.period, series.grid)


def _choose(condition: Operand, then: Operand, other: Operand) -> Operand:
    shape = next((one for one in (condition, then, other) if isinstance(one, Series)), None)
    if shape is None:
        return then if condition else other

    def at_time(operand: Operand, at: int) -> float | None:
        return operand.points.get(at) if isinstance(operand, Series) else operand

    points: Points = {}
    for at in shape.points:
        test = at_time(condition, at)
        value = None if test is None else at_time(then if test else other, at)
        if value is not None:
            points[at] = value
    return Series(points, shape.period, shape.grid)


def _invalid(why: str) -> ApiError:
    return ApiError("ValidationError", f"Error in expression: {why}.")
