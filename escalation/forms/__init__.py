"""What people type about an escalation."""

from escalation.forms._base import ActForm, Instant, area
from escalation.forms.acts import (
    AnswerForm,
    CaseForm,
    HandOverForm,
    LaneForm,
    NewCaseForm,
    ResolveForm,
    RestoredForm,
    SayForm,
    SeverityForm,
    WaitForm,
    WaitOverForm,
)
from escalation.forms.facts import FactsForm
from escalation.forms.opening import OpenForm

__all__ = [
    "ActForm",
    "AnswerForm",
    "CaseForm",
    "FactsForm",
    "HandOverForm",
    "Instant",
    "LaneForm",
    "NewCaseForm",
    "OpenForm",
    "ResolveForm",
    "RestoredForm",
    "SayForm",
    "SeverityForm",
    "WaitForm",
    "WaitOverForm",
    "area",
]
