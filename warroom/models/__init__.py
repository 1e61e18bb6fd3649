"""What the war room keeps: the runbook, what AWS said, and what people were told."""

from warroom.models.polling import PollTarget
from warroom.models.room import StatusUpdate, WarRoom
from warroom.models.runbook import Runbook
from warroom.models.running import GateRound, GateVote, RunbookEntry, RunbookVersion
from warroom.models.steps import Step
from warroom.models.telemetry import AlarmState, HealthEvent, MetricPoint, MetricSeries

__all__ = [
    "AlarmState",
    "GateRound",
    "GateVote",
    "HealthEvent",
    "MetricPoint",
    "MetricSeries",
    "PollTarget",
    "Runbook",
    "RunbookEntry",
    "RunbookVersion",
    "StatusUpdate",
    "Step",
    "WarRoom",
]
