"""Says the differences between two versions of a section, and the faults of a draft, in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from engagements import catalog
from iem_portal.templatetags.portal import pick
from workbook.publishing.diff import ALWAYS, NEVER, SOMETIMES, Change
from workbook.words import who

TYPES = {
    "text": gettext_lazy("Short text"),
    "longtext": gettext_lazy("Long text"),
    "integer": gettext_lazy("Whole number"),
    "decimal": gettext_lazy("Number"),
    "percent": gettext_lazy("Percent"),
    "money": gettext_lazy("Amount of money"),
    "period": gettext_lazy("Period of a metric"),
    "duration": gettext_lazy("Duration"),
    "date": gettext_lazy("Date"),
    "datetime": gettext_lazy("Date and time"),
    "timezone": gettext_lazy("Time zone"),
    "choice": gettext_lazy("One of a list"),
    "multi": gettext_lazy("Several of a list"),
    "bool": gettext_lazy("Yes or no"),
    "rag": gettext_lazy("Red, yellow, green"),
    "url": gettext_lazy("Web address"),
    "link": gettext_lazy("Link"),
    "email": gettext_lazy("E-mail address"),
    "phone": gettext_lazy("Phone number"),
    "language": gettext_lazy("Language"),
    "person": gettext_lazy("Person of the engagement"),
    "ref": gettext_lazy("Row of another table"),
    "refs": gettext_lazy("Rows of another table"),
    "file": gettext_lazy("File"),
    "file_or_link": gettext_lazy("File or link"),
    "aws_account": gettext_lazy("AWS account"),
    "aws_region": gettext_lazy("AWS Region"),
    "aws_service": gettext_lazy("AWS service"),
    "quota_code": gettext_lazy("Quota code"),
    "arn": gettext_lazy("ARN"),
    "case_id": gettext_lazy("Support case"),
    "alarm_ref": gettext_lazy("Alarm"),
    "metric_ref": gettext_lazy("Metric"),
    "statistic": gettext_lazy("Statistic of a metric"),
    "dimensions": gettext_lazy("Dimensions of a metric"),
    "aws_services": gettext_lazy("AWS services"),
    "aws_zones": gettext_lazy("Availability Zones"),
    "cidrs": gettext_lazy("Address ranges (CIDR)"),
    "pairs": gettext_lazy("Names with values"),
    "offset": gettext_lazy("Time from T0"),
    "secret": gettext_lazy("Secret"),
    "formula": gettext_lazy("Worked out"),
}
NEEDS = {
    ALWAYS: gettext_lazy("required"),
    SOMETIMES: gettext_lazy("required under a condition"),
    NEVER: gettext_lazy("not required"),
}
#: What each kind of change is called; places: before, after.
_SENTENCES = {
    "section_label": gettext_lazy("Section renamed from “%(before)s” to “%(after)s”"),
    "section_lead": gettext_lazy("Introduction: “%(after)s”"),
    "section_due": gettext_lazy("Section due %(after)s instead of %(before)s"),
    "section_owner": gettext_lazy("Owner: %(after)s instead of %(before)s"),
    "section_events": gettext_lazy("For %(after)s instead of %(before)s"),
    "table_added": gettext_lazy("Table added"),
    "table_removed": gettext_lazy("Table removed"),
    "table_label": gettext_lazy("Table renamed from “%(before)s” to “%(after)s”"),
    "table_help": gettext_lazy("Help of the table: “%(after)s”"),
    "table_min_rows": gettext_lazy("At least %(after)s rows instead of %(before)s"),
    "table_order": gettext_lazy("Fields stand in another order"),
    "table_columns": gettext_lazy("Other main columns: %(after)s"),
    "fixed_row_added": gettext_lazy("Rows added for everybody: %(after)s"),
    "fixed_row_removed": gettext_lazy("Rows no longer asked: %(after)s"),
    "fixed_row_changed": gettext_lazy("Rows reworded: %(after)s"),
    "starter_added": gettext_lazy("Starter rows added: %(after)s"),
    "starter_removed": gettext_lazy("Starter rows removed: %(after)s"),
    "starter_changed": gettext_lazy("Starter rows changed: %(after)s"),
    "field_added": gettext_lazy("New field: %(after)s"),
    "field_removed": gettext_lazy("No longer asked; answers are kept in the history"),
    "field_label": gettext_lazy("Reworded from “%(before)s”"),
    "field_short": gettext_lazy("Heading of the column: “%(after)s”"),
    "field_help": gettext_lazy("Help: “%(after)s”"),
    "field_type": gettext_lazy("%(after)s instead of %(before)s"),
    "field_required": gettext_lazy("Now %(after)s, was %(before)s"),
    "field_condition": gettext_lazy("Required under another condition"),
    "field_due": gettext_lazy("Due %(after)s instead of %(before)s"),
    "field_who": gettext_lazy("Filled by %(after)s instead of %(before)s"),
    "field_events": gettext_lazy("For %(after)s instead of %(before)s"),
    "field_limits": gettext_lazy("Other limits: %(after)s"),
    "field_default": gettext_lazy("Begins with “%(after)s” instead of “%(before)s”"),
    "field_part_of": gettext_lazy("Belongs to another field"),
    "choices_added": gettext_lazy("Choices added: %(after)s"),
    "choices_removed": gettext_lazy("Choices removed: %(after)s"),
    "choices_changed": gettext_lazy("Choices reworded: %(after)s"),
}
#: What a field can name rows of. Source: planning workbook, references between sections.
ROWS = {
    "account": gettext_lazy("Accounts"),
    "audience": gettext_lazy("Audiences of updates"),
    "bottleneck": gettext_lazy("Bottlenecks"),
    "contact": gettext_lazy("People"),
    "module": gettext_lazy("Modules"),
    "resource": gettext_lazy("AWS resources"),
    "risk": gettext_lazy("Risks"),
    "scenario": gettext_lazy("Scenarios"),
    "step": gettext_lazy("Steps of the plan"),
    "test": gettext_lazy("Tests"),
    "traffic": gettext_lazy("Traffic forecasts"),
}
LIMITS = {
    "max": gettext_lazy("at most %(value)s characters"),
    "min": gettext_lazy("from %(value)s"),
    "max_value": gettext_lazy("up to %(value)s"),
}


def type_name(key: str) -> str:
    """The name of a kind of field; the bare key of one without a name."""
    return str(TYPES.get(key, key))


def due(days: int) -> str:
    """Days from T0 as everyone writes them: D−28, D+5, D-Day."""
    if days == 0:
        return "D-Day"
    return f"D−{-days}" if days < 0 else f"D+{days}"


def events(codes) -> str:
    """Types of event as words; all of them for none or ALL."""
    if not codes or "ALL" in codes:
        return _("all events")
    known = catalog.event_types()
    return ", ".join(pick(known[code]["label"]) if code in known else code for code in codes)


def sentence(change: Change) -> str:
    """One difference in words, without the name of the thing."""
    return _SENTENCES[change.kind] % {
        "before": _shown(change.kind, change.before),
        "after": _shown(change.kind, change.after),
    }


def _shown(kind: str, value: Any) -> str:
    if kind in _SHOWN:
        return str(_SHOWN[kind](value))
    if value is None or value == {}:
        return _("nothing")
    return _names(value) if isinstance(value, list) else str(pick(value))


def _names(things: list, most: int = 6) -> str:
    """Choices or rows by name; of many only the first ones."""
    names = [pick(getattr(thing, "label", None) or _row_name(thing)) for thing in things]
    if len(names) <= most:
        return ", ".join(names)
    rest = len(names) - most
    return ", ".join(names[:most]) + " " + ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}


def _row_name(row) -> str:
    return getattr(row, "code", "") or row.key


def limits(options: dict) -> str:
    """The settings of a field's type, as far as they limit an answer."""
    told = [LIMITS[key] % {"value": options[key]} for key in LIMITS if options.get(key) not in (None, "")]
    return ", ".join(map(str, told)) or _("none")


_SHOWN = {
    "section_due": due,
    "field_due": due,
    "section_owner": lambda code: who([code]),
    "field_who": who,
    "section_events": events,
    "field_events": events,
    "field_type": type_name,
    "field_required": NEEDS.get,
    "field_added": lambda field: type_name(field.type) if field else "",
    "field_limits": limits,
    "table_columns": lambda fields: ", ".join(pick(field.heading) for field in fields or ()),
}
