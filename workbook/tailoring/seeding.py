"""Adds the rows of the event type's preset, each once for an engagement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db import transaction

from engagements import timeline
from engagements.models import Engagement
from iem_portal.templatetags.portal import pick
from workbook import announcing, presets, rows, types
from workbook.catalogue import SHEET, Section, Table
from workbook.models import PresetUse, Row
from workbook.presets import PresetRow


@dataclass(frozen=True)
class Offer:
    """A preset row that can still be added, and the table it goes into."""

    section: Section
    table: Table
    row: PresetRow

    @property
    def title(self) -> str:
        """What the row would be called, in the active language."""
        return pick(self.row.values.get(self.table.title, ""))


def offers(engagement: Engagement, sections: Iterable[Section]) -> list[Offer]:
    """The rows of the preset that were never added and whose table the workbook has, in order. One query."""
    used = set(PresetUse.objects.filter(engagement=engagement).values_list("key", flat=True))
    known = {section.key: section for section in sections}
    found = []
    for row in presets.of(engagement.event_type).rows:
        section = known.get(row.section)
        table = section.table(row.table) if section else None
        if row.key not in used and table and table.kind == SHEET:
            found.append(Offer(section, table, row))
    return found


def add_rows(
    *, engagement: Engagement, sections: list[Section], keys: Iterable[str] | None = None, by, now: datetime
) -> list[Row]:
    """Add the rows of the preset (only these keys, or all), their words in the active language.

    A row that was added before is left out, deleted or not; two people at once add each row once.
    """
    wanted = None if keys is None else set(keys)
    with transaction.atomic():
        # Whoever comes second waits here, and then sees what the first one added.
        Engagement.objects.select_for_update(no_key=True).get(pk=engagement.pk)
        chosen = [
            offer for offer in offers(engagement, sections) if wanted is None or offer.row.key in wanted
        ]
        made: list[Row] = []
        for _place, group in groupby(chosen, key=lambda offer: (offer.section.key, offer.table.key)):
            made += _add(engagement, sections, list(group), by, now)
        if made:
            params = {"count": len(made)}
            timeline.record(engagement, "workbook.preset_rows", by=by, now=now, params=params)
            announcing.changed(engagement, *{row.section for row in made}, now=now)
    return made


def _add(engagement, sections: list[Section], group: list[Offer], by, now: datetime) -> list[Row]:
    """The rows of one table; a later table's references find the rows of an earlier one."""
    section, table = group[0].section, group[0].table
    setting = types.Setting.of(engagement, sections)
    values = [
        rows.defaults(engagement, table, setting) | _stored(engagement, offer, setting) for offer in group
    ]
    made = rows.add_many(engagement=engagement, section=section, table=table, values=values, by=by, now=now)
    PresetUse.objects.bulk_create(
        PresetUse(
            engagement=engagement, key=offer.row.key, row_id=row.pk, added_at=now, added_by_name=by.name
        )
        for offer, row in zip(group, made, strict=True)
    )
    return made


def _stored(engagement: Engagement, offer: Offer, setting: types.Setting) -> dict:
    """The values of a preset row as they are kept. A template of one's own may lack a field."""
    fields = offer.table.by_key
    return {
        key: types.clean(fields[key], pick(value), setting)
        for key, value in offer.row.values.items()
        if key in fields and not fields[key].is_formula and fields[key].is_asked_of(engagement.event_type)
    }
