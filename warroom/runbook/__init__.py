"""What people do to a runbook: make and approve it, run its steps, decide its gates, turn back, change the plan.

Every verb compares a version, holds successors back, dates what happened apart from when it was entered, and
writes one line into the log and on the timeline, all in one transaction.
"""

from warroom.runbook._base import (
    TILES,
    RunbookConflict,
    StepConflict,
    StepError,
    find,
    planned_start,
    runbook_of,
)
from warroom.runbook.editing import add_step, delete_step, move_step, set_cell
from warroom.runbook.gates import ask_gate, decide_gate, open_round, overdue, vote
from warroom.runbook.heading import change_header, set_stream
from warroom.runbook.life import (
    abort_run,
    approve,
    complete,
    content_of,
    make_ready,
    open_version,
    pause,
    resume,
    send_back,
    start_run,
    submit,
)
from warroom.runbook.making import create_runbook, rehearse
from warroom.runbook.stopping import (
    approve_skip,
    block_step,
    call_gate,
    fail_step,
    refuse_skip,
    reopen_step,
    retry_step,
    skip_step,
    stop_stream,
    unblock_step,
    work_around_step,
)
from warroom.runbook.turning import call_rollback, choose_after, durations, may_call
from warroom.runbook.working import add_evidence, finish_step, note_step, start_step

__all__ = [
    "TILES",
    "RunbookConflict",
    "StepConflict",
    "StepError",
    "abort_run",
    "add_evidence",
    "add_step",
    "approve",
    "approve_skip",
    "ask_gate",
    "block_step",
    "call_gate",
    "call_rollback",
    "change_header",
    "choose_after",
    "complete",
    "content_of",
    "create_runbook",
    "decide_gate",
    "delete_step",
    "durations",
    "fail_step",
    "find",
    "finish_step",
    "make_ready",
    "may_call",
    "move_step",
    "note_step",
    "open_round",
    "open_version",
    "overdue",
    "pause",
    "planned_start",
    "refuse_skip",
    "rehearse",
    "reopen_step",
    "resume",
    "retry_step",
    "runbook_of",
    "send_back",
    "set_cell",
    "set_stream",
    "skip_step",
    "start_run",
    "start_step",
    "stop_stream",
    "submit",
    "unblock_step",
    "vote",
    "work_around_step",
]
