"""What went wrong with AWS, in words a customer can act on: which permission is missing, what to wait for."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

#: How IAM calls the services whose API names differ. Source: AWS Service Authorization Reference.
IAM_PREFIX = {
    "service-quotas": "servicequotas",
    "resourcegroupstaggingapi": "tag",
    "elbv2": "elasticloadbalancing",
}
_ACTION = re.compile(r"\b([a-z][a-z0-9-]*:[A-Z][A-Za-z]+)\b")
_CALL = re.compile(r"([a-z0-9-]+) ([A-Z][A-Za-z]+):")


def words(kind: str, message: str, service: str = "") -> str:
    """The fault in the active language; manual entry goes on in any case."""
    return {
        "throttled": _("AWS is throttling us. Press again in a minute."),
        "transient": _("AWS answered with an error. Press again in a minute."),
        "timeout": _("AWS did not answer in time. Press again in a minute."),
        "auth": _("AWS does not accept the portal's credentials."),
        "expired": _("The portal's session ended and could not be renewed. Press again."),
        "clock": _("The clock of this server is wrong, so AWS refuses what it signs."),
        "permission": _("The role lacks the permission %(action)s.") % {"action": action(message)},
        "plan": _("The support plan of this account does not include this API."),
        "not_found": _("AWS does not know %(service)s here.") % {"service": service},
        "invalid": _("AWS refused the question: %(words)s") % {"words": _said(message)},
        "malformed": _("AWS sent an answer that cannot be read. Press again in a minute."),
        "incomplete": _("AWS answered only in part. Press again in a minute."),
        "unsimulated": _("The simulated AWS does not know this call."),
        "switched_off": _("Requests to AWS are switched off in this portal."),
        "consent": _("The customer has not agreed to requests from the portal yet."),
        "gone": _("The account or the section is no longer part of the event."),
    }.get(kind, _("Reading failed."))


def action(message: str) -> str:
    """The IAM action that is missing: as AWS names it, else made from the call that failed."""
    call = _CALL.match(message)
    named = _ACTION.search(message.removeprefix(call[0]) if call else message)
    if named:
        return named[1]
    return f"{IAM_PREFIX.get(call[1], call[1])}:{call[2]}" if call else _("that it needs")


def _said(message: str) -> str:
    """AWS's own words, without the name of the call."""
    call = _CALL.match(message)
    return (message.removeprefix(call[0]) if call else message).strip()[:300]
