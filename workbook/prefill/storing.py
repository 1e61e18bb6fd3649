"""Turns what AWS said into open suggestions: the newest reading stands, and nobody is asked twice the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from engagements.models import Engagement
from iem_portal.accounts.actors import SYSTEM_POLLER
from workbook import types
from workbook.catalogue import Field, Section
from workbook.models import Cell, Row, Suggestion
from workbook.prefill.proposals import Place, Proposal
from workbook.types import InvalidValue, Setting

State, Source = Suggestion.State, Suggestion.Source
Spot = tuple[int | None, str, str]


@dataclass(frozen=True)
class _Wish:
    """One value for one cell; a fact may replace what stands there."""

    spec: Field
    table: str
    row: int | None
    new_row: str
    value: Any
    is_fact: bool
    origin: str

    @property
    def spot(self) -> Spot:
        """The cell that is meant."""
        return (self.row, self.new_row, self.spec.key)


def store(
    *,
    engagement: Engagement,
    section: Section,
    place: Place,
    reader: str,
    proposals: list[Proposal],
    now: datetime,
) -> int:
    """Keep the suggestions of one answer in the caller's transaction; how many there are now. Seven queries.

    A value that the cell holds already is none, one that was declined before is not asked again, and an older
    reading of the same cell gives way to this one.
    """
    wishes = list(_wishes(engagement, section, proposals, reader))
    rows = {wish.row for wish in wishes if wish.row}
    live = set(
        Row.objects.select_for_update(no_key=True)
        .filter(pk__in=rows, engagement=engagement, deleted_at=None)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    cells = _cells(live)
    open_ones, declined = _earlier(
        engagement, section, live, {wish.new_row for wish in wishes if wish.new_row}
    )
    wanted = [
        wish
        for wish in wishes
        if _is_asked(wish, live, cells) and (*wish.spot, _frozen(wish.value)) not in declined
    ]
    # Everything older about the same cells and the same new rows gives way, also what AWS no longer says.
    spots = {wish.spot for wish in wishes}
    old = [one.pk for one in open_ones if (one.row_id, one.new_row, one.field) in spots]
    Suggestion.objects.filter(pk__in=old, state=State.OPEN).update(
        state=State.SUPERSEDED, decided_at=now, decided_by_name=SYSTEM_POLLER.name
    )
    Suggestion.objects.bulk_create(
        _suggestion(engagement, section, place, wish, cells, now) for wish in wanted
    )
    return len(wanted)


def _wishes(engagement: Engagement, section: Section, proposals: list[Proposal], reader: str):
    """Every value that its field takes; what AWS says in another way than the field asks is left out."""
    setting = Setting.of(engagement)
    for proposal in proposals:
        for key, raw in proposal.values.items():
            spec = section.field(key)
            if spec is None or spec.is_formula or spec.bound or not spec.is_asked_of(engagement.event_type):
                continue
            value = _cleaned(spec, raw, setting)
            if value is None:
                continue
            yield _Wish(
                spec=spec,
                table=section.table_of[key].key,
                row=proposal.row,
                new_row=proposal.new_row,
                value=value,
                is_fact=key in proposal.facts,
                origin=proposal.origins.get(key, reader),
            )


def _cleaned(spec: Field, raw, setting: Setting):
    try:
        return types.clean(spec, raw, setting)
    except InvalidValue:
        return None


def _cells(rows: set[int]) -> dict[tuple[int, str], Cell]:
    return {(cell.row_id, cell.field): cell for cell in Cell.objects.filter(row__in=rows)}


def _earlier(engagement, section: Section, rows: set[int], groups: set[str]) -> tuple[list, set]:
    """AWS's open suggestions about these rows, and the values that somebody declined before."""
    about = Q(row__in=rows) | Q(new_row__in=groups)
    mine = Suggestion.objects.filter(
        about, engagement=engagement, section=section.key, source=Source.AWS,
        state__in=[State.OPEN, State.DECLINED],
    )  # fmt: skip
    found = list(mine)
    open_ones = [one for one in found if one.state == State.OPEN]
    declined = {
        (one.row_id, one.new_row, one.field, _frozen(one.value))
        for one in found
        if one.state == State.DECLINED
    }
    return open_ones, declined


def _frozen(value):
    return repr(value)


def _is_asked(wish: _Wish, live: set[int], cells: Mapping[tuple[int, str], Cell]) -> bool:
    """Whether the value would be news: nothing stands there, or a figure that is not AWS's any more."""
    if wish.row is None:
        return True
    cell = cells.get((wish.row, wish.spec.key))
    held = cell.value if cell else None
    return wish.row in live and (held is None or (wish.is_fact and held != wish.value))


def _suggestion(engagement, section: Section, place: Place, wish: _Wish, cells, now: datetime) -> Suggestion:
    cell = cells.get((wish.row, wish.spec.key)) if wish.row else None
    return Suggestion(
        engagement=engagement,
        section=section.key,
        table=wish.table,
        row_id=wish.row,
        new_row=wish.new_row,
        field=wish.spec.key,
        value=wish.value,
        base_version=cell.version if cell else 0,
        source=Source.AWS,
        by_name=SYSTEM_POLLER.name,
        made_at=now,
        origin=wish.origin,
        account_id=place.account_id,
        region=place.region,
    )
