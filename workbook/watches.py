"""What the war room watches and who answers an alarm: the rows of WB12, read back as facts."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from engagements.models import Engagement
from iem_portal.aws import expressions
from workbook.fieldtypes import refs
from workbook.models import Cell, CellChange
from workbook.types import Setting

SECTION = "wb12"
ABOVE, BELOW = "above", "below"
_NEEDED = {"mt_account", "mt_region", "mt_namespace", "mt_metric", "mt_stat", "mt_period"}


@dataclass(frozen=True)
class Watch:
    """One metric of the live board. ``problems`` says in the reader's words why it cannot be read, if so."""

    row_id: int
    title: str
    account_id: str
    region: str
    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    stat: str
    period_s: int
    unit: str
    warn: float | None
    crit: float | None
    direction: str
    module: str
    problems: tuple[str, ...]


@dataclass(frozen=True)
class AlarmRow:
    """One line of the alarm matrix: what fires, who answers, and what they do."""

    row_id: int
    ref: str
    type: str
    rule: str
    severity: str
    first: str
    second: str
    escalate_after_min: int | None
    runbook: str
    noise: int | None
    is_tested: bool | None
    tested_at: str
    problems: tuple[str, ...]


def watches(engagement: Engagement) -> list[Watch]:
    """The metrics to watch, in the order of the sheet, incomplete ones with their problems.

    Two queries, and two more when a module is a row of the workbook.
    """
    setting = Setting.of(engagement)
    accounts = {number for number, _name in setting.accounts}
    return [_watch(row, values, accounts, setting) for row, values in _rows(engagement, "metrics")]


def drawn(engagement: Engagement) -> list[Watch]:
    """The metrics to watch without their modules and problems, for who only draws what was read. One query."""
    return [_plainly(row, values) for row, values in _rows(engagement, "metrics")]


def drawn_then(engagement: Engagement, at: datetime) -> list[Watch]:
    """The same as the sheet stood at an instant (aware UTC), with the limits of then. One query."""
    later = CellChange.objects.filter(row_id=OuterRef("row_id"), field=OuterRef("field"), at__gt=at)
    cells = Cell.objects.filter(
        Q(row__deleted_at=None) | Q(row__deleted_at__gt=at),
        row__engagement=engagement,
        row__section=SECTION,
        row__table="metrics",
        row__created_at__lte=at,
    ).annotate(is_newer=Exists(later), was=Subquery(later.order_by("at", "pk").values("value_from")[:1]))
    rows: dict[int, dict] = defaultdict(dict)
    columns = ("row_id", "field", "value", "is_newer", "was")
    for row, field, value, is_newer, was in cells.order_by("row__position", "row_id").values_list(*columns):
        # What stood there before the first change that came later.
        if (then := was if is_newer else value) is not None:
            rows[row][field] = then
    return [_plainly(row, values) for row, values in rows.items()]


def _plainly(row: int, values: dict) -> Watch:
    return replace(_watch(row, values | {"mt_module": ""}, set(), None), problems=())


def alarm_matrix(engagement: Engagement) -> list[AlarmRow]:
    """The alarm matrix, in the order of the sheet. One query, and two more when a person is a row of the workbook."""
    setting = Setting.of(engagement)
    return [_alarm(row, values, setting) for row, values in _rows(engagement, "alarms")]


def _rows(engagement: Engagement, table: str) -> list[tuple[int, dict]]:
    """Live rows of a WB12 table with their values, in order; rows without any value are left out."""
    cells = Cell.objects.filter(
        row__engagement=engagement,
        row__section=SECTION,
        row__table=table,
        row__deleted_at=None,
        value__isnull=False,
    ).order_by("row__position", "row_id")
    rows: dict[int, dict] = defaultdict(dict)
    for row, field, text in cells.values_list("row_id", "field", Cast("value", TextField())):
        rows[row][field] = _value(text)
    return list(rows.items())


@lru_cache(maxsize=20_000)
def _value(text: str):
    """A cell's value, which is only read: the poller asks for thousands every few seconds, and most are alike."""
    return json.loads(text)


def _watch(row: int, values: dict, accounts: set[str], setting: Setting) -> Watch:
    return Watch(
        row_id=row,
        title=values.get("mt_title") or values.get("mt_metric", ""),
        account_id=values.get("mt_account", ""),
        region=values.get("mt_region", ""),
        namespace=values.get("mt_namespace", ""),
        metric=values.get("mt_metric", ""),
        dimensions=tuple((name, value) for name, value in values.get("mt_dims", ())),
        stat=values.get("mt_stat", ""),
        period_s=values.get("mt_period", 0),
        unit=values.get("mt_unit", ""),
        warn=_float(values.get("mt_warn")),
        crit=_float(values.get("mt_crit")),
        direction=values.get("mt_direction", ABOVE),
        module=refs.name(values.get("mt_module", ""), "module", setting),
        problems=tuple(_watch_problems(values, accounts)),
    )


def _float(value) -> float | None:
    return None if value is None else float(value)


def _watch_problems(values: dict, accounts: set[str]) -> list[str]:
    """Why CloudWatch cannot be asked for this row, in the active language."""
    problems = []
    # Thousands of rows are asked every few seconds: words are looked up only where one is needed.
    if not values.keys() >= _NEEDED:
        names = {
            "mt_account": _("account"),
            "mt_region": _("Region"),
            "mt_namespace": _("namespace"),
            "mt_metric": _("metric"),
            "mt_stat": _("statistic"),
            "mt_period": pgettext("of a metric", "period"),
        }
        problems = [
            _("%(what)s missing") % {"what": name} for key, name in names.items() if key not in values
        ]
    if values.get("mt_account", "") not in accounts | {""}:
        problems.append(_("account is not part of the engagement"))
    if expressions.is_expression(values.get("mt_metric", "")):
        problems += _expression_problems(values["mt_metric"])
    return problems


def _expression_problems(text: str) -> list[str]:
    """What is wrong with a metric-math expression, in the active language."""
    try:
        expressions.parse(text)
    except expressions.ExpressionError as error:
        words = {
            "too_long": _("the expression is too long"),
            "too_many_inputs": _("the expression names too many metrics"),
            "function": _("%(what)s is not supported in an expression") % {"what": error.what},
            "no_metric": _("the expression names no metric"),
            "all_filled": _("the expression fills every gap: nobody would see that data stops"),
        }
        return [words.get(error.code, _("the expression cannot be read"))]
    return []


def _alarm(row: int, values: dict, setting: Setting) -> AlarmRow:
    names = {"al_first": _("first responder"), "al_runbook": _("playbook"), "al_sev": _("severity")}
    return AlarmRow(
        row_id=row,
        ref=values.get("al_ref", ""),
        type=values.get("al_type", ""),
        rule=values.get("al_rule", ""),
        severity=values.get("al_sev", ""),
        first=refs.name(values.get("al_first", ""), "contact", setting),
        second=refs.name(values.get("al_escal", ""), "contact", setting),
        escalate_after_min=values.get("al_escal_min"),
        runbook=values.get("al_runbook", ""),
        noise=values.get("al_noise"),
        is_tested=values.get("al_tested"),
        tested_at=values.get("al_tested_at", ""),
        problems=tuple(
            _("%(what)s missing") % {"what": name} for key, name in names.items() if key not in values
        ),
    )
