"""What people type about an escalation."""

from escalation.forms._base import ActForm, Instant, area
from escalation.forms.acts import (
    AcknowledgeForm,
    AnswerForm,
    AskForm,
    CaseForm,
    HandOverForm,
    LaneForm,
    NewCaseForm,
    ResolveForm,
    RestoredForm,
    SayForm,
    SeverityForm,
    SnoozeForm,
    WaitForm,
    WaitOverForm,
)
from escalation.forms.facts import FactsForm
from escalation.forms.family import (
    ChainBackForm,
    ChainForm,
    FollowForm,
    MergeForm,
    OtherForm,
    ReopenForm,
    SplitForm,
    StartLaneForm,
    UnlinkForm,
)
from escalation.forms.opening import OpenForm

__all__ = [
    "AcknowledgeForm",
    "ActForm",
    "AnswerForm",
    "AskForm",
    "CaseForm",
    "ChainBackForm",
    "ChainForm",
    "FactsForm",
    "FollowForm",
    "HandOverForm",
    "Instant",
    "LaneForm",
    "MergeForm",
    "NewCaseForm",
    "OpenForm",
    "OtherForm",
    "ReopenForm",
    "ResolveForm",
    "RestoredForm",
    "SayForm",
    "SeverityForm",
    "SnoozeForm",
    "SplitForm",
    "StartLaneForm",
    "UnlinkForm",
    "WaitForm",
    "WaitOverForm",
    "area",
]
