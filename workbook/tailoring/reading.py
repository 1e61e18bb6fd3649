"""What the page about the sections of an engagement shows."""

from __future__ import annotations

from dataclasses import dataclass

from engagements.models import Engagement
from workbook import editions, presets
from workbook.catalogue import Section
from workbook.models import SectionSwitch
from workbook.tailoring.switching import ALWAYS_ON


@dataclass(frozen=True)
class Line:
    """One section: whether it is asked, by the type of event or by a person, and what the preset says of it."""

    section: Section
    is_on: bool
    is_usual: bool
    switch: SectionSwitch | None
    is_emphasised: bool
    is_light: bool

    @property
    def is_fixed(self) -> bool:
        """Whether nobody can take it out."""
        return self.section.key in ALWAYS_ON


def lines(engagement: Engagement, begun: editions.Started) -> list[Line]:
    """Every section of the template in order. One query."""
    current = {
        switch.section: switch
        for switch in SectionSwitch.objects.filter(engagement=engagement, ended_at=None)
    }
    preset = presets.of(engagement.event_type)
    return [
        Line(
            section=section,
            is_on=begun.switched.get(section.key, section.is_for(engagement.event_type)),
            is_usual=section.is_for(engagement.event_type),
            switch=current.get(section.key),
            is_emphasised=section.key in preset.emphasised,
            is_light=section.key in preset.light,
        )
        for section in editions.every(engagement, begun)
    ]
