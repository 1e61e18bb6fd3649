"""Which version of each section an engagement works with.

An engagement keeps the version of its template from its opening, or from its first saved cell. A section
whose newer version was taken stands on its own in ``SectionStart``. Which sections it has at all, its type of
event says, and above that a person (``SectionSwitch``).
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection

from engagements.models import Engagement
from workbook import catalogue
from workbook.catalogue import Field, Section, Table
from workbook.models import SectionStart, SectionSwitch
from workbook.publishing import loading
from workbook.publishing.loading import Reference

#: Stand in place of a template in the lines about sections that a person put in or took out.
_ON, _OFF = "+", "-"


class Started(dict[str, Reference]):
    """Template and version of each section, by its key; ``switched`` holds what a person put in or took out."""

    def __init__(self):
        super().__init__()
        self.switched: dict[str, bool] = {}


def started(engagement: Engagement) -> Started:
    """Which version of a section each of the sections has that were begun or taken anew. One query."""
    return started_of([engagement])[engagement.pk]


def started_of(engagements: Iterable[Engagement]) -> dict[int, Started]:
    """The same for many engagements, by primary key. One query, for every page of a workbook asks."""
    found = {engagement.pk: Started() for engagement in engagements}
    for pk, key, template, version in _lines(list(found)):
        if template in {_ON, _OFF}:
            found[pk].switched[key] = template == _ON
        else:
            found[pk][key] = Reference(template, version)
    return found


def _lines(engagements: list[int]) -> list[tuple[int, str, str, int]]:
    """Engagement, section, template and version of every start, and the current switches in the same shape.

    In plain SQL: every page and every saved cell asks, and Django takes ten times longer to word this UNION than
    the database to answer it.
    """
    if not engagements:
        return []
    places = ", ".join(["%s"] * len(engagements))
    starts, switches = (
        connection.ops.quote_name(model._meta.db_table) for model in (SectionStart, SectionSwitch)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT engagement_id, section, template, version FROM {starts}"  # noqa: S608 — our own names only
            f" WHERE engagement_id IN ({places})"
            f" UNION ALL SELECT engagement_id, section, CASE WHEN is_on THEN '{_ON}' ELSE '{_OFF}' END, 0"
            f" FROM {switches} WHERE engagement_id IN ({places}) AND ended_at IS NULL",
            [*engagements, *engagements],
        )
        return cursor.fetchall()


def frozen(engagement: Engagement) -> Reference:
    """The version of the template that the engagement keeps; the newest standard one before its first cell."""
    return Reference.read(engagement.workbook_version) or loading.standard()


def sections(engagement: Engagement) -> list[Section]:
    """The sections of this engagement, in order, each in the version it keeps. One query."""
    return chosen([engagement], {engagement.pk: started(engagement)})[engagement.pk]


def chosen(engagements: Iterable[Engagement], begun: dict[int, Started]) -> dict[int, list[Section]]:
    """The sections of many engagements, by primary key; ``begun`` is what :func:`started_of` gives.

    No query for templates that this process has met, else one.
    """
    wanted = list(engagements)
    known = loading.many(
        {frozen(engagement) for engagement in wanted}
        | {
            reference
            for each in begun.values()
            for reference in each.values()
            if reference.template != loading.STANDARD
        }
    )
    return {
        engagement.pk: [
            section
            for section in _versions(known[frozen(engagement)], begun[engagement.pk])
            if begun[engagement.pk].switched.get(section.key, section.is_for(engagement.event_type))
        ]
        for engagement in wanted
    }


def every(engagement: Engagement, begun: Started) -> list[Section]:
    """Every section of the engagement's template, asked or not, in order. No query, or one like ``chosen``."""
    return _versions(loading.sections(frozen(engagement)), begun)


def _versions(base: dict[str, Section], begun: Started) -> list[Section]:
    kept = {
        key: loading.section(reference.template, key, reference.number) for key, reference in begun.items()
    }
    both = base | {key: section for key, section in kept.items() if section}
    return list(catalogue.in_order(both).values())


def section(engagement: Engagement, key: str) -> Section | None:
    """One section in the version the engagement keeps; None when its workbook has no such section."""
    return next((found for found in sections(engagement) if found.key == key.lower()), None)


def retired_fields(engagement: Engagement, found: Section) -> dict[str, Field]:
    """Fields that earlier versions of a section asked and this one does not. One query at most."""
    older = loading.older(frozen(engagement).template, found)
    fields = {field.key: field for each in reversed(older) for table in each.tables for field in table.fields}
    return {key: field for key, field in fields.items() if found.field(key) is None}


def freeze(engagement: Engagement, reference: Reference | None = None) -> Reference:
    """Keep a version of a template (the newest standard one) for the engagement, unless it keeps one already."""
    if not engagement.workbook_version:
        wanted = str(reference or loading.standard())
        changed = Engagement.objects.filter(pk=engagement.pk, workbook_version="").update(
            workbook_version=wanted
        )
        engagement.workbook_version = wanted
        if not changed:
            engagement.refresh_from_db(fields=["workbook_version"])
    return frozen(engagement)


def start(engagement: Engagement, found: Section, now: datetime) -> None:
    """Keep this version for the engagement from now on; a section that has started stays as it is."""
    template = freeze(engagement).template
    SectionStart.objects.get_or_create(
        engagement=engagement,
        section=found.key,
        defaults={"template": template, "version": found.version, "started_at": now},
    )


def asked_fields(table: Table, event_type: str) -> list[Field]:
    """The fields of a table that matter for this type of event."""
    return [field for field in table.fields if field.is_asked_of(event_type)]
