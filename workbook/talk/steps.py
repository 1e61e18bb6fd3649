"""Which steps a section may take on its way from draft to accepted. Standard library only.

The way is the planning workbook's: draft, submitted, reviewed, accepted or returned.
"""

from __future__ import annotations

from dataclasses import dataclass

DRAFT, SUBMITTED, REVIEWED, ACCEPTED, RETURNED = "draft", "submitted", "reviewed", "accepted", "returned"


@dataclass(frozen=True)
class Step:
    """One step: from which states, to which, whether words must say why, and whether only a reviewer takes it."""

    key: str
    of: tuple[str, ...]
    to: str
    is_reviewers: bool
    needs_words: bool = False


STEPS = {
    step.key: step
    for step in (
        Step("submit", (DRAFT, RETURNED, REVIEWED, ACCEPTED), SUBMITTED, is_reviewers=False),
        Step("withdraw", (SUBMITTED,), DRAFT, is_reviewers=False),
        Step("review", (SUBMITTED,), REVIEWED, is_reviewers=True),
        Step("accept", (SUBMITTED, REVIEWED, ACCEPTED), ACCEPTED, is_reviewers=True),
        Step("return", (SUBMITTED, REVIEWED, ACCEPTED), RETURNED, is_reviewers=True, needs_words=True),
    )
}
#: After these states a later edit is shown as "changed since".
SEEN_BY_REVIEWER = (REVIEWED, ACCEPTED)


def possible(state: str, *, is_changed: bool, is_reviewer: bool) -> list[Step]:
    """The steps that make sense now; a section that was seen needs no second look unless it changed."""
    return [
        step
        for step in STEPS.values()
        if state in step.of and step.is_reviewers == is_reviewer and not _is_idle(step, state, is_changed)
    ]


def _is_idle(step: Step, state: str, is_changed: bool) -> bool:
    if is_changed:
        return False
    return (step.key == "submit" and state in SEEN_BY_REVIEWER) or (step.to == state)
