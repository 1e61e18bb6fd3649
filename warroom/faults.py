"""What a failed read of AWS is called: words for people, and how long to wait before asking again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

ASK_AGAIN_LATER = frozenset({"permission", "plan", "unsimulated"})
LATER_S = 900
FIRST_BACK_OFF_S = 15
THROTTLED_BACK_OFF_S = 60
LONGEST_BACK_OFF_S = 300


def words(kind: str, actions: tuple[str, ...] = ()) -> str:
    """The fault in the active language; `actions` are the IAM actions the source needs."""
    named = ", ".join(actions)
    return {
        "throttled": _("AWS is throttling us"),
        "transient": _("AWS answered with an error"),
        "timeout": _("AWS did not answer in time"),
        "auth": _("AWS refused our credentials"),
        "expired": _("our credentials have expired"),
        "clock": _("the clock of this server is wrong"),
        "permission": _("no permission: %(actions)s") % {"actions": named},
        "plan": _("the support plan does not allow this API"),
        "not_found": _("AWS does not know this resource"),
        "invalid": _("AWS refused the request"),
        "malformed": _("AWS sent an answer that cannot be read"),
        "incomplete": _("AWS answered only in part"),
        "unsimulated": _("the simulated AWS does not know this call"),
        "stopped": _("polling stopped"),
        "budget": _("not read: today's budget for reading AWS is used up"),
    }.get(kind, _("reading failed"))


def missing(actions: tuple[str, ...], message: str) -> tuple[str, ...]:
    """Of the actions that a source needs, the one that was refused: an error's message begins with the service and
    the operation that was called. All of them when it names none."""
    operation = message.partition(":")[0].rpartition(" ")[2]
    return tuple(action for action in actions if action.endswith(f":{operation}")) or actions


_CLOCKS = re.compile(r"\(AWS clock (.+), our clock (.+)\)$")


def clocks(message: str) -> str:
    """Both clocks in the active language, where the error of a wrong clock tells them; else ""."""
    found = _CLOCKS.search(message)
    return (
        _("AWS's clock %(theirs)s, ours %(ours)s") % {"theirs": found[1], "ours": found[2]} if found else ""
    )


def retry_at(kind: str, failures: int, now: datetime, asked_at: datetime | None = None) -> datetime:
    """When to ask again after `failures` (1 or more) in a row; an instant AWS named is honoured.

    A missing permission or plan does not heal by asking: 15 minutes. Others double from 15 s to 5 min,
    from 60 s when AWS throttles us.
    """
    if kind in ASK_AGAIN_LATER:
        return now + timedelta(seconds=LATER_S)
    first = THROTTLED_BACK_OFF_S if kind == "throttled" else FIRST_BACK_OFF_S
    wait = min(first * 2 ** min(failures - 1, 10), LONGEST_BACK_OFF_S)
    return max(now + timedelta(seconds=wait), asked_at or now)
