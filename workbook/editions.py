"""Which version of which section an engagement works with."""

from datetime import datetime

from engagements.models import Engagement
from workbook import catalogue
from workbook.catalogue import Field, Section, Table
from workbook.models import SectionStart


def started(engagement: Engagement) -> dict[str, int]:
    """The version of every section in which something was saved. One query."""
    return dict(SectionStart.objects.filter(engagement=engagement).values_list("section", "version"))


def sections(engagement: Engagement) -> list[Section]:
    """The sections of this engagement, in order, each in the version it keeps. One query."""
    return catalogue.sections(started(engagement), engagement.event_type)


def section(engagement: Engagement, key: str) -> Section | None:
    """One section in the version the engagement keeps; None when its workbook has no such section."""
    return next((found for found in sections(engagement) if found.key == key.lower()), None)


def start(engagement: Engagement, found: Section, now: datetime) -> None:
    """Keep this version for the engagement from now on; a section that has started stays as it is."""
    SectionStart.objects.get_or_create(
        engagement=engagement, section=found.key, defaults={"version": found.version, "started_at": now}
    )


def asked_fields(table: Table, event_type: str) -> list[Field]:
    """The fields of a table that matter for this type of event."""
    return [field for field in table.fields if field.is_asked_of(event_type)]
