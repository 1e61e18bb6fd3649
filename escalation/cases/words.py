"""What went wrong with AWS Support, in words that say what to do; everything also works by hand."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

_CALL = re.compile(r"^support ([A-Za-z]+): ?")
#: CreateCase's own limit. Source: AWS Support quotas, ten cases an hour for an account.
TOO_MANY_CASES = "CaseCreationLimitExceeded"


def fault(kind: str, message: str = "", code: str = "") -> str:
    """A failure of the Support API in the active language; "" for none."""
    if not kind:
        return ""
    if code == TOO_MANY_CASES:
        return _("AWS takes ten cases an hour from an account, and has them. Open it in the Support Center.")
    return {
        "throttled": _("AWS is throttling us."),
        "transient": _("AWS answered with an error."),
        "timeout": _("AWS did not answer in time."),
        "auth": _("AWS does not accept the portal's credentials."),
        "expired": _("The portal's session ended and could not be renewed."),
        "clock": _("The clock of this server is wrong, so AWS refuses what it signs."),
        "permission": _("The role lacks the permission %(action)s.") % {"action": _action(message)},
        "plan": _("The support plan of this account does not include the Support API."),
        "not_found": _("AWS knows no such case in this account."),
        "invalid": _("AWS refused it: %(words)s") % {"words": _CALL.sub("", message)[:300]},
        "malformed": _("AWS sent an answer that cannot be read."),
        "incomplete": _("AWS answered only in part."),
        "unsimulated": _("The simulated AWS does not know this call."),
        "switched_off": _("Writing to AWS is switched off in this portal."),
        "consent": _("The customer has not agreed yet that the portal writes to AWS."),
        "lost": _("AWS never took it, although it was sent three times."),
        "account": _("The account is not part of this event any more."),
    }.get(kind, _("Something went wrong."))


def _action(message: str) -> str:
    """The IAM action of the call that failed."""
    call = _CALL.match(message)
    return f"support:{call[1]}" if call else "support:*"
