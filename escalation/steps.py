"""How did an escalation get where it is? Its hops as steps: what each was, how long, what the customer heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from escalation import catalog, chain
from escalation.models import Communication, Escalation, Hop
from escalation.models.path import Reopening

OPENED, UP, JUMP, BACK, OWNER, LANE, AGAIN = "opened", "up", "jump", "back", "owner", "lane", "again"


@dataclass(frozen=True)
class Step:
    """One hop as it is told. Instants are aware UTC, `spent_s` whole seconds at the time of reading.

    ``kind`` is opened, up (the next level), jump (levels left out), back, owner (same level), lane or again
    (reopened). ``spent_s`` is None for a stay inside AWS that the reader may not time. ``told`` is the first update
    that the customer heard during the step; None: they were not told.
    """

    hop: Hop
    kind: str
    lane: dict[str, str]
    level: dict[str, str]
    from_lane: dict[str, str] | None
    from_level: dict[str, str] | None
    left_at: datetime | None
    spent_s: int | None
    told: Communication | None

    @property
    def is_told(self) -> bool:
        """Did the customer hear anything with or during this step?"""
        return self.told is not None


@dataclass(frozen=True)
class ChainLevel:
    """One level of the customer's management. ``state`` is now, done, left-out or later."""

    level: int
    label: dict[str, str]
    hint: dict[str, str]
    state: str
    owner: str = ""
    note: str = ""
    entered_at: datetime | None = None
    spent_s: int | None = None


def steps(
    escalation: Escalation,
    hops: Sequence[Hop],
    *,
    said: Sequence[Communication],
    rests: Sequence[Reopening],
    now: datetime,
) -> list[Step]:
    """The hops of the lanes in order; `said` are the updates, oldest first. Time after an end does not count."""
    found: list[Step] = []
    pairs = zip([None, *hops], hops, [*hops[1:], None], strict=False)
    for before, hop, after in pairs:
        left_at = _left_at(escalation, hop, after, rests)
        end = max(left_at or now, hop.entered_at)
        found.append(
            Step(
                hop=hop,
                kind=_kind(before, hop, rests),
                lane=_lane(hop.lane),
                level=_level(hop),
                from_lane=_lane(before.lane) if before else None,
                from_level=_level(before) if before else None,
                left_at=left_at,
                spent_s=None if hop.is_veiled else round((end - hop.entered_at).total_seconds()),
                told=_told(hop, after, said),
            )
        )
    return found


def management(escalation: Escalation, hops: Sequence[Hop], *, now: datetime) -> list[ChainLevel]:
    """The customer's own chain from the team lead upwards; `hops` are its hops in order."""
    end = escalation.resolved_at or now
    rows = []
    for row in chain.levels()[1:]:
        level = row["level"]
        stays = [
            (hop, (after.entered_at if after else end) - hop.entered_at)
            for hop, after in zip(hops, [*hops[1:], None], strict=False)
            if hop.level == level
        ]
        spent = sum((max(span, timedelta()) for _hop, span in stays), timedelta())
        last = stays[-1][0] if stays else None
        rows.append(
            ChainLevel(
                level=level,
                label=row["label"],
                hint=row["hint"],
                state=_chain_state(escalation, level, is_visited=bool(stays)),
                owner=last.owner_name if last else "",
                note=last.note if last else "",
                entered_at=stays[0][0].entered_at if stays else None,
                spent_s=round(spent.total_seconds()) if stays else None,
            )
        )
    return rows


def _left_at(
    escalation: Escalation, hop: Hop, after: Hop | None, rests: Sequence[Reopening]
) -> datetime | None:
    """When the step was over: at the next one, or at an end that came before it."""
    ends = [after.entered_at if after else escalation.resolved_at]
    ends += [rest.resolved_at for rest in rests if after and hop.entered_at <= rest.resolved_at]
    return min((end for end in ends if end is not None), default=None)


def _kind(before: Hop | None, hop: Hop, rests: Sequence[Reopening]) -> str:
    if before is None:
        return OPENED
    if any(rest.reopened_at == hop.entered_at for rest in rests):
        return AGAIN
    if hop.lane != before.lane:
        return LANE
    if hop.level == before.level:
        return OWNER
    if hop.level < before.level:
        return BACK
    return UP if hop.level == before.level + 1 else JUMP


def _told(hop: Hop, after: Hop | None, said: Sequence[Communication]) -> Communication | None:
    own = next((one for one in said if one.hop_id == hop.pk), None)
    if own is not None:
        return own
    until = after.entered_at if after else None
    within = (one for one in said if one.hop_id is None and hop.entered_at <= one.at)
    return next((one for one in within if until is None or one.at < until), None)


def _level(hop: Hop) -> dict[str, str]:
    return catalog.inside()["label"] if hop.is_veiled else catalog.level_label(hop.lane, hop.level)


def _lane(code: str) -> dict[str, str]:
    return catalog.lanes().get(code, {}).get("label") or {"en": code, "ko": code}


def _chain_state(escalation: Escalation, level: int, *, is_visited: bool) -> str:
    if level == escalation.management_level and escalation.is_open:
        return "now"
    if is_visited:
        return "done"
    return "left-out" if level < escalation.management_level else "later"
