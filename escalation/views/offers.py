"""Which acts a person is offered on an escalation as it stands, each with its form."""

from __future__ import annotations

from datetime import datetime

from escalation.models import Escalation
from escalation.views.act_table import ACTS, FIRST

MORE = "more"


def offers(request, escalation: Escalation, now: datetime, *, bound: dict, opened: str = "") -> dict:
    """The acts this person may take now; those behind "more" only when one of them is open or all are asked for.

    ``opened`` is the name of an act, or MORE. A form in ``bound`` (by name) replaces a fresh one and is open, even
    when its act does not fit any more, so that what was typed is not lost.
    """
    fitting, seen = [], set()
    for act in ACTS:
        fits = act.name in bound or act.fits(escalation, now)
        if act.name not in seen and act.needs in request.permissions and fits:
            seen.add(act.name)
            fitting.append(act)
    wanted = {opened, *bound}
    shows_all = any(MORE in wanted or (act.group != FIRST and act.name in wanted) for act in fitting)
    return {
        "offers": [
            {
                "act": act,
                "form": bound.get(act.name) or act.make(request, escalation),
                "is_open": act.name in wanted,
            }
            for act in fitting
            if shows_all or act.group == FIRST
        ],
        "has_more": not shows_all and any(act.group != FIRST for act in fitting),
    }
