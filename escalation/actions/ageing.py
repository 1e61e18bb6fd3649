"""Who raises what lies too long at a severity, where the rule says that nobody needs to be asked?"""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction

from escalation import ageing, timing
from escalation.actions._base import lock
from escalation.actions.severity import set_severity
from escalation.models import Escalation
from iem_portal.accounts.actors import SYSTEM_CLOCK

logger = logging.getLogger(__name__)


@transaction.atomic
def raise_by_age(*, escalation: Escalation, now: datetime, by=SYSTEM_CLOCK) -> bool:
    """Set the severity that its age proposes; False when it is not time (any more), or the rule only proposes."""
    escalation = lock(escalation)
    if not escalation.is_open:
        return False
    timing.settle(escalation, now=now)
    found = ageing.proposal(escalation)
    if found is None or not found.is_automatic or not found.is_due(now):
        return False
    params = {"minutes": found.minutes}
    set_severity(escalation, found.severity, reason="", phrase="raised_by_age", params=params, by=by, now=now)
    return True


def raise_aged(now: datetime) -> int:
    """Raise everything whose time has come; how many. Called every minute; two callers at once raise nothing twice."""
    return sum(_raise(one, now) for one in ageing.aged(now).iterator(chunk_size=500))


def _raise(escalation: Escalation, now: datetime) -> bool:
    try:
        return raise_by_age(escalation=escalation, now=now)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # One that cannot be raised must not keep the others where they are.
        logger.exception("the severity of escalation %s cannot be raised; it is tried again", escalation.pk)
        return False
