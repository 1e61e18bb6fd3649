"""What stages, receivers and ways are called in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext_lazy

from engagements.models import Role
from escalation.ladder import rules
from escalation.models import Clock
from iem_portal.accounts.models import User

STAGES = {
    rules.OPENED: gettext_lazy("When it opens"),
    rules.CHANGED: gettext_lazy("When the severity changes"),
    rules.WARN_50: gettext_lazy("At 50%"),
    rules.WARN_80: gettext_lazy("At 80%"),
    rules.BREACH: gettext_lazy("At the deadline"),
    rules.AGAIN: gettext_lazy("On each reminder after it"),
}
WAYS = {
    rules.MAIL: gettext_lazy("by e-mail"),
    rules.FIRST: gettext_lazy("by their first channel"),
    rules.EVERY: gettext_lazy("by every channel"),
}
NEEDS = {
    rules.ANY: pgettext_lazy("acknowledge", "any one"),
    rules.ALL: pgettext_lazy("acknowledge", "everybody who was told"),
    rules.ROLES: pgettext_lazy("acknowledge", "one of each role"),
}
# In the order in which forms list them.
ROLES = [
    Role.TAM, Role.SUPPORT_ENGINEER, Role.CONCIERGE, Role.SA, Role.ACCOUNT_MANAGER, Role.MANAGER,
    Role.CUSTOMER_LEAD, Role.CUSTOMER_CONTRIBUTOR,
]  # fmt: skip
RECEIVERS = {
    rules.DUTY: gettext_lazy("Whoever is on duty"),
    rules.DEPUTY: gettext_lazy("Their deputies"),
    rules.OWNER: pgettext_lazy("escalation", "Owner"),
    **{f"{rules.ROLE}{role.value}": role.label for role in ROLES},
    rules.HOOKS: gettext_lazy("Connected systems"),
}


def of_stage(stage: str, kind: str = "") -> str:
    """What a page was about: "First answer: 80%"."""
    base, number = rules.split(stage)
    words = {
        rules.OPENED: _("Opened"),
        rules.REOPENED: _("Open again"),
        rules.CHANGED: _("Severity changed"),
        "over": _("All clear"),
        rules.WARN_50: "50%",
        rules.WARN_80: "80%",
        rules.BREACH: _("Deadline missed"),
        rules.AGAIN: _("Reminder %(number)s") % {"number": number},
    }
    word = str(words.get(base, base))
    return f"{Clock.Kind(kind).label}: {word}" if kind in Clock.Kind.values else word


def in_both(stage: str, kind: str = "") -> dict[str, str]:
    """The same in every language of the portal, for messages that are put into words later."""
    found = {}
    for language in User.Language.values:
        with override(language):
            found[language] = of_stage(stage, kind)
    return found


def of_receiver(token: str, people: Mapping[str, str] | None = None) -> str:
    """Whom a rule means; named persons by `people` ("user:4" to their name)."""
    if token in RECEIVERS:
        return str(RECEIVERS[token])
    return (people or {}).get(token) or _("Somebody who left")
