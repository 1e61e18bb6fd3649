"""What the lists of the forms of one escalation offer."""

from __future__ import annotations

from django.utils.translation import get_language

from engagements.access import AWS_ROLES
from escalation import catalog, chain
from escalation.models import Escalation, reference_of


def levels_of(request, escalation: Escalation) -> list[tuple[int, str]]:
    """The levels this person may set: those inside AWS are for AWS's people."""
    language = get_language() or "en"
    is_aws = request.role in AWS_ROLES or request.user.is_aws
    return [
        (level["level"], f"{level['level'] + 1} · {level['label'].get(language) or level['label']['en']}")
        for level in catalog.lanes()[escalation.lane]["levels"]
        if is_aws or not catalog.is_internal(level["level"])
    ]


def others_of(request, escalation: Escalation) -> list[tuple[int, str]]:
    """The other escalations of the engagement by number, open ones first. One query a request."""
    if not hasattr(request, "escalation_others"):
        rows = Escalation.objects.filter(engagement=request.engagement).exclude(pk=escalation.pk)
        found = rows.order_by("-number").values_list("number", "title", "resolved_at")[:200]
        request.escalation_others = [
            (number, f"{reference_of(number)} {title}")
            for number, title, _ended in sorted(found, key=lambda row: row[2] is not None)
        ]
    return request.escalation_others


def chain_above(_request, escalation: Escalation) -> list[tuple[int, str]]:
    """The present level of the customer's management and those above it."""
    least = max(escalation.management_level, 1)
    return [(row["level"], catalog.in_words(row["label"])) for row in chain.levels() if row["level"] >= least]


def chain_below(_request, escalation: Escalation) -> list[tuple[int, str]]:
    """The levels of the customer's management below the present one, nobody among them."""
    most = escalation.management_level
    return [(row["level"], catalog.in_words(row["label"])) for row in chain.levels() if row["level"] < most]
