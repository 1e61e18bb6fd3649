"""What is known about an escalation, filled in and corrected; the timeline keeps what stood there before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from escalation import timing
from escalation.actions._base import lock, require_minutes, require_open, require_text, save, say
from escalation.models import Escalation

# Facts that any writer may give at the opening or later, with the longest text of each.
TEXTS = {
    "title": 200, "symptom": 20_000, "module": 120, "impact": 20_000, "account_id": 12, "region": 20,
    "service": 80, "resources": 20_000, "tried": 20_000, "wanted": 20_000, "workaround": 20_000, "cause": 20,
}  # fmt: skip
LANGUAGES = ("en", "ko")
_ACCOUNT = re.compile(r"[0-9]{12}")


@transaction.atomic
def edit_facts(
    *,
    escalation: Escalation,
    facts: Mapping,
    by,
    now: datetime,
    reason: str = "",
    base_version: int | None = None,
) -> Escalation:
    """Write these facts (see TEXTS, and `restore_target_min` in minutes or None); those left out stay.

    Another restore target moves the deadline of the time to restore and wants a `reason`. Nothing is written when
    nothing differs. Raises ValidationError by field and StaleWrite.
    """
    escalation = lock(escalation, base_version)
    require_open(escalation)
    new = checked(facts)
    changed = {name: value for name, value in new.items() if value != getattr(escalation, name)}
    if not changed:
        return escalation
    old = {name: getattr(escalation, name) for name in changed}
    if "restore_target_min" in changed:
        reason = require_text("reason", reason, _("Say why the objective changes."))
    for name, value in changed.items():
        setattr(escalation, name, value)
    save(escalation, *changed)
    if "restore_target_min" in changed:
        timing.restore_target_changed(escalation, by=by, now=now, reason=reason)
    params = {
        "fields": {language: _names(changed, language) for language in LANGUAGES},
        "changes": {name: [old[name], changed[name]] for name in changed},
    }
    say(escalation, "facts_changed", by=by, now=now, params=params, text=reason.strip())
    return escalation


def checked(facts: Mapping) -> dict:
    """The facts without blanks around them; raises ValidationError by field for what cannot be kept."""
    errors, found = {}, {}
    for name, value in facts.items():
        if name == "restore_target_min":
            require_minutes(name, value)
            found[name] = value
            continue
        text = str(value).strip()
        if len(text) > TEXTS[name]:
            errors[name] = _("This is too long: %(most)d characters at most.") % {"most": TEXTS[name]}
        found[name] = text
    if "title" in found and not found["title"]:
        errors["title"] = _("Say in a few words what is wrong.")
    if found.get("account_id") and not _ACCOUNT.fullmatch(found["account_id"]):
        errors["account_id"] = _("An account number has 12 digits.")
    if found.get("cause") and found["cause"] not in Escalation.Cause.values:
        errors["cause"] = _("There is no such kind of cause.")
    if errors:
        raise ValidationError(errors)
    return found


def _names(changed: Mapping, language: str) -> str:
    with override(language):
        return ", ".join(str(Escalation._meta.get_field(name).verbose_name) for name in changed)
