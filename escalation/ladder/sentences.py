"""The rules of telling as sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from escalation import catalog
from escalation.ladder import names, rules
from escalation.models import Clock


def of_rule(row: Mapping, people: Mapping[str, str]) -> dict[str, str]:
    """`when` (stage, clocks, severities, lanes) and `what` (who is told, how)."""
    stage = str(names.STAGES[row["stage"]])
    if row["stage"] == rules.AGAIN and row.get("since", 1) > 1:
        stage = _("From reminder %(number)s on") % {"number": row["since"]}
    who = ", ".join(names.of_receiver(token, people) for token in row["who"])
    return {
        "when": _joined(stage, *_scope(row)),
        "what": str(format_lazy("{} · {}", who, names.WAYS[row.get("way", rules.MAIL)])),
    }


def of_term(row: Mapping) -> dict[str, str]:
    """`when` (what it covers) and `what` (reminders, acknowledgement, quiet)."""
    parts = [_reminders(row)]
    parts.append(
        ngettext(
            "an acknowledgement lasts %(n)d minute", "an acknowledgement lasts %(n)d minutes", row["ack_min"]
        )
        % {"n": row["ack_min"]}
    )
    if row["needs"] != rules.ANY:
        parts.append(_("must acknowledge: %(who)s") % {"who": names.NEEDS[row["needs"]]})
    if row["quiet"]:
        parts.append(_("quiet %(hours)s on each reader's own clock") % {"hours": row["quiet"]})
    return {"when": _joined(*_scope(row)) or _("Everything"), "what": " · ".join(parts)}


def _reminders(row: Mapping) -> str:
    if not row["again_min"] or not row["again_times"]:
        return _("no reminders")
    return ngettext(
        "%(times)d reminder after %(n)d minutes",
        "%(times)d reminders, every %(n)d minutes",
        row["again_times"],
    ) % {"times": row["again_times"], "n": row["again_min"]}


def _scope(row: Mapping) -> Iterable[str]:
    severities = catalog.severities()
    lanes = catalog.lanes()
    yield ", ".join(str(Clock.Kind(kind).label) for kind in row.get("kinds", ()) if kind in Clock.Kind.values)
    yield ", ".join(
        catalog.in_words(severities[one]["label"]) for one in row.get("severities", ()) if one in severities
    )
    yield ", ".join(catalog.in_words(lanes[one]["label"]) for one in row.get("lanes", ()) if one in lanes)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
