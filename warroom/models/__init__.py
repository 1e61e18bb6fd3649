"""What the war room keeps: the runbook, what AWS said, and what people were told."""

from warroom.models.gameday import GameDay
from warroom.models.noise import ExpectedAlarm, HealthMute
from warroom.models.people import Handover, RollAnswer, RollCall, RollRule
from warroom.models.polling import PollPulse, PollTarget
from warroom.models.room import StatusUpdate, WarRoom
from warroom.models.runbook import Runbook
from warroom.models.running import GateRound, GateVote, RunbookEntry, RunbookVersion
from warroom.models.setup import (
    AccountProbe,
    AccountSetup,
    EventDoor,
    InboundEvent,
    IssuedExternalId,
    PollBudget,
)
from warroom.models.steps import Step
from warroom.models.telemetry import (
    AlarmChange,
    AlarmState,
    HealthEvent,
    HealthWord,
    MetricPoint,
    MetricSeries,
    QuotaUse,
)
from warroom.models.wall import BoardLayout, CriterionLine, MetricListing, WallLink, WallVisit
from warroom.models.words import Announcement, EntryMark, StakeholderLink, UpdateDraft

__all__ = [
    "AccountProbe",
    "AccountSetup",
    "AlarmChange",
    "AlarmState",
    "Announcement",
    "BoardLayout",
    "CriterionLine",
    "EntryMark",
    "EventDoor",
    "ExpectedAlarm",
    "GameDay",
    "GateRound",
    "GateVote",
    "Handover",
    "HealthEvent",
    "HealthMute",
    "HealthWord",
    "InboundEvent",
    "IssuedExternalId",
    "MetricListing",
    "MetricPoint",
    "MetricSeries",
    "PollBudget",
    "PollPulse",
    "PollTarget",
    "QuotaUse",
    "RollAnswer",
    "RollCall",
    "RollRule",
    "Runbook",
    "RunbookEntry",
    "RunbookVersion",
    "StakeholderLink",
    "StatusUpdate",
    "Step",
    "UpdateDraft",
    "WallLink",
    "WallVisit",
    "WarRoom",
]
